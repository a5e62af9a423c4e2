#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/timestamps.h"
#include "claim/verify/findings.h"
#include "claim/verify/read_back.h"
#include "core/classify.h"
#include "core/credit.h"
#include "core/formula.h"
#include "core/money.h"
#include "core/text.h"
#include "report/formula_words.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using core::Ratio;

void check_stated_files(const std::string& folder, const Stated& stated, Findings& findings) {
  findings.check("every file has the SHA-256 that claim.json says");
  for (const StatedFile& file : stated.files) {
    if (file.name.find('/') != std::string::npos && !is_stamp_file(file.name)) {
      findings.differs(fmt::format("claim.json: expected a file's name, got '{}'", file.name));
      continue;
    }
    const auto digest = digest_of(folder, file.name);
    if (!digest) {
      findings.differs(fmt::format("{}: {}", file.name, digest.error().message));
    } else if (*digest != file.sha256) {
      findings.differs(fmt::format("{}: expected the SHA-256 {} as claim.json says, got {}",
                                   file.name, file.sha256, *digest));
    }
  }
}

// How many intervals the billing cycle has; 0 where it is none.
std::uint64_t count_intervals(const Stated& stated) {
  constexpr core::Millis kLongest = std::chrono::days(93);
  const core::Millis length = stated.cycle.length();
  if (length <= core::Millis(0) || length > kLongest) return 0;
  const core::Millis interval = stated.terms().interval();
  return static_cast<std::uint64_t>((length + interval - core::Millis(1)) / interval);
}

// What intervals.log says.
struct Listed {
  core::Millis interval;
  std::vector<core::IntervalPart> parts;     // all of the cycle; what is not listed is available
  std::vector<std::uint64_t> logged;         // by part
  std::map<std::size_t, std::size_t> lines;  // the line that lists a part
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t unlogged = 0;
};

std::size_t index_of(const Stated& stated, const Listed& listed, core::Instant at) {
  return static_cast<std::size_t>((at - stated.cycle.begin) / listed.interval);
}

// What is wrong with one line by itself and after the line before; empty if nothing is.
std::string fault_of(const IntervalLine& row, const Stated& stated, core::Millis interval,
                     const std::optional<core::Instant>& last) {
  const core::Interval& span = row.span;
  if (!stated.cycle.contains(span.begin) ||
      (span.begin - stated.cycle.begin) % interval != core::Millis(0)) {
    return fmt::format("expected an interval of the billing cycle's grid, got one from {}",
                       core::to_text(span.begin));
  }
  if (span.end != std::min(span.begin + interval, stated.cycle.end)) {
    return fmt::format("expected the interval's end, got {}", core::to_text(span.end));
  }
  if (last && span.begin <= *last) return "expected the intervals by time, each once";
  if (row.errors == 0 || row.errors > row.requests || row.logged > row.errors) {
    return fmt::format("expected 1 to {} errors, and no more of them logged, got {} and {}",
                       row.requests, row.errors, row.logged);
  }
  const std::string availability =
      core::percent_text(Ratio::whole(row.requests - row.errors) / Ratio::whole(row.requests));
  if (row.availability != availability) {
    return fmt::format("expected the Availability {}, got {}", availability, row.availability);
  }
  return {};
}

void take_line(const IntervalLine& row, std::size_t number, const Stated& stated, Listed& listed) {
  const std::size_t index = index_of(stated, listed, row.span.begin);
  listed.parts[index].requests = row.requests;
  listed.parts[index].errors = row.errors;
  listed.parts[index].state = core::IntervalState::measured;
  listed.logged[index] = row.logged;
  listed.lines[index] = number;
  listed.requests += row.requests;
  listed.errors += row.errors;
  listed.unlogged += row.errors - row.logged;
}

Listed read_intervals(const std::string& folder, const Stated& stated, std::uint64_t intervals,
                      Findings& findings) {
  findings.check("every line of intervals.log agrees with itself");
  Listed listed;
  listed.interval = stated.terms().interval();
  listed.parts.resize(intervals);
  for (core::IntervalPart& part : listed.parts) part.state = core::IntervalState::excluded;
  listed.logged.resize(intervals);
  std::optional<core::Instant> last;
  const auto read =
      read_lines(folder, "intervals.log", [&](std::size_t number, std::string_view line) {
        const auto row = parse_interval_line(line);
        const std::string fault =
            row ? fault_of(*row, stated, listed.interval, last) : row.error().message;
        if (!fault.empty())
          return findings.differs(fmt::format("intervals.log:{}: {}", number, fault));
        last = row->span.begin;
        take_line(*row, number, stated, listed);
      });
  if (!read) findings.differs(read.error());
  return listed;
}

// Every line must be of an interval that takes from the uptime by the contract's formula.
void check_lost(const Stated& stated, const Listed& listed, Findings& findings) {
  const std::string what = report::words_of(stated.terms().formula).listed;
  findings.check(fmt::format("every line of intervals.log is of a {}", what));
  core::IntervalRuns runs = core::runs_of(listed.parts);
  core::mark_lost(stated.terms().formula, runs);
  const core::Intervals marked(runs);
  for (const auto& [index, line] : listed.lines) {
    if (marked[index].lost) continue;
    findings.differs(
        fmt::format("intervals.log:{}: expected a {} by the contract's formula, got "
                    "{} requests and {} errors",
                    line, what, listed.parts[index].requests, listed.parts[index].errors));
  }
}

// The Monthly Uptime Percentage from what is listed. What is not listed is available; where silent
// or excluded intervals do not count, as many as claim.json says are.
Ratio recompute(const Stated& stated, const Listed& listed) {
  const core::Formula& formula = stated.terms().formula;
  if (std::holds_alternative<core::RequestRatio>(formula)) {
    if (stated.requests == 0) return Ratio(1, 1);
    const Ratio all = Ratio::whole(stated.requests);
    return (all - Ratio::whole(listed.errors)) / all;
  }
  std::vector<core::IntervalPart> parts = listed.parts;
  std::uint64_t silent = stated.silent;
  std::uint64_t excluded = stated.excluded;
  for (core::IntervalPart& part : parts) {
    if (part.state == core::IntervalState::measured) continue;
    // What is neither was measured without a loss: it counts like one that has not begun.
    part.state = silent > 0     ? core::IntervalState::silent
                 : excluded > 0 ? core::IntervalState::excluded
                                : core::IntervalState::ahead;
    if (silent > 0) {
      --silent;
    } else if (excluded > 0) {
      --excluded;
    }
  }
  return core::uptime_of(stated.terms(), core::runs_of(parts), core::Reading::as_measured);
}

void check_count(Findings& findings, std::string_view what, std::uint64_t stated,
                 std::uint64_t found) {
  if (stated != found) {
    findings.differs(fmt::format("intervals.log: expected {} {} as claim.json says, got {}", stated,
                                 what, found));
  }
}

void check_counts(const Stated& stated, const Listed& listed, Findings& findings) {
  findings.check(fmt::format("intervals.log has {} intervals and {} Errors, as claim.json says",
                             listed.lines.size(), listed.errors));
  if (listed.parts.size() != stated.intervals) {
    findings.differs(fmt::format("claim.json: expected {} intervals in the billing cycle, got {}",
                                 listed.parts.size(), stated.intervals));
  }
  if (stated.silent + stated.below_100 > stated.intervals) {
    findings.differs(
        fmt::format("claim.json: expected at most {} intervals, got {} silent and {} "
                    "below 100 %",
                    stated.intervals, stated.silent, stated.below_100));
  }
  check_count(findings, "intervals below 100 %", stated.below_100, listed.lines.size());
  check_count(findings, "Errors", stated.errors_below_100, listed.errors);
  check_count(findings, "Errors without a record", stated.without_record, listed.unlogged);
  if (listed.requests > stated.requests) {
    findings.differs(
        fmt::format("intervals.log: expected at most {} requests as claim.json says, got {}",
                    stated.requests, listed.requests));
  }
  const auto& formula = stated.terms().formula;
  const bool all_listed = std::holds_alternative<core::MeanOfIntervals>(formula) ||
                          std::holds_alternative<core::RequestRatio>(formula);
  if (all_listed ? listed.errors != stated.errors : listed.errors > stated.errors) {
    findings.differs(fmt::format("intervals.log: expected {}{} Errors as claim.json says, got {}",
                                 all_listed ? "" : "at most ", stated.errors, listed.errors));
  }
}

void check_uptime(const Stated& stated, const Ratio& uptime, Findings& findings) {
  findings.check(fmt::format("the Monthly Uptime Percentage is {} %, from intervals.log",
                             core::percent_text(uptime)));
  if (uptime != stated.uptime) {
    findings.differs(
        fmt::format("claim.json: expected the uptime {} % as intervals.log adds up to, got {} %",
                    core::percent_text(uptime), core::percent_text(stated.uptime)));
  }
  if (stated.uptime_percent != core::percent_text(stated.uptime)) {
    findings.differs(
        fmt::format("claim.json: expected the percentage {} of its own fraction, got {}",
                    core::percent_text(stated.uptime), stated.uptime_percent));
  }
}

void check_credit(const Stated& stated, const Ratio& uptime, Findings& findings) {
  const std::vector<core::Tier>& tiers = stated.terms().credits;
  const auto tier = std::find_if(tiers.begin(), tiers.end(), [&](const core::Tier& t) {
    return uptime < t.below && (!t.at_least || uptime >= *t.at_least);
  });
  if (uptime >= stated.terms().commitment || tier == tiers.end()) {
    findings.differs(
        fmt::format("claim.json: expected an uptime that a tier gives a credit for, got {} %",
                    core::percent_text(uptime)));
    return;
  }
  const core::Money& charge = stated.charge.amount;
  const std::string percent = core::short_percent(tier->credit);
  const std::string amount =
      core::amount_text(core::credit_of(stated.terms(), tier->credit, charge));
  findings.check(
      fmt::format("the credit is {} % of the charges, {} {}", percent, amount, charge.currency));
  if (stated.credit_percent != percent) {
    findings.differs(fmt::format("claim.json: expected a credit of {} % by its tiers, got {} %",
                                 percent, stated.credit_percent));
  }
  if (stated.amount != amount) {
    findings.differs(
        fmt::format("claim.json: expected the amount {}, got {}", amount, stated.amount));
  }
}

// Judge says whether an outcome is an Error. Lines after each other mostly have the same one, which
// is judged once.
class Judge {
 public:
  explicit Judge(const core::Version& terms) : terms_(terms) {}

  bool is_error(const core::Outcome& outcome) {
    if (!last_ || *last_ != outcome) {
      last_ = outcome;
      error_ = core::classify(terms_, outcome).verdict == core::Verdict::error;
    }
    return error_;
  }

 private:
  const core::Version& terms_;
  std::optional<core::Outcome> last_;
  bool error_ = false;
};

// What is wrong with one line of requests.log; empty if nothing is.
std::string fault_of(const RequestLine& row, Judge& judge, const Listed& listed,
                     core::Instant before) {
  if (!judge.is_error(row.outcome)) {
    return fmt::format("expected an Error by the contract, got {}", core::to_text(row.outcome));
  }
  const core::Instant at = row.shown.at;
  if (at < row.interval || at >= row.interval + listed.interval) {
    return fmt::format("expected the interval that holds {}, got {}", core::to_text(at),
                       core::to_text(row.interval));
  }
  if (at < before) return "expected the failed requests by time";
  return {};
}

// The files of the request log, as claim.json lists them.
std::vector<std::string> request_logs(const Stated& stated) {
  std::vector<std::string> names{requests_log_name(1)};
  for (const StatedFile& file : stated.files) {
    if (file.name == requests_log_name(names.size() + 1)) names.push_back(file.name);
  }
  return names;
}

// Gives the first kShownRequests of them.
std::vector<RequestRow> check_requests(const std::string& folder, const Stated& stated,
                                       const Listed& listed, Findings& findings) {
  findings.check("requests.log has the failed requests of each interval");
  std::vector<RequestRow> first;
  std::map<core::Instant, std::uint64_t> left;
  for (const auto& [index, line] : listed.lines) {
    left[stated.cycle.begin + static_cast<int>(index) * listed.interval] = listed.logged[index];
  }
  std::map<core::Instant, std::uint64_t> surplus;
  Judge judge(stated.terms());
  core::Instant before = core::Instant::min();
  for (const std::string& name : request_logs(stated)) {
    const auto read = read_lines(folder, name, [&](std::size_t number, std::string_view line) {
      const auto row = parse_request_line(line);
      const std::string fault = row ? fault_of(*row, judge, listed, before) : row.error().message;
      if (!fault.empty()) findings.differs(fmt::format("{}:{}: {}", name, number, fault));
      if (!row) return;
      before = row->shown.at;
      if (first.size() < kShownRequests) first.push_back(row->shown);
      const auto interval = left.find(row->interval);
      if (interval == left.end() || interval->second == 0) {
        ++surplus[row->interval];
      } else {
        --interval->second;
      }
    });
    if (!read) findings.differs(read.error());
  }
  for (const auto& [begin, missing] : left) {
    if (missing == 0) continue;
    findings.differs(
        fmt::format("requests.log: expected {} more failed requests in the interval {}", missing,
                    core::to_text(begin)));
  }
  for (const auto& [begin, count] : surplus) {
    findings.differs(
        fmt::format("requests.log: expected {} fewer failed requests in the interval {}", count,
                    core::to_text(begin)));
  }
  return first;
}

}  // namespace

void check_figures(const std::string& folder, const Known& known, const std::string& key,
                   Findings& findings) {
  findings.check("claim.json can be read");
  const auto text = read_whole(folder, "claim.json");
  const auto parsed = text ? parse_claim_json(*text) : core::Result<Stated>(text.error());
  if (!parsed) {
    findings.differs(parsed.error());
    return check_sums_signature(folder, "", key, findings);
  }
  const Stated& stated = *parsed;
  check_sums_signature(folder, stated.public_key, key, findings);
  check_stated_files(folder, stated, findings);
  const std::uint64_t intervals = count_intervals(stated);
  if (intervals == 0) {
    return findings.differs(fmt::format("claim.json: expected a billing cycle, got {} to {}",
                                        core::to_text(stated.cycle.begin),
                                        core::to_text(stated.cycle.end)));
  }
  const Listed listed = read_intervals(folder, stated, intervals, findings);
  check_lost(stated, listed, findings);
  check_counts(stated, listed, findings);
  const Ratio uptime = recompute(stated, listed);
  check_uptime(stated, uptime, findings);
  check_credit(stated, uptime, findings);
  const std::vector<RequestRow> requests = check_requests(folder, stated, listed, findings);
  check_seal(stated, key, findings);
  check_contract(stated, known, findings);
  check_written(folder, stated, known, {listed.logged, requests}, findings);
}

}  // namespace recoup::claim
