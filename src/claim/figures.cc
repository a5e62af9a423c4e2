#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/findings.h"
#include "claim/read_back.h"
#include "claim/words.h"
#include "core/money.h"

namespace recoup::claim {
namespace {

using core::Ratio;

void check_stated_files(const std::string& folder, const Stated& stated, Findings& findings) {
  findings.check("every file has the SHA-256 that claim.json says");
  for (const StatedFile& file : stated.files) {
    if (file.name.find('/') != std::string::npos) {
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

// What intervals.log adds up to.
struct Sums {
  Ratio lost;  // the sum of errors / requests
  std::uint64_t lines = 0;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t unlogged = 0;
  std::map<core::Instant, std::uint64_t> logged;  // by the interval's begin
};

// What is wrong with one line by itself and after the line before; empty if nothing is.
std::string fault_of(const IntervalLine& row, const Stated& stated,
                     const std::optional<core::Instant>& last) {
  const core::Interval& span = row.span;
  if (!stated.cycle.contains(span.begin) ||
      (span.begin - stated.cycle.begin) % stated.interval != core::Millis(0)) {
    return fmt::format("expected an interval of the billing cycle's grid, got one from {}",
                       core::to_text(span.begin));
  }
  if (span.end != std::min(span.begin + stated.interval, stated.cycle.end)) {
    return fmt::format("expected the interval's end, got {}", core::to_text(span.end));
  }
  if (last && span.begin <= *last) return "expected the intervals by time, each once";
  if (row.errors == 0 || row.errors > row.requests || row.logged > row.errors) {
    return fmt::format("expected 1 to {} errors, and no more of them logged, got {} and {}",
                       row.requests, row.errors, row.logged);
  }
  const std::string availability =
      percent_text(Ratio::whole(row.requests - row.errors) / Ratio::whole(row.requests));
  if (row.availability != availability) {
    return fmt::format("expected the Availability {}, got {}", availability, row.availability);
  }
  return {};
}

Sums read_intervals(const std::string& folder, const Stated& stated, Findings& findings) {
  findings.check("every line of intervals.log agrees with itself");
  Sums sums;
  std::map<std::uint64_t, std::uint64_t> errors_by_size;  // whole numbers add up faster
  std::optional<core::Instant> last;
  const auto read =
      read_lines(folder, "intervals.log", [&](std::size_t number, std::string_view line) {
        const auto row = parse_interval_line(line);
        const std::string fault = row ? fault_of(*row, stated, last) : row.error().message;
        if (!fault.empty())
          return findings.differs(fmt::format("intervals.log:{}: {}", number, fault));
        last = row->span.begin;
        ++sums.lines;
        sums.requests += row->requests;
        sums.errors += row->errors;
        sums.unlogged += row->errors - row->logged;
        sums.logged[row->span.begin] = row->logged;
        errors_by_size[row->requests] += row->errors;
      });
  if (!read) findings.differs(read.error());
  for (const auto& [size, errors] : errors_by_size) {
    sums.lost += Ratio::whole(errors) / Ratio::whole(size);
  }
  return sums;
}

void check_count(Findings& findings, std::string_view what, std::uint64_t stated,
                 std::uint64_t found) {
  if (stated != found) {
    findings.differs(fmt::format("intervals.log: expected {} {} as claim.json says, got {}", stated,
                                 what, found));
  }
}

void check_counts(const Stated& stated, const Sums& sums, Findings& findings) {
  findings.check(fmt::format("intervals.log has {} intervals and {} Errors, as claim.json says",
                             sums.lines, sums.errors));
  const auto length = stated.cycle.length();
  const auto all = (length + stated.interval - core::Millis(1)) / stated.interval;
  if (length <= core::Millis(0) || static_cast<std::uint64_t>(all) != stated.intervals) {
    findings.differs(fmt::format("claim.json: expected {} intervals in the billing cycle, got {}",
                                 all, stated.intervals));
  }
  check_count(findings, "intervals below 100 %", stated.below_100, sums.lines);
  check_count(findings, "Errors", stated.errors, sums.errors);
  check_count(findings, "Errors without a record", stated.without_record, sums.unlogged);
  if (sums.requests > stated.requests) {
    findings.differs(
        fmt::format("intervals.log: expected at most {} requests as claim.json says, got {}",
                    stated.requests, sums.requests));
  }
}

void check_uptime(const Stated& stated, const Ratio& uptime, Findings& findings) {
  findings.check(fmt::format("the Monthly Uptime Percentage is {} %, from intervals.log",
                             percent_text(uptime)));
  if (uptime != stated.uptime) {
    findings.differs(
        fmt::format("claim.json: expected the uptime {} % as intervals.log adds up to, got {} %",
                    percent_text(uptime), percent_text(stated.uptime)));
  }
  if (stated.uptime_percent != percent_text(stated.uptime)) {
    findings.differs(
        fmt::format("claim.json: expected the percentage {} of its own fraction, got {}",
                    percent_text(stated.uptime), stated.uptime_percent));
  }
}

void check_credit(const Stated& stated, const Ratio& uptime, Findings& findings) {
  const auto tier =
      std::find_if(stated.tiers.begin(), stated.tiers.end(), [&](const StatedTier& t) {
        return uptime < t.below && (!t.at_least || uptime >= *t.at_least);
      });
  if (uptime >= stated.commitment || tier == stated.tiers.end()) {
    findings.differs(
        fmt::format("claim.json: expected an uptime that a tier gives a credit for, got {} %",
                    percent_text(uptime)));
    return;
  }
  const std::string amount = core::amount_text({stated.charges * tier->credit, stated.currency});
  findings.check(fmt::format("the credit is {} % of the charges, {} {}", tier->percent, amount,
                             stated.currency));
  if (stated.credit_percent != tier->percent) {
    findings.differs(fmt::format("claim.json: expected a credit of {} % by its tiers, got {} %",
                                 tier->percent, stated.credit_percent));
  }
  if (stated.amount != amount) {
    findings.differs(
        fmt::format("claim.json: expected the amount {}, got {}", amount, stated.amount));
  }
}

// The line of the body that begins with `begin` must go on with `rest`.
void check_body_line(std::string_view body, std::string_view begin, const std::string& rest,
                     Findings& findings) {
  const auto at = body.find(fmt::format("\n{}", begin));
  if (at == std::string_view::npos)
    return findings.differs(fmt::format("body.md: expected a line '{}…'", begin));
  const auto number =
      std::count(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(at) + 1, '\n');
  body.remove_prefix(at + 1 + begin.size());
  if (!body.starts_with(rest)) {
    findings.differs(fmt::format("body.md:{}: expected {}, got '{}'", number + 1, rest,
                                 body.substr(0, std::min(body.find('\n'), std::size_t{120}))));
  }
}

void check_body(const std::string& folder, const Stated& stated, const Ratio& uptime,
                Findings& findings) {
  findings.check("the figures of body.md are those of claim.json");
  const auto body = read_whole(folder, "body.md");
  if (!body) return findings.differs(body.error());
  check_body_line(*body, kPercentLine, percent_text(uptime) + " %", findings);
  check_body_line(*body, kExactLine, fraction_text(uptime) + " |", findings);
  check_body_line(*body, kAmountLine, stated.amount + ' ' + stated.currency, findings);
}

void check_requests(const std::string& folder, const Stated& stated, const Sums& sums,
                    Findings& findings) {
  findings.check("requests.log has the failed requests of each interval");
  std::map<core::Instant, std::uint64_t> left = sums.logged;
  std::map<core::Instant, std::uint64_t> surplus;
  const std::set<std::uint64_t> statuses(stated.error_statuses.begin(),
                                         stated.error_statuses.end());
  const auto read =
      read_lines(folder, "requests.log", [&](std::size_t number, std::string_view line) {
        const auto row = parse_request_line(line);
        if (!row)
          return findings.differs(fmt::format("requests.log:{}: {}", number, row.error().message));
        if (!statuses.contains(row->status)) {
          findings.differs(fmt::format("requests.log:{}: expected an Error's status, got {}",
                                       number, row->status));
        }
        if (row->at < row->interval || row->at >= row->interval + stated.interval) {
          findings.differs(
              fmt::format("requests.log:{}: expected the interval that holds {}, got {}", number,
                          core::to_text(row->at), core::to_text(row->interval)));
        }
        const auto interval = left.find(row->interval);
        if (interval == left.end() || interval->second == 0) {
          ++surplus[row->interval];
        } else {
          --interval->second;
        }
      });
  if (!read) findings.differs(read.error());
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
}

}  // namespace

void check_figures(const std::string& folder, Findings& findings) {
  findings.check("claim.json can be read");
  const auto text = read_whole(folder, "claim.json");
  if (!text) return findings.differs(text.error());
  const auto parsed = parse_claim_json(*text);
  if (!parsed) return findings.differs(parsed.error());
  const Stated& stated = *parsed;
  check_stated_files(folder, stated, findings);
  const Sums sums = read_intervals(folder, stated, findings);
  check_counts(stated, sums, findings);
  if (stated.intervals == 0) return;
  const Ratio all = Ratio::whole(stated.intervals);
  const Ratio uptime = (all - sums.lost) / all;
  check_uptime(stated, uptime, findings);
  check_credit(stated, uptime, findings);
  check_body(folder, stated, uptime, findings);
  check_requests(folder, stated, sums, findings);
}

}  // namespace recoup::claim
