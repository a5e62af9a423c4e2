#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/evidence.h"
#include "core/tally.h"

namespace recoup::ledger {

enum class SeriesKind { probe, log };

// SeriesKey says where tallies came from: a probe of one vantage point, or one file of a log
// source.
struct SeriesKey {
  std::string agreement;
  SeriesKind kind = SeriesKind::probe;
  std::string name;  // the probe's or the log source's id
  std::string part;  // the vantage point, or the file's digest

  auto operator<=>(const SeriesKey&) const = default;
};

using SeriesId = std::int64_t;

struct OutcomeCount {
  core::Outcome outcome;
  std::uint64_t count = 0;

  bool operator==(const OutcomeCount&) const = default;
};

// SeriesMinute is the whole tally of one series and minute: writing it again, or a later one,
// replaces the counts it names.
struct SeriesMinute {
  SeriesId series = 0;
  core::Minute minute;
  std::vector<OutcomeCount> counts;
};

struct SeriesEvidence {
  SeriesId series = 0;
  core::Evidence evidence;
};

// Up to which due instant everything of a probe's series is in the ledger.
struct Accounted {
  SeriesId series = 0;
  core::Instant until;  // the last due instant that is accounted for
  core::Millis every;   // the period the probe had
};

struct SeriesGap {
  SeriesId series = 0;
  core::Gap gap;
};

// A step of the wall clock, found while the service ran.
struct ClockStep {
  core::Instant at;    // wall time after the step
  core::Millis by{0};  // forward is positive
};

// Batch is what one transaction makes durable. All of it is absolute: a batch that was written, or
// half believed lost, may be written again.
struct Batch {
  std::vector<SeriesMinute> minutes = {};
  std::vector<SeriesEvidence> evidence = {};
  std::vector<Accounted> accounted = {};
  std::vector<SeriesGap> gaps = {};
  std::vector<ClockStep> clock_steps = {};

  bool empty() const {
    return minutes.empty() && evidence.empty() && accounted.empty() && gaps.empty() &&
           clock_steps.empty();
  }
};

// ImportedFile is what is known of one log file that was read. A file is known by its content.
struct ImportedFile {
  std::string digest;  // SHA-256 of the content as read (decompressed)
  std::uint64_t bytes = 0;
  std::string name;  // as the user gave it
  std::uint64_t lines = 0, requests = 0, malformed = 0, own = 0;
};

// Ledger keeps what was seen, tallies, evidence, gaps and imported files, and what the user
// excluded from it. Durable: what a call acknowledged is there after a crash at any later instant.
// One ledger object is used by one thread at a time; several processes may read one ledger while
// one service writes it.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // The id of the series; adds it when it is new.
  virtual core::Result<SeriesId> series(const SeriesKey& key) = 0;

  // The ids of many series, in their order; adds the new ones in one transaction.
  virtual core::Result<std::vector<SeriesId>> series(const std::vector<SeriesKey>& keys) = 0;

  // Writes all of the batch or nothing, durably, in one transaction. Evidence that is there already
  // stays as it is; a gap replaces one of the same series and begin; what a series is accounted for
  // only moves forward.
  virtual core::Result<void> write(const Batch& batch) = 0;

  // The stored tally of one series and minute; empty where there is none.
  virtual core::Result<std::vector<OutcomeCount>> counts(SeriesId series, core::Minute minute) = 0;

  // Up to when a probe's series is accounted for; nothing for a new one.
  virtual core::Result<std::optional<Accounted>> accounted(SeriesId series) = 0;

  // What all series of the agreement saw in [begin, end), and the gaps that overlap it, cut to it
  // (core::Gap::cut_to): the tallies of adjoining spans add up.
  virtual core::Result<core::Tallies> tallies(const std::string& agreement,
                                              const core::Interval& span) = 0;

  // Calls `each` for all evidence of the agreement in [begin, end), by time, then series and tie.
  // `each` may not use the ledger.
  virtual core::Result<void> evidence(const std::string& agreement, const core::Interval& span,
                                      const std::function<void(const core::Evidence&)>& each) = 0;

  // The files read for the agreement, from all its log sources, oldest first.
  virtual core::Result<std::vector<ImportedFile>> files(const std::string& agreement) = 0;

  // Puts one file's whole content in the ledger, in one transaction: its series (kind log, part =
  // digest), minutes and evidence, whose series ids are set here. Removes first what the file
  // `replaces` (a digest, or empty), of which it is a longer copy; that it is not there is an
  // error. Does nothing, and says so with false, if the agreement has the file already, from
  // whichever log source.
  virtual core::Result<bool> import(const std::string& agreement, const std::string& log,
                                    const ImportedFile& file, const Batch& content,
                                    const std::string& replaces) = 0;

  // Keeps a time that the user takes out of the measurement. One of the same begin and end takes
  // its place; others may overlap it. Its span is not empty.
  virtual core::Result<void> exclude(const std::string& agreement,
                                     const core::ExclusionWindow& window) = 0;

  // Takes the exclusion of exactly this begin and end back; whether there was one.
  virtual core::Result<bool> remove_exclusion(const std::string& agreement,
                                              const core::Interval& span) = 0;

  // All exclusions of the agreement, by begin, then end.
  virtual core::Result<std::vector<core::ExclusionWindow>> exclusions(
      const std::string& agreement) = 0;

  // All steps of the wall clock found in [begin, end).
  virtual core::Result<std::vector<ClockStep>> clock_steps(const core::Interval& span) = 0;
};

// Opens "sqlite:PATH" (or "sqlite::memory:"), making it when it is not there. Other schemes, a
// file that is no ledger, and a ledger of a newer version are errors that say what to do.
core::Result<std::unique_ptr<Ledger>> open_ledger(const std::string& url);

}  // namespace recoup::ledger
