#include <charconv>

#include "claim/rule_json.h"

namespace recoup::claim {
namespace {

// Which of the words stands there.
template <typename Enum, std::size_t N>
Enum read_word(JsonReader& in, const char* place, const std::array<const char*, N>& words) {
  const std::string text = in.text(place);
  for (std::size_t i = 0; i < N; ++i) {
    if (text == words[i]) return static_cast<Enum>(i);
  }
  in.refuse(place, "one of its words");
  return Enum{};
}

// "500", "5xx", "500-503".
core::StatusRange read_status(JsonReader& in) {
  const std::string text = in.text("");
  const auto number = [](std::string_view digits) {
    int value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return problem == std::errc() && end == digits.data() + digits.size() ? value : 0;
  };
  const std::string_view whole = text;
  core::StatusRange range{number(whole), number(whole)};
  if (whole.size() == 3 && whole.ends_with("xx")) {
    range.first = 100 * number(whole.substr(0, 1));
    range.last = range.first + 99;
  } else if (const auto dash = whole.find('-'); dash != std::string_view::npos) {
    range = {number(whole.substr(0, dash)), number(whole.substr(dash + 1))};
  }
  if (range.first < 100 || range.last > 999) in.refuse("", "a status");
  return range;
}

core::NoAnswer read_reason(JsonReader& in) {
  const auto outcome = core::parse_outcome(in.text(""));
  if (outcome) {
    if (const auto* failed = std::get_if<core::Failed>(&*outcome)) return failed->reason;
  }
  in.refuse("", "a reason why there was no answer");
  return core::NoAnswer::other;
}

core::ErrorRule read_error(JsonReader& in) {
  core::ErrorRule error;
  error.needs_request_id = in.text("/rule/error/needs_request_id");
  in.each("/rule/error/status", [&](JsonReader& e) { error.statuses.push_back(read_status(e)); });
  in.each("/rule/error/name", [&](JsonReader& e) { error.names.push_back(e.text("")); });
  if (!in.is_null("/rule/error/no_answer_within")) {
    error.no_answer_within = in.seconds("/rule/error/no_answer_within");
  }
  if (in.has("/rule/error/any_status_but")) {
    in.each("/rule/error/any_status_but",
            [&](JsonReader& e) { error.all_but.push_back(read_status(e)); });
  }
  if (in.has("/rule/error/or_name")) error.or_names = in.texts("/rule/error/or_name");
  if (in.has("/rule/error/slower_than")) {
    error.slower_than = in.duration("/rule/error/slower_than");
  }
  if (in.has("/rule/error/no_answer")) {
    in.each("/rule/error/no_answer",
            [&](JsonReader& e) { error.no_answer.push_back(read_reason(e)); });
  }
  return error;
}

core::Formula read_formula(JsonReader& in) {
  const std::string family = in.text("/rule/formula/family");
  if (family == "mean-of-intervals") {
    const bool left_out = in.text("/rule/formula/silent") == "left-out";
    return core::MeanOfIntervals{in.minutes("/rule/formula/interval"),
                                 left_out ? core::Silent::left_out : core::Silent::available};
  }
  if (family == "downtime-runs") {
    return core::DowntimeRuns{in.threshold("/rule/formula/error_rate_above"),
                              in.minutes("/rule/formula/at_least"),
                              in.number("/rule/formula/minimum_requests")};
  }
  if (family == "bad-windows") {
    core::BadWindows windows{in.minutes("/rule/formula/window"),
                             in.threshold("/rule/formula/error_rate_above")};
    if (in.has("/rule/formula/at_least")) windows.at_least = in.minutes("/rule/formula/at_least");
    return windows;
  }
  if (family == "all-failed") {
    core::AllFailed all{in.minutes("/rule/formula/interval")};
    if (in.has("/rule/formula/minimum_requests")) {
      all.minimum_requests = in.number("/rule/formula/minimum_requests");
    }
    return all;
  }
  if (family != "ratio") in.refuse("/rule/formula/family", "a family of formula");
  core::RequestRatio ratio;
  if (in.has("/rule/formula/repeats_within")) {
    ratio.repeats = in.minutes("/rule/formula/repeats_within");
  }
  return ratio;
}

core::Tier read_tier(JsonReader& in) {
  core::Tier tier;
  tier.below = in.percent("/below");
  if (!in.is_null("/at_least")) tier.at_least = in.percent("/at_least");
  tier.credit = in.percent("/percent");
  return tier;
}

std::optional<core::Money> read_minimum(JsonReader& in) {
  if (in.is_null("/rule/minimum_credit")) return std::nullopt;
  return core::Money{in.decimal("/rule/minimum_credit/more_than"),
                     in.text("/rule/minimum_credit/currency")};
}

std::optional<core::Deadline> read_deadline(JsonReader& in) {
  constexpr int kMost = 1000;
  if (in.is_null("/rule/deadline")) return std::nullopt;
  return core::Deadline{in.small("/rule/deadline/literal", 0, kMost),
                        in.small("/rule/deadline/safe", 0, kMost),
                        read_word<core::DeadlineFrom>(in, "/rule/deadline/from", kDeadlineFrom)};
}

std::vector<core::Clause> read_clauses(JsonReader& in, const char* place) {
  std::vector<core::Clause> clauses;
  in.each(place, [&](JsonReader& one) {
    clauses.push_back({one.text("/name"), one.text("/text")});
  });
  return clauses;
}

// Where the terms were read.
void read_sources(JsonReader& in, core::Version& version) {
  if (in.has("/rule/source_read")) version.source_read = in.text("/rule/source_read");
  if (!in.has("/rule/sources")) return;
  in.each("/rule/sources", [&](JsonReader& one) {
    version.sources[one.text("/term")] = {one.text("/at"), one.text("/read"), one.text("/note")};
  });
}

// What few contracts have.
void read_seldom(JsonReader& in, core::Version& version) {
  constexpr int kMostDays = 366;
  if (in.has("/rule/excluded") && in.text("/rule/excluded") == "left-out") {
    version.excluded = core::Excluded::left_out;
  }
  if (in.has("/rule/summed_over")) version.summed_over = in.text("/rule/summed_over");
  if (in.has("/rule/resources")) version.resources = in.texts("/rule/resources");
  if (in.has("/rule/operations")) version.operations = in.texts("/rule/operations");
  if (in.has("/rule/calendar")) {
    version.calendar = read_word<core::Calendar>(in, "/rule/calendar", kCalendars);
  }
  if (version.calendar == core::Calendar::days) {
    version.cycle_days = in.small("/rule/cycle_days", 1, kMostDays);
  }
  if (in.has("/rule/notice")) {
    version.claim.notice =
        core::Notice{in.duration("/rule/notice/within"), in.text("/rule/notice/how")};
  }
  if (in.has("/rule/not_before")) {
    version.claim.not_before = core::NotBefore{in.small("/rule/not_before/days", 1, kMostDays),
                                               in.truth("/rule/not_before/business")};
  }
  if (in.has("/rule/cap/percent")) {
    version.cap = core::Cap{in.percent("/rule/cap/percent"), std::nullopt};
  } else if (in.has("/rule/cap/amount")) {
    version.cap = core::Cap{
        std::nullopt, core::Money{in.decimal("/rule/cap/amount"), in.text("/rule/cap/currency")}};
  }
}

core::Version read_version(JsonReader& in) {
  core::Version version;
  if (!in.has("/rule/effective")) {
    // As claims were written when each text had a date of its own.
    version.effective = in.date("/rule/version");
  } else if (!in.is_null("/rule/effective")) {
    version.effective = in.date("/rule/effective");
  }
  if (in.has("/rule/read") && !in.is_null("/rule/read")) version.read = in.date("/rule/read");
  if (version.date() != in.date("/rule/version")) {
    in.refuse("/rule/version", "the date of 'read', or else of 'effective'");
  }
  version.source = in.text("/rule/source");
  version.digest = in.text("/rule/digest");
  version.missing = in.texts("/verdict/missing_terms");
  version.supplied = in.texts("/verdict/supplied_terms");
  version.status = version.missing.empty() ? core::Status::complete : core::Status::partial;
  version.commitment = in.percent("/rule/commitment");
  version.commitment_text = in.text("/rule/commitment");
  version.time_zone = in.text("/rule/time_zone");
  version.part_month = read_word<core::PartMonth>(in, "/rule/part_month", kPartMonths);
  version.claim.subject = in.text("/rule/subject");
  version.claim.lists = in.text("/rule/lists");
  version.claim.needs = in.texts("/rule/needs");
  version.claim.deadline = read_deadline(in);
  version.formula = read_formula(in);
  version.error = read_error(in);
  version.not_a_request = in.texts("/rule/not_a_request");
  in.each("/rule/tiers", [&](JsonReader& tier) { version.credits.push_back(read_tier(tier)); });
  version.minimum_credit = read_minimum(in);
  version.credit_base = in.text("/rule/credit_base");
  version.clauses = read_clauses(in, "/rule/clauses");
  version.exclusions = read_clauses(in, "/rule/exclusions");
  read_sources(in, version);
  read_seldom(in, version);
  return version;
}

}  // namespace

core::Rule read_rule(JsonReader& in) {
  return {in.text("/rule/id"),
          in.text("/rule/provider"),
          in.text("/rule/service"),
          {},
          {read_version(in)}};
}

}  // namespace recoup::claim
