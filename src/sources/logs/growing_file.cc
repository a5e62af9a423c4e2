#include "sources/logs/growing_file.h"

#include <algorithm>

#include "record/digest.h"
#include "sources/logs/auto_reader.h"
#include "sources/logs/format.h"

namespace recoup::sources {
namespace {

constexpr std::uint64_t kSearched = 1 << 18;

// So much of a file's begin may say how its lines are to be read: "#Fields" of CloudFront.
constexpr std::uint64_t kHeader = 1 << 16;

core::Error became_shorter(const documents::OpenedFile& file) {
  return {"expected a file that keeps what was written to it, got a shorter one", file.path()};
}

// Shows the reader how the file begins. What it finds there was taken with another stretch.
core::Result<void> show_begin(const documents::OpenedFile& file, std::uint64_t before,
                              Reader& reader) {
  auto begin = file.read(0, std::min(before, kHeader));
  if (!begin) return begin.error();
  begin->resize(begin->rfind('\n') + 1);
  const std::vector<RecordSpan> nothing;
  Intake ignored(file.path(), nothing, nullptr);
  return reader.take(*begin, ignored);
}

}  // namespace

core::Result<FileEdges> edges_of(const documents::OpenedFile& file, std::uint64_t position) {
  const std::uint64_t size = FileEdges::head_size(position);
  const auto first = file.read(0, size);
  if (!first) return first.error();
  const auto last = file.read(position - size, position);
  if (!last) return last.error();
  record::Sha256 digest;
  digest.update(*first);
  FileEdges edges;
  edges.head = digest.hex();
  digest.update(*last);
  edges.all = digest.hex();
  return edges;
}

core::Result<std::optional<Stretch>> LineSearch::next(const documents::OpenedFile& file,
                                                      std::uint64_t position, std::uint64_t size,
                                                      bool finished) {
  if (position != position_ || searched_ < position) searched_ = position;
  position_ = position;
  const std::uint64_t wanted = std::max(searched_, std::min(size, position + kLongest));
  // The last line's end before what is wanted, or the first one behind it.
  for (std::uint64_t end = wanted; end > searched_;) {
    const std::uint64_t begin = std::max(searched_, end - std::min(end, kSearched));
    const auto bytes = file.read(begin, end);
    if (!bytes) return bytes.error();
    const std::size_t at = bytes->rfind('\n');
    if (at != std::string::npos) return std::optional(Stretch{position, begin + at + 1});
    end = begin;
  }
  for (searched_ = wanted; searched_ < size;) {
    const auto bytes = file.read(searched_, std::min(size, searched_ + kSearched));
    if (!bytes) return bytes.error();
    const std::size_t at = bytes->find('\n');
    if (at != std::string::npos) return std::optional(Stretch{position, searched_ + at + 1});
    if (bytes->empty()) break;
    searched_ += bytes->size();
  }
  if (finished && size > position) return std::optional(Stretch{position, size});
  return std::optional<Stretch>();
}

core::Result<LogContent> read_stretch(const documents::OpenedFile& file, const Stretch& stretch,
                                      const StretchReading& reading) {
  Intake intake(file.path(), reading.left_out, reading.worth, {{}, core::kOpenEnd},
                reading.known_keys);
  intake.go_on({reading.lines, reading.records, reading.identity, reading.nearby});
  const auto reader = make_reader(reading.format, reading.options, intake);
  if (!reader) return reader.error();
  if (stretch.begin > 0) {
    if (const auto shown = show_begin(file, stretch.begin, **reader); !shown) return shown.error();
  }
  std::string chunk;
  for (std::uint64_t at = stretch.begin; at < stretch.end; at += chunk.size()) {
    chunk.resize(static_cast<std::size_t>(std::min(kSearched, stretch.end - at)));
    const auto got = file.read(at, chunk.data(), chunk.size());
    if (!got) return got.error();
    if (*got < chunk.size()) return became_shorter(file);
    const auto taken = (*reader)->take(chunk, intake);
    if (!taken) return in_file(taken.error(), file.path());
  }
  const auto taken = (*reader)->finish(intake);
  if (!taken) return in_file(taken.error(), file.path());
  LogContent& out = intake.content();
  out.lines -= reading.lines;
  out.bytes = stretch.end - stretch.begin;
  return std::move(out);
}

}  // namespace recoup::sources
