#include "sources/logs/read_log.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sources/logs/auto_reader.h"
#include "sources/logs/format.h"

namespace recoup::sources {
namespace {

// Small enough that what the digest has read is still at hand when the reader reads it.
constexpr std::size_t kChunk = 1 << 18;

// A piece takes about 10 MB of memory.
constexpr std::size_t kMostMinutes = 1 << 14;
constexpr std::size_t kMostFailures = 1 << 14;

}  // namespace

core::Result<LogContent> read_log(const documents::InputFile& file, const LogReading& reading) {
  ContentDigest digest(reading.known);
  Intake intake(file.name, reading.left_out, reading.worth, reading.only, reading.known_keys);
  intake.digest(digest);
  const auto made = make_reader(reading.format, reading.options, intake);
  if (!made) return made.error();
  Reader& reader = **made;
  documents::OnProgress progress;
  if (reading.progress) {
    progress = [&](const documents::Progress& read) { reading.progress(read, intake.content()); };
  }
  documents::Content content(file, progress, reading.limit);
  std::vector<char> chunk(kChunk);
  while (const std::size_t got = content.read(chunk.data(), chunk.size())) {
    const std::string_view bytes(chunk.data(), got);
    digest.lay_out(bytes);
    if (const auto taken = reader.take(bytes, intake); !taken)
      return in_file(taken.error(), file.name);
    digest.take_left();
  }
  LogContent& out = intake.content();
  if (!content.state()) {
    core::Error error = content.state().error();
    if (digest.bytes() > 0) {
      error.message += fmt::format(", after {} lines and {} bytes", out.lines, digest.bytes());
    }
    return error;
  }
  if (const auto taken = reader.finish(intake); !taken) return in_file(taken.error(), file.name);

  out.bytes = digest.bytes();
  out.digest = digest.hex();
  out.packed = content.packed();
  out.replaces = digest.prefix();
  out.known = std::any_of(reading.known.begin(), reading.known.end(),
                          [&](const KnownFile& one) { return one.digest == out.digest; });
  return std::move(out);
}

FileSource::FileSource(record::SeriesKey key, const LogContent& content)
    : key_(std::move(key)), content_(content), minutes_(content.counts.minutes()) {}

void FileSource::resume(const record::SeriesKey&, const Known& known) { series_ = known.series; }

core::Result<record::Batch> FileSource::take(const record::ReadCounts&) {
  record::Batch piece;
  const std::size_t minutes = std::min(minutes_.size(), next_minute_ + kMostMinutes);
  for (; next_minute_ < minutes; ++next_minute_) {
    const core::Minute minute = minutes_[next_minute_];
    piece.minutes.push_back({series_, minute, content_.counts.of(minute)});
  }
  const Failures& failures = content_.failures;
  const std::size_t end = std::min(failures.size(), next_failure_ + kMostFailures);
  for (; next_failure_ < end; ++next_failure_) {
    piece.evidence.push_back({series_, failures.at(next_failure_, content_.counts.outcomes())});
  }
  if (std::exchange(is_unseen_told_, true) == false) {
    for (const core::Unseen& one : content_.unseen) piece.unseen.push_back({series_, one});
  }
  piece.more = next_minute_ < minutes_.size() || next_failure_ < failures.size();
  return piece;
}

record::Pieces pieces_of(const record::SeriesKey& key, const LogContent& content) {
  return [&](const std::function<void(const record::Batch&)>& take) -> core::Result<void> {
    FileSource source(key, content);
    for (bool more = true; more;) {
      const auto piece = source.take(nullptr);
      if (!piece) return piece.error();
      take(*piece);
      more = piece->more;
    }
    return {};
  };
}

}  // namespace recoup::sources
