#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "claim/timestamps.h"
#include "claim/verify/findings.h"
#include "claim/verify/read_back.h"
#include "core/counts.h"
#include "core/intervals.h"
#include "core/text.h"
#include "record/digest.h"
#include "record/time_token.h"

namespace recoup::claim {
namespace {

using core::Interval;
using core::Result;
using record::ReadStamp;
using record::StampedTime;

// The stamps that the folder has, in no order; their tokens are not checked yet.
Result<std::vector<ReadStamp>> read_stamps(const std::string& folder, const Stated& stated) {
  std::vector<ReadStamp> stamps;
  for (const StatedFile& file : stated.files) {
    if (!is_stamp_file(file.name) || !file.name.ends_with(".json")) continue;
    const auto text = read_whole(folder, file.name);
    if (!text) return text.error();
    auto document = record::parse_stamp(*text);
    if (!document) return core::Error{document.error().message, file.name};
    const std::string stem = fmt::format("{}/{}", kStampFolder, document->name());
    if (file.name != stem + ".json") {
      return core::Error{fmt::format("expected the name {}.json by what is in it", stem),
                         file.name};
    }
    auto token = read_whole(folder, stem + ".tsr");
    if (!token) return token.error();
    record::Stamp stamp{document->agreement, document->span, {}, *text, *std::move(token), {}};
    stamps.push_back({std::move(stamp), *std::move(document)});
  }
  if (stamps.empty()) return core::Error{"expected tokens, got none", kStampFolder};
  return stamps;
}

// In the order in which each names the token before it; fewer where that order breaks.
std::vector<ReadStamp> in_order(const std::vector<ReadStamp>& stamps) {
  std::map<std::string, const ReadStamp*> by_previous;
  std::set<std::string> tokens;
  for (const ReadStamp& one : stamps) {
    by_previous[one.document.previous] = &one;
    tokens.insert(record::sha256_hex(one.stamp.token));
  }
  const auto first = std::find_if(stamps.begin(), stamps.end(), [&](const ReadStamp& one) {
    return !tokens.contains(one.document.previous);
  });
  std::vector<ReadStamp> ordered;
  const ReadStamp* next = first == stamps.end() ? nullptr : &*first;
  while (next != nullptr && ordered.size() < stamps.size()) {
    ordered.push_back(*next);
    const auto found = by_previous.find(record::sha256_hex(next->stamp.token));
    next = found == by_previous.end() ? nullptr : found->second;
  }
  return ordered;
}

// Each token is of its document, by the authority, and later than what it is of and the one before.
std::set<std::string> check_tokens(StampedTime& stamped, const std::string& ca,
                                   Findings& findings) {
  std::set<std::string> signers;
  core::Instant before = core::Instant::min();
  for (ReadStamp& one : stamped.stamps) {
    const std::string file = fmt::format("{}/{}.tsr", kStampFolder, one.document.name());
    const auto token = record::check_token(one.stamp.token, {one.stamp.document, ca, {}, {}});
    if (!token) {
      findings.differs(fmt::format("{}: {}", file, token.error().message));
      continue;
    }
    signers.insert(fmt::format("{} (certificate {})", token->authority, token->fingerprint));
    one.stamp.at = token->at;
    if (token->at < before || (!one.document.seal && token->at < one.document.span.end)) {
      findings.differs(
          fmt::format("{}: expected a time after what it is of and after the token "
                      "before it, got {}",
                      file, core::to_text(token->at)));
    }
    before = token->at;
  }
  return signers;
}

// What is a document's of this claim.
void check_stamp_documents(const StampedTime& stamped, const Stated& stated, Findings& findings) {
  for (const ReadStamp& one : stamped.stamps) {
    const std::string file = fmt::format("{}/{}.json", kStampFolder, one.document.name());
    if (one.document.agreement != stated.agreement.id) {
      findings.differs(fmt::format("{}: expected the agreement {}, got {}", file,
                                   stated.agreement.id, one.document.agreement));
    }
    const auto& seal = one.document.seal;
    if (!seal || !stated.seal || seal->month != stated.month ||
        seal->revision != stated.seal->revision || seal->digest == stated.seal->digest) {
      continue;
    }
    findings.differs(fmt::format("{}: expected the digest {} of the seal in claim.json, got {}",
                                 file, stated.seal->digest, seal->digest));
  }
}

bool is_sealed_by(const StampedTime& stamped, const record::Seal& seal) {
  return std::any_of(stamped.stamps.begin(), stamped.stamps.end(), [&](const ReadStamp& one) {
    return one.document.seal && one.document.seal->digest == seal.digest;
  });
}

// Days whose counts are those that were signed, and the counts.
struct SignedDays {
  std::vector<Interval> days;
  core::Tallies tallies;
};

bool is_listed(const std::vector<Interval>& list, const Interval& days) {
  return std::find(list.begin(), list.end(), days) != list.end();
}

// The counts of each time against the digests that were signed.
SignedDays check_tallies(const std::string& folder, StampedTime& stamped, const Stated& stated,
                         Findings& findings) {
  SignedDays found;
  for (const ReadStamp& one : stamped.stamps) {
    const Interval& days = one.document.span;
    if (one.document.seal || !days.overlaps(stated.cycle) ||
        record::newest_of(stamped.stamps, days) != &one) {
      continue;
    }
    const std::string file = tallies_name(days.begin);
    auto text = read_whole(folder, file);
    const auto sources =
        text ? record::parse_sources(*text)
             : Result<std::vector<record::SourceTallies>>(core::Error{text.error().message, ""});
    if (!sources) {
      findings.differs(fmt::format("{}{}{}: {}", file, sources.error().where.empty() ? "" : ":",
                                   sources.error().where, sources.error().message));
      continue;
    }
    std::vector<record::StampedSource> now;
    std::string again;
    for (const record::SourceTallies& source : *sources) {
      now.push_back(record::stamped_source(source));
      again += record::canonical_source(source);
    }
    const bool same = now == one.document.sources && again == *text;
    stamped.texts[days.begin] = *std::move(text);
    if (same == is_listed(stated.changed, days)) {
      findings.differs(
          same ? fmt::format("claim.json: expected {} as signed, got it as changed since",
                             days_text(days))
               : fmt::format("{}: expected the counts that {}/{}.json has the digests of, got "
                             "others",
                             file, kStampFolder, one.document.name()));
    }
    if (!same) continue;
    found.days.push_back(days);
    for (const record::SourceTallies& source : *sources) found.tallies.merge(source.tallies);
  }
  return found;
}

bool same_counts(const core::IntervalPart& a, const core::IntervalPart& b) {
  return a.requests == b.requests && a.errors == b.errors && a.not_requests == b.not_requests &&
         a.unattributed == b.unattributed;
}

// Whether what an interval comes to depends on those before it.
bool looks_back(const core::Formula& formula) {
  const auto* ratio = std::get_if<core::RequestRatio>(&formula);
  return ratio != nullptr && ratio->repeats > std::chrono::minutes(0);
}

// The counts of each interval, made again from those that were signed. How many were compared.
std::uint64_t check_intervals(const SignedDays& found, const Stated& stated, Findings& findings) {
  if (auto done = found.tallies.check_total(); !done) {
    findings.differs(done.error());
    return 0;
  }
  core::Counts counts(stated.terms(), stated.cycle);
  counts.add(found.tallies);
  const core::Intervals made(core::together(counts.by_resource()));
  const core::Intervals claimed(core::together(stated.counts));
  const core::Millis length = stated.terms().interval();
  if (made.size() != claimed.size()) return 0;  // said of claim.json
  std::vector<Interval> days = found.days;
  std::sort(days.begin(), days.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  // Days that adjoin are one time: an interval may lie in both.
  std::vector<Interval> times;
  for (const Interval& one : days) {
    if (!times.empty() && times.back().end >= one.begin) {
      times.back().end = std::max(times.back().end, one.end);
    } else {
      times.push_back(one);
    }
  }
  if (looks_back(stated.terms().formula) && times.size() > 1) times.resize(1);
  std::uint64_t compared = 0;
  std::vector<core::IntervalPart> parts = claimed.unpacked();
  std::vector<core::IntervalPart> signed_parts = made.unpacked();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const core::Instant begin = stated.cycle.begin + static_cast<int>(i) * length;
    const core::Instant end = std::min(begin + length, stated.cycle.end);
    const bool inside = std::any_of(times.begin(), times.end(), [&](const Interval& time) {
      return time.begin <= begin && end <= time.end;
    });
    if (!inside) continue;
    ++compared;
    if (same_counts(parts[i], signed_parts[i])) continue;
    findings.differs(fmt::format(
        "claim.json: expected {} Requests and {} Errors in the interval {}, by the counts that "
        "were signed, got {} and {}",
        signed_parts[i].requests, signed_parts[i].errors, core::to_text(begin), parts[i].requests,
        parts[i].errors));
  }
  return compared;
}

// Without the marks behind it, which the request log does not show: "503/SlowDown".
std::string plain_text(const core::Outcome& outcome) {
  const std::string text = core::to_text(outcome);
  return text.substr(0, text.find('!'));
}

// No minute of the request log has more failed requests than were counted and signed.
void check_signed_requests(const std::string& folder, const SignedDays& found, const Stated& stated,
                           Findings& findings) {
  std::map<std::pair<core::Minute, std::string>, std::uint64_t> left;
  for (const core::Tallies::Row& row : found.tallies.rows()) {
    left[{row.minute, plain_text(found.tallies.outcomes()[row.outcome])}] += row.count;
  }
  for (std::size_t part = 1;; ++part) {
    const std::string name = requests_log_name(part);
    const auto read = read_lines(folder, name, [&](std::size_t number, std::string_view line) {
      const auto row = parse_request_line(line, stated.counts.size() > 1);
      if (!row || row->shown.error.find('*') != std::string::npos) return;
      const bool inside =
          std::any_of(found.days.begin(), found.days.end(),
                      [&](const Interval& days) { return days.contains(row->shown.at); });
      if (!inside) return;
      const core::Minute minute = core::minute_of(row->shown.at);
      std::uint64_t& count = left[{minute, plain_text(row->outcome)}];
      if (count == 0) {
        return findings.differs(fmt::format(
            "{}:{}: expected no more requests that ended in {} in the minute {} than "
            "were signed",
            name, number, plain_text(row->outcome), core::to_text(core::Instant(minute))));
      }
      --count;
    });
    if (!read) return;  // there is no further part; one that is missing is said of claim.json
  }
}

// claim.json names the days without a token, but for those that were not over when it was written.
void check_missing(const StampedTime& stamped, const Stated& stated, Findings& findings) {
  std::vector<Interval> found = record::uncovered(stated.cycle, stamped.stamps);
  if (found == stated.missing) return;
  if (!found.empty() && found.back().end == stated.cycle.end) {
    if (stated.missing.size() + 1 == found.size()) {
      found.pop_back();
    } else if (stated.missing.size() == found.size() &&
               stated.missing.back().begin == found.back().begin &&
               stated.missing.back().end <= found.back().end) {
      found.back().end = stated.missing.back().end;
    }
  }
  if (found != stated.missing) {
    findings.differs("claim.json: expected the days without a token that there are, got others");
  }
}

// What the tokens leave open.
void say_open(const StampedTime& stamped, const Stated& stated, Findings& findings) {
  findings.unchecked(
      "that the counts were true when they were signed: a token shows that they have not changed "
      "since its time");
  if (const auto days = record::uncovered(stated.cycle, stamped.stamps); !days.empty()) {
    findings.unchecked(
        fmt::format("when {} was recorded: there is no token of it", days_list(days)));
  }
  if (!stated.changed.empty()) {
    findings.unchecked(
        fmt::format("the counts of {}: they changed after they were signed, and are not those that "
                    "were",
                    days_list(stated.changed)));
  }
  for (const ReadStamp& one : stamped.stamps) {
    if (one.document.seal || one.document.revision == 1 ||
        !one.document.span.overlaps(stated.cycle)) {
      continue;
    }
    findings.unchecked(fmt::format(
        "the counts of {} before {}: they changed after they were "
        "signed, and were signed again: {}",
        days_text(one.document.span), core::to_text(one.stamp.at), one.document.reason));
  }
  if (stated.seal && !is_sealed_by(stamped, *stated.seal)) {
    findings.unchecked("when the seal was made: there is no token of it");
  }
}

}  // namespace

std::shared_ptr<const StampedTime> check_timestamps(const std::string& folder, const Stated& stated,
                                                    const Known& known, Findings& findings) {
  if (!stated.timestamps) {
    findings.unchecked(
        "when it was recorded: the claim has no tokens by which a third party signed the time");
    return nullptr;
  }
  findings.check("each token is of its document, and of a time after the one before it");
  const auto read = read_stamps(folder, stated);
  if (!read) {
    findings.differs(read.error());
    return nullptr;
  }
  StampedTime stamped;
  stamped.stamps = in_order(*read);
  if (stamped.stamps.size() != read->size()) {
    findings.differs(
        fmt::format("{}: expected tokens of which each names the one before it, got "
                    "{} in a row of {}",
                    kStampFolder, stamped.stamps.size(), read->size()));
    return nullptr;
  }
  const auto own = read_whole(folder, kStampCa);
  if (!own) {
    findings.differs(own.error());
    return nullptr;
  }
  const auto signers = check_tokens(stamped, known.ca.empty() ? *own : known.ca, findings);
  findings.basis().tokens = known.ca.empty() ? Basis::Trust::unvouched : Basis::Trust::vouched;
  check_stamp_documents(stamped, stated, findings);
  stamped.stamps.front().stamp.chain = *own;
  stamped.missing = stated.missing;
  stamped.changed = stated.changed;
  findings.check("claim.json says which days have a token");
  check_missing(stamped, stated, findings);
  findings.check("the counts of each day are those whose digests were signed");
  const SignedDays found = check_tallies(folder, stamped, stated, findings);
  findings.check("the Requests and Errors of each interval are those that were signed");
  const std::uint64_t compared = check_intervals(found, stated, findings);
  check_signed_requests(folder, found, stated, findings);
  findings.check(fmt::format("{}, signed by {}; {} of {} intervals counted again from them",
                             core::counted(stamped.stamps.size(), "token"),
                             core::listed({signers.begin(), signers.end()}), compared,
                             stated.intervals));
  findings.check({});
  if (known.ca.empty()) {
    findings.unchecked(fmt::format(
        "whose the tokens are: they rest on the certificates in {}, which nobody vouched for here: "
        "give --ca with the authority's own",
        kStampCa));
  }
  say_open(stamped, stated, findings);
  return std::make_shared<const StampedTime>(std::move(stamped));
}

}  // namespace recoup::claim
