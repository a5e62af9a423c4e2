#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/documents.h"
#include "claim/rule_json.h"
#include "claim/verify/json_reader.h"
#include "claim/verify/read_back.h"

namespace recoup::claim {
namespace {

using core::Error;

record::ChainHead read_head(JsonReader& in) {
  return {in.text("/kind"), in.text("/name"), in.text("/part"), in.number("/records"),
          in.text("/head")};
}

// All that record::canonical_seal() is made of, and the rest that seal_json() in json.cc writes.
record::Seal read_seal(JsonReader& in) {
  record::Seal seal;
  seal.agreement = in.text("/seal/agreement");
  seal.month = in.month("/seal/month");
  seal.revision = in.small("/seal/revision", 1, 1'000'000);
  seal.at = in.instant("/seal/at");
  seal.cycle = {in.instant("/seal/cycle/begin"), in.instant("/seal/cycle/end")};
  seal.tallies_sha256 = in.text("/seal/tallies_sha256");
  seal.evidence_sha256 = in.text("/seal/evidence_sha256");
  seal.evidence_records = in.number("/seal/evidence_records");
  in.each("/seal/chain", [&](JsonReader& head) { seal.chain.push_back(read_head(head)); });
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

std::vector<core::ExclusionWindow> read_exclusions(JsonReader& in) {
  std::vector<core::ExclusionWindow> all;
  in.each("/verdict/exclusions", [&](JsonReader& one) {
    all.push_back({{one.instant("/from"), one.instant("/to")}, one.text("/reason")});
  });
  return all;
}

// A run of intervals with the same counts: "8925 x 60 0 0 0 0", or with what few of them have.
bool read_run(std::string_view text, core::IntervalRuns& counts) {
  // More minutes than a quarter has; and so few Requests that no sum of them overflows.
  constexpr std::uint64_t kMostParts = 140'000;
  constexpr std::uint64_t kMostRequests = 1'000'000'000'000;
  constexpr std::size_t kFew = 6, kMany = 10, kMost = 11;  // after which it may end
  std::array<std::uint64_t, 12> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if ((i == kFew || i == kMany || i == kMost) && text.empty()) break;
    const std::string_view before = i == 0 ? "" : i == 1 ? " x " : " ";
    if (!text.starts_with(before)) return false;
    text.remove_prefix(before.size());
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (problem != std::errc() || numbers[i] > kMostRequests) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  const auto [times, requests, errors, not_requests, unattributed, missed, indirect,
              indirect_errors, reported_errors, unseen, unread, refused] = numbers;
  if (!text.empty() || errors > requests || times == 0 || unseen > 1 ||
      indirect_errors > indirect || reported_errors > errors ||
      times > kMostParts - core::size_of(counts)) {
    return false;
  }
  core::IntervalPart part;
  part.requests = requests;
  part.errors = errors;
  part.not_requests = not_requests;
  part.unattributed = unattributed;
  part.missed = missed;
  part.indirect = indirect;
  part.indirect_errors = indirect_errors;
  part.reported_errors = reported_errors;
  part.unseen = unseen == 1;
  part.unread = unread;
  part.refused = refused;
  core::append(counts, part, times);
  return true;
}

// The counts of every interval; where the time of several resources is summed, of each of these.
void read_counts(JsonReader& in, Stated& stated) {
  const auto read_runs = [](JsonReader& from, const char* place, core::IntervalRuns& counts) {
    from.each(place, [&](JsonReader& run) {
      if (!read_run(run.text(""), counts)) run.refuse("", "intervals x counts");
    });
  };
  if (!in.has("/counts/by_resource")) {
    return read_runs(in, "/counts/runs", stated.counts.emplace_back());
  }
  const std::vector<std::string>& names = stated.terms().resources;
  in.each("/counts/by_resource", [&](JsonReader& one) {
    const std::size_t place = stated.counts.size();
    if (place >= names.size() || one.text("/resource") != names[place]) {
      return one.refuse("/resource", "the resources of the contract, in their order");
    }
    read_runs(one, "/runs", stated.counts.emplace_back());
    if (core::size_of(stated.counts.back()) != core::size_of(stated.counts.front())) {
      one.refuse("/runs", "as many intervals as the first one has");
    }
  });
  if (stated.counts.size() != names.size() || names.size() < 2) {
    in.refuse("/counts/by_resource", "the counts of each of several resources");
  }
  if (in.has("/verdict/unnamed_requests")) stated.unnamed = in.number("/verdict/unnamed_requests");
}

core::ProbesDue read_probes(JsonReader& in) {
  core::ProbesDue probes;
  probes.sent = in.number("/verdict/probes/sent");
  for (std::size_t i = 0; i < probes.missed.size(); ++i) {
    const auto reason = static_cast<core::NotSent>(i);
    const std::string place = fmt::format("/verdict/probes/missed/{}", core::to_text(reason));
    // Claims that were written before nobody was missed for these do not name them.
    if (reason >= core::NotSent::credentials && !in.has(place.c_str())) continue;
    probes.missed[i] = in.number(place.c_str());
  }
  return probes;
}

core::UncountedFailures read_uncounted(JsonReader& in) {
  core::UncountedFailures uncounted;
  for (std::size_t i = 0; i < core::kUncounteds; ++i) {
    const auto reason = core::to_text(static_cast<core::Uncounted>(i));
    uncounted.reasons[i] =
        in.number(fmt::format("/verdict/uncounted_failures/reasons/{}", reason).c_str());
  }
  in.each("/verdict/uncounted_failures/outcomes", [&](JsonReader& one) {
    const auto outcome = core::parse_outcome(one.text("/outcome"));
    if (!outcome) return one.refuse("/outcome", "an outcome like 500");
    uncounted.outcomes.push_back({*outcome, one.number("/count"), {}, {}});
  });
  return uncounted;
}

core::Comparison::Sum read_sum(JsonReader& in, const std::string& at) {
  return {in.number((at + "/requests").c_str()), in.number((at + "/errors").c_str())};
}

core::Comparison read_comparison(JsonReader& in) {
  core::Comparison c;
  c.log = in.text("/log");
  c.alike = in.number("/intervals/alike");
  c.differing = in.number("/intervals/differing");
  c.only_counted = in.number("/intervals/only_counted");
  c.only_compared = in.number("/intervals/only_compared");
  c.counted = read_sum(in, "/counted");
  c.compared = read_sum(in, "/compared");
  c.more_errors = in.number("/more_errors");
  if (in.is_null("/uptime")) return c;
  c.uptime = in.fraction("/uptime");
  c.met = in.truth("/met");
  if (!in.is_null("/tier")) c.tier = in.number("/tier");
  return c;
}

// Where the counts came from, and what was compared with them.
void read_beside(JsonReader& in, Stated& stated) {
  if (in.has("/verdict/sources")) {
    in.each("/verdict/sources", [&](JsonReader& one) {
      stated.sources.push_back(
          {one.is_null("/kind") ? "" : one.text("/kind"), one.texts("/names"),
           one.text("/cannot_see"),
           one.has("/vantages") ? one.texts("/vantages") : std::vector<std::string>(),
           one.has("/estimated") && one.truth("/estimated")});
    });
  }
  if (in.has("/verdict/counted_twice")) {
    in.each("/verdict/counted_twice", [&](JsonReader& one) {
      stated.overlaps.push_back({one.text("/one"), one.text("/other")});
    });
  }
  if (!in.has("/verdict/comparisons")) return;
  in.each("/verdict/comparisons",
          [&](JsonReader& one) { stated.comparisons.push_back(read_comparison(one)); });
}

core::Strike read_strike(JsonReader& in) {
  core::Strike strike;
  const std::string kind = in.text("/kind");
  if (kind == "vantage") strike.kind = core::Strike::Kind::vantage;
  if (kind == "probes") strike.kind = core::Strike::Kind::probes;
  if (kind == "outside") strike.kind = core::Strike::Kind::outside;
  strike.measured = !in.is_null("/monthly_uptime");
  if (!strike.measured) return strike;
  strike.uptime = in.fraction("/monthly_uptime");
  strike.share = in.percent("/credit_percent");
  return strike;
}

void read_robustness(JsonReader& in, Stated& stated) {
  if (!in.has("/verdict/robustness")) return;
  in.each("/verdict/robustness/without",
          [&](JsonReader& one) { stated.robustness.strikes.push_back(read_strike(one)); });
}

core::Votes::From read_vantage(JsonReader& in) {
  core::Votes::From from{in.text("/vantage"), in.number("/requests"), in.number("/errors"),
                         in.number("/saw"), in.number("/no_vote/intervals")};
  from.clock = in.number("/no_vote/clock");
  from.egress = in.number("/no_vote/egress");
  if (!in.is_null("/monthly_uptime")) from.uptime = in.fraction("/monthly_uptime");
  return from;
}

void read_votes(JsonReader& in, Stated& stated) {
  if (!in.has("/verdict/votes")) return;
  core::Votes votes;
  votes.rule = core::parse_vote_rule(in.text("/verdict/votes/rule")).value_or(core::VoteRule{});
  votes.agreed = in.number("/verdict/votes/agreed");
  votes.outvoted = in.number("/verdict/votes/outvoted");
  votes.undecided = in.number("/verdict/votes/undecided");
  in.each("/verdict/votes/vantages",
          [&](JsonReader& one) { votes.vantages.push_back(read_vantage(one)); });
  stated.robustness.votes = std::move(votes);
}

void read_timestamps(JsonReader& in, Stated& stated) {
  stated.timestamps = in.has("/timestamps");
  if (!stated.timestamps) return;
  const auto read = [&](const char* place, std::vector<core::Interval>& spans) {
    in.each(place, [&](JsonReader& one) {
      spans.push_back({one.instant("/begin"), one.instant("/end")});
    });
  };
  read("/timestamps/missing", stated.missing);
  read("/timestamps/changed", stated.changed);
}

// What few cycles have.
void read_asides(JsonReader& in, Stated& stated) {
  if (in.has("/verdict/indirect")) {
    stated.contract.versions.front().count_indirect = in.truth("/verdict/indirect/counted");
  }
  if (in.has("/verdict/key_store_requests")) {
    stated.key_store = in.number("/verdict/key_store_requests");
  }
  if (in.has("/verdict/refused")) {
    stated.refused = {in.number("/verdict/refused/answers"), in.number("/verdict/refused/served"),
                      in.number("/verdict/refused/left_out")};
    if (stated.refused.served + stated.refused.left_out > stated.refused.all) {
      in.refuse("/verdict/refused", "no more of them than all answers");
    }
  }
  if (in.has("/verdict/unseen")) {
    in.each("/verdict/unseen", [&](JsonReader& one) {
      stated.unseen.push_back({{one.instant("/from"), one.instant("/to")}, one.text("/why")});
    });
  }
  if (!in.has("/verdict/unclassified")) return;
  in.each("/verdict/unclassified", [&](JsonReader& one) {
    stated.unclassified.push_back(
        {core::Answered{0, one.text("/error_name")}, one.number("/count")});
  });
}

core::Charge read_charge(JsonReader& in) {
  core::Charge charge;
  charge.amount = {in.fraction("/charges"), in.text("/verdict/credit/charges/currency")};
  charge.from = in.text("/verdict/credit/charges/from");
  charge.note = in.text("/charges/note");
  charge.final = in.truth("/charges/final");
  in.each("/charges/lines", [&](JsonReader& line) {
    charge.lines.push_back(
        {line.text("/item"), line.text("/calculation"), line.decimal("/amount")});
  });
  charge.remarks = in.texts("/charges/remarks");
  in.each("/charges/others", [&](JsonReader& other) {
    charge.others.push_back(
        {other.text("/from"), {other.decimal("/amount"), other.text("/currency")}});
  });
  return charge;
}

// Who claims, for which account and time.
void read_agreement(JsonReader& in, core::Agreement& agreement) {
  agreement.id = in.text("/verdict/agreement");
  agreement.sla = in.text("/verdict/sla");
  agreement.account = in.text("/account");
  agreement.region = in.text("/region");
  agreement.contact = in.text("/contact");
  agreement.by_partner = in.text("/claim_via") == "partner";
  agreement.practice = in.has("/verdict/practice") && in.truth("/verdict/practice");
  agreement.exclusions = read_exclusions(in);
  agreement.since = in.instant_or_null("/used/since");
  agreement.until = in.instant_or_null("/used/until");
  if (in.has("/cycle_start")) agreement.cycle_start = in.date("/cycle_start");
}

// What was replaced by asterisks, by kind.
std::map<std::string, std::uint64_t> read_redacted(const JsonReader::Json& json) {
  std::map<std::string, std::uint64_t> redacted;
  const auto counts = json.find("redacted");
  if (counts == json.end() || !counts->is_object()) return redacted;
  for (const auto& [kind, count] : counts->items()) {
    if (count.is_number_unsigned()) redacted[kind] = count.get<std::uint64_t>();
  }
  return redacted;
}

// Which line a byte of the text is in.
std::size_t line_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

}  // namespace

core::Result<Stated> parse_claim_json(const std::string& text) {
  JsonReader::Json json;
  try {
    json = JsonReader::Json::parse(text);
  } catch (const JsonReader::Json::parse_error& problem) {
    return Error{"expected JSON, got something else",
                 fmt::format("claim.json:{}", line_of(text, problem.byte))};
  } catch (const JsonReader::Json::exception&) {
    return Error{"expected JSON with numbers of a usual size", "claim.json"};
  }
  JsonReader in(json);
  Stated stated;
  stated.form = in.small("/claim", 1, 1000);
  if (!in.error() && (stated.form < kOldestForm || stated.form > kClaimForm)) {
    return Error{fmt::format("expected a claim of the form {} to {}, got {}: verify it with the "
                             "recoup that wrote it, or with {} one",
                             kOldestForm, kClaimForm, stated.form,
                             stated.form > kClaimForm ? "a newer" : "an older"),
                 "claim.json"};
  }
  stated.contract = read_rule(in);
  read_agreement(in, stated.agreement);
  stated.issued = in.instant("/issued");
  stated.zone = in.text("/time_zone");
  stated.month = in.month("/verdict/month");
  stated.cycle = {in.instant("/verdict/cycle/begin"), in.instant("/verdict/cycle/end")};
  read_counts(in, stated);
  stated.probes = read_probes(in);
  stated.uncounted = read_uncounted(in);
  read_asides(in, stated);
  read_beside(in, stated);
  read_robustness(in, stated);
  read_votes(in, stated);
  stated.incidents = read_incidents(in);
  stated.intervals = in.number("/verdict/intervals/total");
  stated.silent = in.number("/verdict/intervals/silent");
  stated.excluded = in.number("/verdict/intervals/excluded");
  stated.below_100 = in.number("/verdict/intervals/below_100");
  stated.requests = in.number("/verdict/requests");
  stated.errors = in.number("/verdict/errors");
  stated.errors_below_100 = in.number("/verdict/resolution/breach_rests_on/requests");
  stated.without_record = in.number("/errors_without_record");
  stated.redacted = read_redacted(json);
  stated.uptime = in.fraction("/verdict/monthly_uptime");
  stated.uptime_percent = in.text("/verdict/monthly_uptime/percent");
  stated.credit_percent = in.text("/verdict/credit/percent");
  stated.charge = read_charge(in);
  stated.charge_withheld = in.truth("/charges/withheld");
  stated.amount = in.text("/verdict/credit/amount");
  stated.eligible = in.truth("/verdict/credit/eligible");
  stated.breach_certain = in.truth("/verdict/budget/breach_certain");
  stated.deadline = in.deadline("/verdict/deadline");
  if (in.has("/verdict/notice")) stated.notice = in.deadline("/verdict/notice");
  if (!in.is_null("/seal")) {
    stated.seal = read_seal(in);
    stated.withheld = in.truth("/seal/withheld");
  } else {
    stated.late_until = in.instant_or_null("/late_until");
  }
  stated.public_key = in.text("/public_key");
  stated.digests = in.has("/digests");
  read_timestamps(in, stated);
  in.each("/files", [&](JsonReader& file) {
    stated.files.push_back({file.text("/name"), file.text("/sha256")});
  });
  if (in.error()) return *in.error();
  return stated;
}

}  // namespace recoup::claim
