#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome_table.h"
#include "core/result.h"
#include "core/tally.h"
#include "core/time.h"
#include "documents/content.h"
#include "record/evidence.h"
#include "sources/logs/content_digest.h"
#include "sources/logs/failures.h"
#include "sources/logs/line_keys.h"
#include "sources/logs/line_prints.h"
#include "sources/logs/log_counts.h"

namespace recoup::sources {

// A line, or another piece of a log, that is no record of the format, and why.
struct MalformedLine {
  std::uint64_t number = 0;   // from 1
  std::string_view expected;  // "expected a time like …"; lives as long as the program
  std::string text;           // as it may be shown: redacted, at most 200 characters
};

// How many malformed lines of a file are kept, and how much of each.
constexpr std::size_t kMostExamples = 20;
constexpr std::size_t kLongestExample = 200;

// The error of a log's content, which is in that file.
core::Error in_file(core::Error error, const std::string& path);

// LikelyFormat is what a log looks like by its first lines.
struct LikelyFormat {
  std::string name;         // in words: "a CloudFront standard log"; empty where it is not known
  std::string_view format;  // what an import calls it; empty where it is not known

  bool operator==(const LikelyFormat&) const = default;
};

// Nearby is when a line was that could not be read: it may be a request of the minute of the record
// before it, or of the first one where it stands before that. It counts as core::Unread where that
// record counts.
struct Nearby {
  std::optional<core::Minute> minute;  // of the last record; none: there was none yet
  bool counts = false;                 // whether that counts
  std::uint64_t unread = 0;            // lines that wait for a record
};

// LogContent is what one log file says. lines = empty + own + others + malformed + outside + of
// others + read before + requests' (+ headers); a record is one request, or in `counts` as many as
// its count.
struct LogContent {
  std::string digest;                   // SHA-256 of the content, decompressed
  documents::Content::AsItLies packed;  // of the file
  std::string_view format;              // that it was read as: the name of one of formats()
  std::uint64_t bytes = 0;              // of the content
  std::uint64_t lines = 0;
  std::uint64_t empty = 0;  // lines with nothing but white space
  std::uint64_t requests = 0;
  std::uint64_t malformed = 0;          // lines
  std::uint64_t own = 0;                // lines of our own probes: not counted as requests
  std::uint64_t others = 0;             // lines of something else than requests: connections
  std::uint64_t of_others = 0;          // attempts of services, Regions and clients nobody wants
  std::uint64_t outside = 0;            // records of another time than what was asked for
  std::uint64_t read_before = 0;        // records that were left out: they were counted before
  std::vector<MalformedLine> examples;  // the first malformed lines, at most 20
  LogCounts counts;                     // of the requests, by minute and outcome
  std::vector<core::Unseen> unseen;     // times of which the log itself says that it lacks some
  std::uint64_t missing = 0;            // attempts, about: how many it lacks
  core::Instant first = core::kOpenEnd, last;  // of the requests; only where there are some
  Failures failures;                           // of what is worth a record; none in `counts`
  LinePrints records;       // of all lines that are records, the left out ones too
  LineKeys keys;            // of those with an id, without the left out ones
  Nearby nearby;            // as it is at the end
  bool cut = false;         // the last record's line has no newline: it may be half of a line
  LikelyFormat looks_like;  // where there are malformed lines and no records
  bool known = false;       // a known file has this very content
  std::string replaces;     // the digest of the longest known file that this one replaces
};

// Intake takes what a format's reader finds in a log. One thread.
class Intake {
 public:
  // What a ledger holds of one count: 2^63 - 1.
  static constexpr std::uint64_t kMostRequests = core::kMostCounted;

  // `path` is named in errors. Records in `left_out`, in order, were counted before, as were those
  // whose keys are known; the list outlives the intake. `worth`: which outcomes are worth a record,
  // beside what failed. Records that are not of the time `only` are passed over.
  Intake(std::string path, const std::vector<RecordSpan>& left_out, record::WorthARecord worth,
         const core::Interval& only = {{}, core::kOpenEnd}, KnownKeys keys = {})
      : path_(std::move(path)),
        left_out_(left_out),
        keys_(std::move(keys)),
        worth_(std::move(worth)),
        only_(only) {}

  // What was read of the log before, when it goes on: its lines and records, and their hash.
  struct Before {
    std::uint64_t lines = 0, records = 0, identity = 0;
    Nearby nearby = {};
  };
  void go_on(const Before& before) {
    content_.lines = before.lines;
    content_.nearby = before.nearby;
    content_.records.go_on(before.records, before.identity);
  }

  // What takes the digest of the same bytes, in turns with the reader; it outlives the intake.
  void digest(ContentDigest& digest) { digest_ = &digest; }

  // The reader has read up to there, of what it was given.
  void reach(const char* p) {
    if (digest_ != nullptr) digest_->reach(p);
  }

  // The digest may go on, wherever the reader is.
  void turn() {
    if (digest_ != nullptr) digest_->turn();
  }

  // The number of the next line, from 1.
  std::uint64_t next_line() { return ++content_.lines; }

  // The next record: the text that it is known again by, and when it was. `open`: it is the last
  // one, and may be half of one. `has_id`: it has an id of its request, so that it is known by
  // itself (line_keys.h). Whether it counts: one that was read before does not.
  bool record(std::string_view text, core::Instant at, bool open = false, bool has_id = false) {
    return record(text_hash(text), at, open, has_id);
  }

  // The same of a text whose text_hash() is known.
  bool record(std::uint64_t hash, core::Instant at, bool open = false, bool has_id = false) {
    if (!is_asked_for(at)) {
      ++content_.outside;
      beside(false, at);
      return false;
    }
    bool counts = !is_left_out(content_.records.prints().size());
    content_.records.add(hash, minute_of(at));
    if (has_id && !open) {
      counts = !keys_.leaves_out(hash) && counts;
      if (counts) content_.keys.add(at, hash);
    }
    content_.cut = open;
    content_.read_before += counts ? 0 : 1;
    beside(counts, at);
    return counts;
  }

  // Takes lines that are requests of one time and outcome, by the text_hash() of each, as record()
  // and count() would one by one. False, and nothing is taken: they are to be looked at one by one.
  template <std::size_t kLines>
  bool take_alike(const std::array<std::uint64_t, kLines>& hashes, core::Instant at,
                  core::OutcomeTable::Id outcome) {
    if (!is_asked_for(at) || next_ < left_out_.size() || is_worth(outcome)) return false;
    content_.lines += kLines;
    const core::Minute minute = minute_of(at);
    for (const std::uint64_t hash : hashes) content_.records.add(hash, minute);
    content_.cut = false;
    beside(true, at);
    count(at, outcome, kLines);
    return true;
  }

  // Numbers of outcomes for count() and keep().
  core::OutcomeTable& outcomes() { return content_.counts.outcomes(); }

  // So many requests of the record came to the outcome. They must have room; where they have none,
  // the log is refused as a whole, which its reader says when it has taken a part.
  void count(core::Instant at, core::OutcomeTable::Id outcome, std::uint64_t by) {
    content_.requests += by;
    content_.counts.add(minute_of(at), outcome, by);
    content_.first = std::min(content_.first, at);
    content_.last = std::max(content_.last, at);
  }
  bool has_room(std::uint64_t by) const { return by <= kMostRequests - content_.requests; }
  void refuse(std::uint64_t line);
  const core::Result<void>& state() const { return state_; }

  // Whether a request with this outcome is worth a record of its own, and keeps one.
  bool is_worth(core::OutcomeTable::Id outcome) {
    return outcome < is_worth_.size() ? is_worth_[outcome] : ask_worth(outcome);
  }
  void keep(const Failures::Record& failure) { content_.failures.add(failure); }

  void own() { ++content_.own; }
  void other() { ++content_.others; }
  void of_others() { ++content_.of_others; }

  // So many requests of that time are not in the log, about.
  void missing(std::uint64_t requests, core::Unseen of) {
    content_.missing += requests;
    const bool is_told = !content_.unseen.empty() && content_.unseen.back().span == of.span;
    if (!is_told) content_.unseen.push_back(std::move(of));
  }
  void empty() { ++content_.empty; }
  // A line that is no record. `open`: it is the last one, and may be half of one: then it may yet
  // be read as a whole, and is no request until then.
  void malformed(std::uint64_t line, std::string_view expected, std::string_view text,
                 bool open = false);

  // The format that the log is read as.
  void is_of(std::string_view format) { content_.format = format; }

  // What the log looks like where nothing in it is of the format.
  void looks_like(LikelyFormat likely) { content_.looks_like = std::move(likely); }

  const LogContent& content() const { return content_; }
  LogContent& content() { return content_; }

 private:
  // `record` never goes back.
  bool is_left_out(std::uint64_t record) {
    while (next_ < left_out_.size() && left_out_[next_].end <= record) ++next_;
    return next_ < left_out_.size() && left_out_[next_].begin <= record;
  }
  bool ask_worth(core::OutcomeTable::Id outcome);

  // 1970 is no limit: a clock that was never set is read as it was written.
  bool is_asked_for(core::Instant at) const {
    return at < only_.end && (at >= only_.begin || only_.begin == core::Instant{});
  }

  // Mostly it is that of the record before.
  core::Minute minute_of(core::Instant at) {
    if (at < minute_ || at >= minute_ + std::chrono::minutes(1)) minute_ = core::minute_of(at);
    return minute_;
  }

  void beside(bool counts, core::Instant at) {
    content_.nearby.counts = counts;
    content_.nearby.minute = minute_of(at);
    if (content_.nearby.unread > 0) note_unread();
  }
  void note_unread();

  std::string path_;
  const std::vector<RecordSpan>& left_out_;
  std::size_t next_ = 0;  // of left_out_
  KnownKeys keys_;
  record::WorthARecord worth_;
  core::Interval only_;
  std::vector<bool> is_worth_;  // by outcome
  LogContent content_;
  core::Result<void> state_;
  core::Minute minute_{};  // of a record, the last one asked for
  ContentDigest* digest_ = nullptr;
};

}  // namespace recoup::sources
