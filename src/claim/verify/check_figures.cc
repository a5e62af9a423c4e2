#include <algorithm>
#include <map>
#include <optional>
#include <utility>
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
  // All of the cycle, of several resources one after the other; what is not listed is available.
  std::size_t intervals = 0;  // of one of them
  std::vector<core::IntervalPart> parts;
  std::vector<std::uint64_t> logged;         // by part
  std::map<std::size_t, std::size_t> lines;  // the line that lists a part
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t unlogged = 0;
};

bool by_resource(const Stated& stated) { return stated.counts.size() > 1; }

// The place of a resource among those whose time is summed; nothing where it is none of them.
std::optional<std::size_t> place_of(const Stated& stated, const std::string& resource) {
  if (!by_resource(stated)) return 0;
  const auto& names = stated.terms().resources;
  const auto found = std::find(names.begin(), names.end(), resource);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// Nothing where it is of no interval of the cycle.
std::optional<std::size_t> index_of(const Stated& stated, const Listed& listed, core::Instant at,
                                    const std::string& resource) {
  const auto place = place_of(stated, resource);
  if (!place || !stated.cycle.contains(at)) return std::nullopt;
  const auto index = static_cast<std::size_t>((at - stated.cycle.begin) / listed.interval);
  return *place * listed.intervals + index;
}

// The same parts, of each resource by itself.
std::vector<std::vector<core::IntervalPart>> by_resource(const Stated& stated,
                                                         const Listed& listed) {
  std::vector<std::vector<core::IntervalPart>> each;
  for (std::size_t i = 0; i < stated.counts.size(); ++i) {
    const auto first = listed.parts.begin() + static_cast<std::ptrdiff_t>(i * listed.intervals);
    each.emplace_back(first, first + static_cast<std::ptrdiff_t>(listed.intervals));
  }
  return each;
}

// What is wrong with one line by itself and after the line before; empty if nothing is.
std::string fault_of(const IntervalLine& row, const Stated& stated, core::Millis interval,
                     const std::optional<core::Instant>& last) {
  const core::Interval& span = row.span;
  if (!place_of(stated, row.resource)) {
    return fmt::format("expected a resource of claim.json, got '{}'", row.resource);
  }
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
  const std::size_t index = *index_of(stated, listed, row.span.begin, row.resource);
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
  listed.intervals = intervals;
  listed.parts.resize(intervals * stated.counts.size());
  for (core::IntervalPart& part : listed.parts) part.state = core::IntervalState::excluded;
  listed.logged.resize(listed.parts.size());
  std::optional<core::Instant> last;
  std::string resource;
  const auto read =
      read_lines(folder, "intervals.log", [&](std::size_t number, std::string_view line) {
        const auto row = parse_interval_line(line, by_resource(stated));
        if (row && std::exchange(resource, row->resource) != row->resource) last.reset();
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
  std::vector<core::IntervalPart> marked;
  for (const auto& parts : by_resource(stated, listed)) {
    core::IntervalRuns runs = core::runs_of(parts);
    core::mark_lost(stated.terms().formula, runs);
    const auto own = core::Intervals(runs).unpacked();
    marked.insert(marked.end(), own.begin(), own.end());
  }
  for (const auto& [index, line] : listed.lines) {
    if (marked[index].below_100()) continue;
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
  core::ByResource each;
  for (std::vector<core::IntervalPart>& parts : by_resource(stated, listed)) {
    std::uint64_t silent = by_resource(stated) ? 0 : stated.silent;
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
    each.push_back(core::runs_of(parts));
  }
  return core::uptime_of(stated.terms(), each, core::Reading::as_measured);
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
  if (listed.intervals != stated.intervals) {
    findings.differs(fmt::format("claim.json: expected {} intervals in the billing cycle, got {}",
                                 listed.intervals, stated.intervals));
  }
  if (!by_resource(stated) && stated.silent + stated.below_100 > stated.intervals) {
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
  std::map<std::size_t, std::uint64_t> left;  // by the index of an interval
  for (const auto& [index, line] : listed.lines) left[index] = listed.logged[index];
  std::map<std::size_t, std::uint64_t> surplus;
  const auto interval_text = [&](std::size_t index) {
    const auto nth = static_cast<int>(index % listed.intervals);
    const std::string begin = core::to_text(stated.cycle.begin + nth * listed.interval);
    return by_resource(stated)
               ? fmt::format("{} of {}", begin, stated.terms().resources[index / listed.intervals])
               : begin;
  };
  Judge judge(stated.terms());
  core::Instant before = core::Instant::min();
  for (const std::string& name : request_logs(stated)) {
    const auto read = read_lines(folder, name, [&](std::size_t number, std::string_view line) {
      const auto row = parse_request_line(line, by_resource(stated));
      const std::string fault = row ? fault_of(*row, judge, listed, before) : row.error().message;
      if (!fault.empty()) findings.differs(fmt::format("{}:{}: {}", name, number, fault));
      if (!row) return;
      before = row->shown.at;
      if (first.size() < kShownRequests) first.push_back(row->shown);
      const auto index = index_of(stated, listed, row->interval, row->shown.resource);
      if (!index) {
        return findings.differs(
            fmt::format("{}:{}: expected an interval of intervals.log, got another", name, number));
      }
      const auto interval = left.find(*index);
      if (interval == left.end() || interval->second == 0) {
        ++surplus[*index];
      } else {
        --interval->second;
      }
    });
    if (!read) findings.differs(read.error());
  }
  for (const auto& [index, missing] : left) {
    if (missing == 0) continue;
    findings.differs(
        fmt::format("requests.log: expected {} more failed requests in the interval {}", missing,
                    interval_text(index)));
  }
  for (const auto& [index, count] : surplus) {
    findings.differs(
        fmt::format("requests.log: expected {} fewer failed requests in the interval {}", count,
                    interval_text(index)));
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
