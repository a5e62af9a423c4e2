#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "documents/content.h"
#include "record/evidence.h"
#include "sources/logs/content_digest.h"
#include "sources/logs/format_options.h"
#include "sources/logs/intake.h"
#include "sources/source.h"

namespace recoup::sources {

// How a log is read.
struct LogReading {
  std::string format;                     // one of formats(), or kAutoFormat
  std::vector<KnownFile> known = {};      // short files read before for the same agreement
  std::vector<RecordSpan> left_out = {};  // records that were counted before, in order
  // Which outcomes are worth a record of their own, beside what failed (record::is_failure).
  record::WorthARecord worth = nullptr;
  // Told now and then how far the file was read, and what is known of it by then.
  std::function<void(const documents::Progress&, const LogContent&)> progress = nullptr;
  FormatOptions options = {};
  documents::UnpackLimit limit = {};
  core::Interval only{{}, core::kOpenEnd};  // records of another time are passed over
  KnownKeys known_keys = {};                // of records that were counted before
};

// Reads a log file, packed or not (documents::Content). Left-out records are counted as read before
// and as nothing else. A malformed line is counted and never a request. Errors: no such format, or
// none that the first lines fit; an option that the format does not have; the file cannot be read
// to its end, or has more in it than the limit; its counts add up to 2^63 or more.
core::Result<LogContent> read_log(const documents::InputFile& file, const LogReading& reading);

// FileSource is a log that was read, as a source: all of it is new, and comes in pieces.
class FileSource final : public Source {
 public:
  // `content` outlives the source.
  FileSource(record::SeriesKey key, const LogContent& content);

  std::vector<Counted> series() const override { return {{key_}}; }
  void resume(const record::SeriesKey& key, const Known& known) override;
  core::Result<record::Batch> take(const record::ReadCounts& stored) override;

 private:
  record::SeriesKey key_;
  const LogContent& content_;
  record::SeriesId series_ = 0;
  std::vector<core::Minute> minutes_;
  std::size_t next_minute_ = 0;
  std::size_t next_failure_ = 0;
  bool is_unseen_told_ = false;
};

// All of it in pieces, as a ledger takes them. The content lives as long as they are asked for.
record::Pieces pieces_of(const record::SeriesKey& key, const LogContent& content);

}  // namespace recoup::sources
