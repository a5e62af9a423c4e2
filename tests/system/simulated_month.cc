#include "system/simulated_month.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "core/assess.h"
#include "metrics/exporter.h"
#include "report/snapshot.h"
#include "support/contracts.h"

namespace recoup::test {
namespace {

using core::Ratio;

struct Span {
  int begin, end;  // half-open, in minutes
  bool contains(int minute) const { return begin <= minute && minute < end; }
};

constexpr Span kSilent{at(9, 2, 0), at(9, 5, 17)};
constexpr Span kRestart{at(15, 8, 1), at(15, 8, 9)};
constexpr Span kUnwatched{at(22, 16, 30), at(22, 17, 50)};

struct Outage {
  Span span;
  unsigned percent;  // of the requests that fail
};

constexpr std::array<Outage, 7> kOutages{{
    {{kFirst, 0}, 50},  // of the cycle before: nothing of it may be found in this one
    {{at(12, 10, 2), at(12, 10, 39)}, 100},
    {{at(15, 7, 40), at(15, 8, 22)}, 30},   // around the restart
    {{at(20, 13, 0), at(20, 15, 0)}, 30},   // long and weak
    {{at(22, 17, 0), at(22, 17, 20)}, 50},  // while Prometheus does not run
    {{kMinutes - 3, kMinutes}, 100},        // in the last interval of the cycle
    {{kMinutes + 11, kMinutes + 13}, 100},  // in the next cycle
}};

unsigned failing_percent(int minute) {
  for (const Outage& outage : kOutages) {
    if (outage.span.contains(minute)) return outage.percent;
  }
  return 0;
}

// The engine's own numbers are used: what a distribution makes of them differs between libraries.
Counts rough(int minute) {
  if (kSilent.contains(minute) || kRestart.contains(minute)) return {};
  std::mt19937_64 random(static_cast<std::uint64_t>(minute + kMinutes));
  Counts counts;
  for (auto n = 10 + random() % 3; n > 0; --n) {
    if (random() % 100 < failing_percent(minute) || random() % 4000 == 0) {
      ++counts.errors;
    } else {
      ++(random() % 500 == 0 ? counts.timeouts : counts.served);
    }
  }
  return counts;
}

// 0.08928 / 48 = 93/50000, in the intervals at 05:00 and 17:00 of the first 24 days.
Counts exactly_at_the_commitment(int minute) {
  const bool lossy = minute >= 0 && minute < 24 * 1440 && minute % 720 / 5 == 60;
  if (!lossy) return {12, 0, 0};
  return minute % 5 == 0 ? Counts{50000 - 93, 93, 0} : Counts{};
}

void add(core::Tallies& tallies, int minute, const Counts& counts) {
  const core::Minute of = core::minute_of(instant(minute));
  if (counts.served != 0) tallies.add(of, core::Answered{200}, counts.served);
  if (counts.errors != 0) tallies.add(of, core::Answered{503}, counts.errors);
  if (counts.timeouts != 0) tallies.add(of, core::Failed{core::NoAnswer::timeout}, counts.timeouts);
}

// Service is what the program knows and exports of one agreement while the time passes.
class Service {
 public:
  explicit Service(std::string id) : id_(std::move(id)) { rule_.versions.push_back(kms_like()); }

  void count(int minute, const Counts& counts) {
    add(tallies_[core::cycle_at(instant(minute), core::Zone::utc()).month], minute, counts);
    counted_.served += counts.served;
    counted_.errors += counts.errors;
    counted_.timeouts += counts.timeouts;
    probe_.outcomes = {{core::Answered{200}, counted_.served},
                       {core::Answered{503}, counted_.errors},
                       {core::Failed{core::NoAnswer::timeout}, counted_.timeouts}};
  }

  // The counters begin anew; the ledger has the tallies.
  void start_again() {
    counted_ = {};
    probe_.outcomes.clear();
  }

  void judge(int minute) {
    const core::Cycle cycle = core::cycle_at(instant(minute), core::Zone::utc());
    auto judgement = std::make_shared<core::Judgement>();
    judgement->agreement = {id_, "aws-kms", "123456789012", "us-east-1", false, {}};
    judgement->rule = std::make_shared<const core::Rule>(rule_);
    judgement->version = core::version_of(judgement->rule, judgement->rule->versions.front());
    judgement->assessment = core::assess(*judgement->version, core::Zone::utc(), cycle,
                                         tallies_[cycle.month], {}, instant(minute));
    judgement_ = std::move(judgement);
  }

  std::string metrics(int minute) const {
    report::Snapshot snapshot;
    snapshot.at = instant(minute);
    snapshot.judgements = {judgement_};
    snapshot.probes = {probe_};
    snapshot.probes[0].agreement = id_;
    snapshot.probes[0].probe = "p";
    return metrics::to_text(snapshot, "test");
  }

 private:
  std::string id_;
  core::Rule rule_{"aws-kms", "aws", "AWS Key Management Service", {"account", "region"}, {}};
  std::map<core::Month, core::Tallies> tallies_;
  record::ProbeCounts probe_;
  Counts counted_;  // by probe_
  std::shared_ptr<const core::Judgement> judgement_;
};

// Series are values that were scraped, one a minute, as promtool reads them.
class Series {
 public:
  void scrape(const std::string& text) {
    if (text != text_) read(text);
    for (auto& [name, runs] : values_) {
      const auto found = seen_.find(name);
      append(runs, found == seen_.end() ? none_after(runs) : found->second);
    }
    ++minutes_;
  }

  // Prometheus does not run: it leaves no mark that a series ends either.
  void pass() {
    for (auto& [name, runs] : values_) append(runs, kNone);
    ++minutes_;
  }

  std::string yaml() const {
    std::string text;
    for (const auto& [name, runs] : values_) {
      text += fmt::format("      - series: '{}'\n        values: '", name);
      for (const Run& run : runs) text += to_text(run);
      text += "'\n";
    }
    return text;
  }

 private:
  struct Run {
    std::string value;
    int length;
  };
  using Runs = std::vector<Run>;
  static constexpr char kNone[] = "_";
  static constexpr char kStale[] = "stale";

  void read(const std::string& text) {
    text_ = text;
    seen_.clear();
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (wanted(line)) seen_[name_of(line)] = value_of(line);
    }
    for (const auto& [name, value] : seen_) values_.try_emplace(name, Runs{{kNone, minutes_}});
  }

  static std::string none_after(const Runs& runs) {
    const std::string& last = runs.back().value;
    return last == kNone || last == kStale ? kNone : kStale;
  }

  static void append(Runs& runs, const std::string& value) {
    if (runs.back().value == value) {
      ++runs.back().length;
    } else {
      runs.push_back({value, 1});
    }
  }

  // "1x4" is five samples, "_x4" is none four times.
  static std::string to_text(const Run& run) {
    if (run.length == 0) return "";
    if (run.length == 1) return fmt::format("{} ", run.value);
    return fmt::format("{}x{} ", run.value, run.value == kNone ? run.length : run.length - 1);
  }

  static bool wanted(const std::string& line) {
    static const std::array<std::string, 7> kNames{"recoup_interval_availability_ratio{",
                                                   "recoup_monthly_uptime_ratio{",
                                                   "recoup_billing_cycle_start_timestamp_seconds{",
                                                   "recoup_billing_cycle_end_timestamp_seconds{",
                                                   "recoup_service_commitment_ratio{",
                                                   "recoup_intervals{",
                                                   "recoup_errors_total{"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](const std::string& name) { return line.starts_with(name); });
  }

  static std::string name_of(const std::string& line) {
    std::string name = line.substr(0, line.find(' '));
    return name.insert(name.find('{') + 1, "instance=\"a\",");
  }

  static std::string value_of(const std::string& line) {
    const std::string value = line.substr(line.find(' ') + 1);
    if (line.find("_timestamp_seconds{") == std::string::npos) return value;
    const std::chrono::duration<double> zero = instant(kFirst).time_since_epoch();
    return fmt::format("{:.0f}", std::stod(value) - zero.count());
  }

  std::map<std::string, Runs> values_;
  int minutes_ = 0;
  std::string text_;  // of the newest scrape, and what stood in it
  std::map<std::string, std::string> seen_;
};

bool always(int) { return true; }
bool but_for_the_restart(int minute) { return !kRestart.contains(minute); }
bool but_for_an_outage(int minute) { return !kUnwatched.contains(minute); }

}  // namespace

const Script kRough{"rough", rough, but_for_the_restart, but_for_an_outage};
const Script kExactlyAtTheCommitment{"exact", exactly_at_the_commitment, always, always};

core::Instant instant(int minute) {
  return core::cycle_of(kMonth, core::Zone::utc()).span.begin + std::chrono::minutes(minute);
}

Ratio loss_of(const Script& script, int interval) {
  std::uint64_t requests = 0, errors = 0;
  for (int minute = 5 * interval; minute < 5 * interval + 5; ++minute) {
    const Counts counts = script.counts(minute);
    requests += counts.served + counts.errors;
    errors += counts.errors;
  }
  return requests == 0 ? Ratio() : Ratio::whole(errors) / Ratio::whole(requests);
}

std::uint64_t errors_in(const Script& script, int begin, int end) {
  std::uint64_t errors = 0;
  for (int minute = begin; minute < end; ++minute) errors += script.counts(minute).errors;
  return errors;
}

std::string csv_of(const Script& script) {
  std::string text = "minute,outcome,count\n";
  for (int minute = 0; minute < kMinutes; ++minute) {
    const Counts counts = script.counts(minute);
    const std::string of = core::to_text(instant(minute));
    if (counts.served != 0) text += fmt::format("{},200,{}\n", of, counts.served);
    if (counts.errors != 0) text += fmt::format("{},503,{}\n", of, counts.errors);
    if (counts.timeouts != 0) text += fmt::format("{},timeout,{}\n", of, counts.timeouts);
  }
  return text;
}

// The service knows of a minute when the one after it is over as well: at the end of an interval,
// what it exports of it is not final. It judges anew while an interval with an Error goes on; what
// it would export else is the same, but for how many intervals are ahead.
std::string series_of(const Script& script) {
  Service service(script.agreement);
  Series series;
  std::string text;
  int last_error = kFirst;
  for (int minute = kFirst; minute < kLast; ++minute) {
    const bool runs = script.service_runs(minute);
    const bool starts = runs && !script.service_runs(minute - 1);
    if (starts) service.start_again();
    const Counts known = script.counts(minute - 2);
    service.count(minute - 2, known);
    if (known.errors != 0) last_error = minute;
    const bool judges =
        starts || minute - last_error < 5 || minute % (24 * 60) == 0 || text.empty();
    if (runs && judges) service.judge(minute);
    if (runs && (judges || minute % 5 == 0)) text = service.metrics(minute);
    if (script.prometheus_runs(minute)) {
      series.scrape(runs ? text : "");
    } else {
      series.pass();
    }
  }
  return series.yaml();
}

}  // namespace recoup::test
