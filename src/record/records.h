#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tally.h"
#include "record/batch.h"
#include "record/evidence.h"
#include "record/series.h"

// What a ledger takes and gives, beside batches.
namespace recoup::record {

// SeriesState is a series and where it left off, where that is known.
struct SeriesState {
  SeriesKey key;
  std::optional<Checkpoint> checkpoint;
};

// LogName is one log of an agreement, whatever files or days it came in.
struct LogName {
  SeriesKind kind = SeriesKind::file;
  std::string name;

  auto operator<=>(const LogName&) const = default;
};

// SeenSource is a probe or log that has counts in some time; one that sends from several vantage
// points is seen once for each.
struct SeenSource {
  LogName log;
  // That a file was read as, or the engine that was asked; empty where the ledger does not know.
  std::string format;
  bool compared = false;     // with the others, and not counted
  std::string vantage = {};  // of a probe or of SDKs; empty of a log

  auto operator<=>(const SeenSource&) const = default;
};

// LogTallies is what one log that is compared saw; of an empty name, what all counted logs saw
// together, without our own probes.
struct LogTallies {
  std::string log;
  core::Tallies tallies;
};

// SourceTallies is what one source of those that are counted saw: a probe or the SDKs from one
// vantage point, or a log.
struct SourceTallies {
  LogName source;
  std::string vantage;  // empty of a log
  core::Tallies tallies;
};

// LineRun is a run of a file's lines, kept to know them again wherever they come back
// (sources/logs/known_runs.h): all that stand in one are counted.
struct LineRun {
  std::int64_t id = 0;
  std::string file = {};  // name, log source and format of the file it was read with
  std::string log = {};
  std::string format = {};
  core::Minute earliest, latest;  // of the file's minutes
  bool cut = false;               // its last line had no newline
  std::string head = {};          // the prints of its first lines, by which it is found
  std::string prints = {};        // of all its lines; not read with the others
  bool followed = false;          // the file is one that is followed (record/followed.h)
};

// HourKeys is the keys of a file's lines of one hour (sources/logs/line_keys.h): 8 bytes each, in
// order. The bytes are another's.
struct HourKeys {
  core::Instant hour;
  std::string_view keys;
};

// ImportedFile is what is known of one log file that was read. A file is known by its content.
struct ImportedFile {
  std::string digest;  // SHA-256 of the content as read (decompressed)
  std::uint64_t bytes = 0;
  std::string name;  // as the user gave it
  // What of it is counted here: `requests`, `own` and `malformed` are without the `read_before`.
  std::uint64_t lines = 0, requests = 0, malformed = 0, own = 0;
  std::uint64_t read_before = 0;  // records that other files brought: counted with those
  std::string log = {};           // the log's id in the settings
  std::uint64_t errors = 0;       // of the requests, by the contract when it was read
  std::uint64_t indirect = 0;     // of the requests, made by other services of the provider
  core::Interval span = {};       // from its first request to behind its last
  core::Instant read = {};        // when it was read; 1970 where a version before noted none

  // Its records, blank and malformed lines apart, whatever ends a line: how many, and a hash of
  // them. 0 records: the file was read by a version that did not look.
  std::string format = {};
  std::uint64_t records = 0;
  std::uint64_t identity = 0;
  // The SHA-256 and the length of a packed file as it lies; empty of one that is not packed, or is
  // known by that in `digest`.
  std::string packed_digest = {};
  std::uint64_t packed_bytes = 0;

  SeriesKind kind = SeriesKind::file;  // of its series: sdk where local processes are its source

  // Which requests of it were looked at; all, where it has none outside.
  core::Interval only{{}, core::kOpenEnd};

  // What is to be found of it later. Empty where it is read back.
  std::vector<LineRun> runs = {};
  std::vector<HourKeys> keys = {};
};

// JournalEntry is something that may change what is known of a time that is over.
struct JournalEntry {
  enum class Kind {
    file,               // a log file was imported
    file_removed,       // and was taken back
    exclusion,          // the user took a time out of the measurement, or changed why
    exclusion_removed,  // and took that back
    gap,                // a time was recorded in which the service did not run
    compared,           // a log is compared from now on, and counted no more
    counted,            // and the other way round
    incident,          // the provider's own word of a trouble was taken down, or brought up to date
    incident_removed,  // and taken away
    resource,          // of which resource a source is was said, or said otherwise
    query,             // what another engine was asked has other counts now
  };

  // Whether what is counted may be other than before: a provider's word changes no figure.
  bool is_of_figures() const { return kind != Kind::incident && kind != Kind::incident_removed; }

  std::uint64_t id = 0;  // from 1, growing; entries of all agreements share the numbers
  Kind kind = Kind::file;
  core::Interval span;        // what it touches; empty where it touches nothing
  std::string text = {};      // the file's name, or the exclusion's reason
  std::string replaces = {};  // the digest of the file whose place it took, or empty
};

// Writer is the process that records for one vantage point, as another one is told that would do
// the same.
struct Writer {
  std::string vantage;
  std::string host;
  std::uint64_t process = 0;  // its id
  core::Instant since;
};

// Saved says where a ledger is that was moved, deleted or damaged while it was in use.
struct Saved {
  std::string path;
  bool elsewhere = false;  // not where the settings say: another file has that place
  std::string what = {};   // in words, with what may be missing
};

// EvidenceCheck sets an agreement's counts against its records of single requests.
struct EvidenceCheck {
  // A minute that has more records of an outcome than it counts.
  struct Excess {
    SeriesKey series;
    core::Minute minute;
    core::Outcome outcome;
    std::uint64_t counted = 0;
    std::uint64_t recorded = 0;
  };
  struct Total {
    core::Outcome outcome;
    std::uint64_t counted = 0;
    std::uint64_t recorded = 0;
  };

  std::vector<Excess> excess;  // the first one of each series
  std::vector<Total> totals;   // by outcome, of those that were counted
};

// ChainFault names the first record of a series that does not fit its chain.
struct ChainFault {
  SeriesKey series;
  std::uint64_t position = 0;  // of the record, from 1
  std::string what;            // in words
};

}  // namespace recoup::record
