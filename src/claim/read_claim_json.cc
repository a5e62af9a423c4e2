#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/read_back.h"

namespace recoup::claim {
namespace {

using Json = nlohmann::json;
using core::Error;
using core::Ratio;

// Reader takes values out of a document by their place ("/verdict/month"). The first that is not as
// expected is kept as the error, and stands for the whole; what follows reads as empty.
class Reader {
 public:
  explicit Reader(const Json& json, std::string at = "") : json_(json), at_(std::move(at)) {}

  std::string text(const char* place) {
    const Json& value = find(place);
    if (value.is_string()) return value.get<std::string>();
    expected(place, "a text", value);
    return {};
  }

  bool truth(const char* place) {
    const Json& value = find(place);
    if (value.is_boolean()) return value.get<bool>();
    expected(place, "true or false", value);
    return false;
  }

  std::vector<std::string> texts(const char* place) {
    std::vector<std::string> all;
    each(place, [&](Reader& one) { all.push_back(one.text("")); });
    return all;
  }

  core::Month month(const char* place) {
    const auto value = core::parse_month(text(place));
    if (value) return *value;
    expected(place, "a month", find(place));
    return {};
  }

  core::Date date(const char* place) {
    const auto value = core::parse_date(text(place));
    if (value) return *value;
    expected(place, "a date", find(place));
    return {};
  }

  std::optional<core::Money> money(const std::string& place) {
    if (is_null(place.c_str())) return std::nullopt;
    return core::Money{fraction(place), text((place + "/currency").c_str())};
  }

  std::optional<core::DeadlineDates> deadline(const std::string& place) {
    if (is_null(place.c_str())) return std::nullopt;
    return core::DeadlineDates{instant((place + "/safe").c_str()),
                               instant((place + "/literal").c_str())};
  }

  std::uint64_t number(const char* place) {
    const Json& value = find(place);
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    expected(place, "a whole number", value);
    return 0;
  }

  int revision(const char* place) {
    constexpr std::uint64_t kMost = 1'000'000;
    const std::uint64_t value = number(place);
    if (value >= 1 && value <= kMost) return static_cast<int>(value);
    expected(place, "a revision from 1", find(place));
    return 1;
  }

  core::Instant instant(const char* place) {
    const auto value = core::parse_instant(text(place));
    if (value) return *value;
    expected(place, "an instant", find(place));
    return {};
  }

  // At least a minute.
  std::chrono::minutes minutes(const char* place) {
    const auto value = core::parse_duration(text(place));
    if (value && *value % std::chrono::minutes(1) == core::Millis(0) &&
        *value <= std::chrono::days(1)) {
      return std::chrono::floor<std::chrono::minutes>(*value);
    }
    expected(place, "whole minutes, at most a day", find(place));
    return std::chrono::minutes(1);
  }

  std::chrono::seconds seconds(const char* place) {
    const auto value = core::parse_duration(text(place));
    if (value) return std::chrono::floor<std::chrono::seconds>(*value);
    expected(place, "a duration", find(place));
    return std::chrono::seconds(1);
  }

  // A percentage that an error rate is compared with: as few digits as contracts have.
  Ratio threshold(const char* place) {
    constexpr std::size_t kMostDigits = 12;
    const Ratio value = percent(place);
    if (value.numerator().size() <= kMostDigits && value.denominator().size() <= kMostDigits &&
        value >= Ratio()) {
      return value;
    }
    expected(place, "a percentage of at most 10 digits", find(place));
    return {};
  }

  Ratio percent(const char* place) {
    const auto value = Ratio::parse(text(place));
    if (value) return *value / Ratio::whole(100);
    expected(place, "a percentage", find(place));
    return {};
  }

  // The fraction whose parts stand at place/numerator and place/denominator.
  Ratio fraction(const std::string& place) {
    const auto value = Ratio::parse_fraction(text((place + "/numerator").c_str()),
                                             text((place + "/denominator").c_str()));
    if (value) return *value;
    expected(place, "a fraction", find(place));
    return {};
  }

  bool is_null(const char* place) { return find(place).is_null(); }
  bool has(const char* place) { return !find(place).is_discarded(); }

  // What stands there is not as expected, for a reason that only the caller can see.
  void refuse(const char* place, std::string_view what) { expected(place, what, find(place)); }

  // Reads each element of a list with a Reader of its own.
  template <typename Read>
  void each(const char* place, Read read) {
    const Json& list = find(place);
    if (!list.is_array()) return expected(place, "a list", list);
    for (std::size_t i = 0; i < list.size(); ++i) {
      Reader element(list[i], fmt::format("{}{}/{}", at_, place, i));
      read(element);
      if (!error_ && element.error_) error_ = element.error_;
    }
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const Json& find(const std::string& place) {
    static const Json kNothing = Json::value_t::discarded;
    const Json::json_pointer pointer(place);
    return json_.contains(pointer) ? json_.at(pointer) : kNothing;
  }

  void expected(const std::string& place, std::string_view what, const Json& got) {
    if (error_) return;
    const std::string shown =
        got.is_discarded() ? "nothing" : got.dump(-1, ' ', true, Json::error_handler_t::replace);
    error_ =
        Error{fmt::format("expected {} at {}{}, got {}", what, at_, place, shown.substr(0, 120)),
              "claim.json"};
  }

  const Json& json_;
  std::string at_;
  std::optional<Error> error_;
};

// "500", "5xx", "500-503".
core::StatusRange read_status(Reader& in) {
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

core::ErrorRule read_error(Reader& in) {
  core::ErrorRule error;
  in.each("/rule/error/status", [&](Reader& e) { error.statuses.push_back(read_status(e)); });
  in.each("/rule/error/name", [&](Reader& e) { error.names.push_back(e.text("")); });
  if (!in.is_null("/rule/error/no_answer_within")) {
    error.no_answer_within = in.seconds("/rule/error/no_answer_within");
  }
  return error;
}

core::Formula read_formula(Reader& in) {
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
    return core::BadWindows{in.minutes("/rule/formula/window"),
                            in.threshold("/rule/formula/error_rate_above")};
  }
  if (family == "all-failed") return core::AllFailed{in.minutes("/rule/formula/interval")};
  if (family != "ratio") in.refuse("/rule/formula/family", "a family of formula");
  core::RequestRatio ratio;
  if (in.has("/rule/formula/repeats_within")) {
    ratio.repeats = in.minutes("/rule/formula/repeats_within");
  }
  return ratio;
}

core::ChainHead read_head(Reader& in) {
  return {in.text("/kind"), in.text("/name"), in.text("/part"), in.number("/records"),
          in.text("/head")};
}

// All that core::canonical_seal() is made of, and the rest that seal_json() in json.cc writes.
core::Seal read_seal(Reader& in) {
  core::Seal seal;
  seal.agreement = in.text("/seal/agreement");
  seal.month = in.month("/seal/month");
  seal.revision = in.revision("/seal/revision");
  seal.at = in.instant("/seal/at");
  seal.cycle = {in.instant("/seal/cycle/begin"), in.instant("/seal/cycle/end")};
  seal.tallies_sha256 = in.text("/seal/tallies_sha256");
  seal.evidence_sha256 = in.text("/seal/evidence_sha256");
  seal.evidence_records = in.number("/seal/evidence_records");
  in.each("/seal/chain", [&](Reader& head) { seal.chain.push_back(read_head(head)); });
  seal.rule = in.text("/seal/rule/id");
  seal.version = in.date("/seal/rule/version");
  seal.rule_digest = in.text("/seal/rule/digest");
  seal.assessment_sha256 = in.text("/seal/assessment_sha256");
  seal.charge_sha256 = in.text("/seal/charge_sha256");
  seal.requests = in.number("/seal/requests");
  seal.errors = in.number("/seal/errors");
  seal.uptime = in.fraction("/seal/uptime");
  seal.share = in.fraction("/seal/share");
  seal.charge = in.money("/seal/charge");
  seal.charge_from = in.text("/seal/charge_from");
  seal.amount = in.money("/seal/amount");
  seal.eligible = in.truth("/seal/eligible");
  seal.deadline = in.deadline("/seal/deadline");
  seal.exclusions = in.texts("/seal/exclusions");
  seal.changes = in.texts("/seal/changes");
  seal.previous = in.text("/seal/previous");
  seal.digest = in.text("/seal/digest");
  seal.signature = in.text("/seal/signature");
  seal.public_key = in.text("/seal/public_key");
  return seal;
}

// "<from> to <to>: <reason>", sorted, as a seal has them.
std::vector<std::string> read_exclusions(Reader& in) {
  std::vector<std::string> all;
  in.each("/verdict/exclusions", [&](Reader& one) {
    all.push_back(
        fmt::format("{} to {}: {}", one.text("/from"), one.text("/to"), one.text("/reason")));
  });
  std::sort(all.begin(), all.end());
  return all;
}

StatedTier read_tier(Reader& in) {
  StatedTier tier;
  tier.below = in.percent("/below");
  if (!in.is_null("/at_least")) tier.at_least = in.percent("/at_least");
  tier.credit = in.percent("/percent");
  tier.percent = in.text("/percent");
  return tier;
}

// Which line a byte of the text is in.
std::size_t line_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

}  // namespace

core::Result<Stated> parse_claim_json(const std::string& text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& problem) {
    return Error{"expected JSON, got something else",
                 fmt::format("claim.json:{}", line_of(text, problem.byte))};
  } catch (const Json::exception&) {
    return Error{"expected JSON with numbers of a usual size", "claim.json"};
  }
  Reader in(json);
  Stated stated;
  stated.cycle = {in.instant("/verdict/cycle/begin"), in.instant("/verdict/cycle/end")};
  stated.terms.formula = read_formula(in);
  stated.terms.error = read_error(in);
  in.each("/rule/not_a_request",
          [&](Reader& entry) { stated.terms.not_a_request.push_back(entry.text("")); });
  stated.intervals = in.number("/verdict/intervals/total");
  stated.silent = in.number("/verdict/intervals/silent");
  stated.below_100 = in.number("/verdict/intervals/below_100");
  stated.requests = in.number("/verdict/requests");
  stated.errors = in.number("/verdict/errors");
  stated.errors_below_100 = in.number("/verdict/resolution/breach_rests_on/requests");
  stated.without_record = in.number("/errors_without_record");
  stated.uptime = in.fraction("/verdict/monthly_uptime");
  stated.uptime_percent = in.text("/verdict/monthly_uptime/percent");
  stated.commitment = in.percent("/verdict/commitment");
  in.each("/rule/tiers", [&](Reader& tier) { stated.tiers.push_back(read_tier(tier)); });
  stated.credit_percent = in.text("/verdict/credit/percent");
  stated.charges = in.fraction("/charges");
  stated.amount = in.text("/verdict/credit/amount");
  stated.currency = in.text("/verdict/credit/charges/currency");
  stated.agreement = in.text("/verdict/agreement");
  stated.month = in.month("/verdict/month");
  stated.provider = in.text("/rule/provider");
  stated.rule = in.text("/rule/id");
  stated.version = in.date("/rule/version");
  stated.rule_digest = in.text("/rule/digest");
  stated.eligible = in.truth("/verdict/credit/eligible");
  stated.deadline = in.deadline("/verdict/deadline");
  stated.exclusions = read_exclusions(in);
  if (!in.is_null("/seal")) {
    stated.seal = read_seal(in);
    stated.withheld = in.truth("/seal/withheld");
  }
  stated.public_key = in.text("/public_key");
  in.each("/files", [&](Reader& file) {
    stated.files.push_back({file.text("/name"), file.text("/sha256")});
  });
  if (in.error()) return *in.error();
  return stated;
}

}  // namespace recoup::claim
