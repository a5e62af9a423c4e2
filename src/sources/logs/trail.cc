#include "sources/logs/trail.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "documents/whole_file.h"
#include "record/digest.h"
#include "sources/logs/intake.h"
#include "sources/logs/shown.h"
#include "sources/logs/trail_reader.h"
#include "sources/logs/trail_sorting.h"

namespace recoup::sources {
namespace {

// JSON is parsed as a whole: five times as much is used for it. Files of CloudTrail have less than
// a tenth of it.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 27;
// What is read at once; two threads do.
constexpr std::size_t kMostWhole = std::size_t{1} << 25;
constexpr std::size_t kPiece = 1 << 18;

// Pieces cuts content into pieces of JSON: lines, where the first line is a whole object; else all
// of it is one.
class Pieces {
 public:
  explicit Pieces(TrailReader& reader) : reader_(reader) {}

  core::Result<void> take(std::string_view bytes, TrailSorting& sorting) {
    held_.append(bytes);
    if (mode_ == Mode::unknown) mode_ = mode_of(held_);
    if (mode_ != Mode::lines) {
      if (held_.size() > kMostAtOnce) return too_long();
      return {};
    }
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = held_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      line(begin, end - begin, sorting);
    }
    held_.erase(0, begin);
    return held_.size() > kMostAtOnce ? too_long() : core::Result<void>();
  }

  // All of the content at once; behind it TrailReader::kPadding bytes may be read.
  core::Result<void> all(std::string_view content, TrailSorting& sorting) {
    while (!content.empty() && is_blank(content.back())) content.remove_suffix(1);
    if (content.empty()) return core::Error{"expected CloudTrail records, got nothing"};
    if (mode_of(content) != Mode::lines) return reader_.read(content);
    while (!content.empty()) {
      const std::size_t end = std::min(content.find('\n'), content.size());
      line(content.substr(0, end), sorting);
      content.remove_prefix(std::min(end + 1, content.size()));
    }
    return {};
  }

  core::Result<void> finish(TrailSorting& sorting) {
    if (mode_ == Mode::lines) {
      line(0, held_.size(), sorting);
      return {};
    }
    while (!held_.empty() && is_blank(held_.back())) held_.pop_back();
    if (held_.empty()) return core::Error{"expected CloudTrail records, got nothing"};
    held_.reserve(held_.size() + TrailReader::kPadding);
    return reader_.read(held_);
  }

 private:
  enum class Mode { unknown, lines, whole };

  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  // By the first line; unknown where there is none yet.
  static Mode mode_of(std::string_view content) {
    const std::size_t end = content.find('\n');
    if (end == std::string_view::npos) return Mode::unknown;
    std::string_view first = content.substr(0, end);
    while (!first.empty() && is_blank(first.back())) first.remove_suffix(1);
    return first.ends_with('}') ? Mode::lines : Mode::whole;
  }

  // One that is no JSON is one malformed record, and what was taken of it before that stays out.
  void line(std::size_t begin, std::size_t size, TrailSorting& sorting) {
    held_.reserve(held_.size() + TrailReader::kPadding);
    line(std::string_view(held_).substr(begin, size), sorting);
  }

  void line(std::string_view text, TrailSorting& sorting) {
    if (std::all_of(text.begin(), text.end(), is_blank)) return;
    if (!reader_.read(text)) sorting.malformed("expected a CloudTrail record as JSON", text);
  }

  static core::Error too_long() {
    return {fmt::format("expected a document of at most {} MiB, or one record a line, got more",
                        kMostAtOnce >> 20),
            "", "split it, or write one record a line with jq -c '.Records[]'"};
  }

  TrailReader& reader_;
  Mode mode_ = Mode::unknown;
  std::string held_;
};

// Of a file that is too large to be read at once, or packed in another way.
core::Result<TrailContent> read_in_pieces(const documents::InputFile& file, Pieces& pieces,
                                          TrailSorting& sorting,
                                          const documents::OnProgress& progress,
                                          const documents::UnpackLimit& limit) {
  documents::Content content(file, progress, limit);
  std::uint64_t bytes = 0;
  std::vector<char> chunk(kPiece);
  while (const std::size_t got = content.read(chunk.data(), chunk.size())) {
    bytes += got;
    if (auto taken = pieces.take({chunk.data(), got}, sorting); !taken) {
      return in_file(taken.error(), file.name);
    }
  }
  if (!content.state()) return content.state().error();
  if (auto taken = pieces.finish(sorting); !taken) return in_file(taken.error(), file.name);
  const auto digest = documents::digest_as_it_lies(file);
  if (!digest) return digest.error();
  TrailContent out = sorting.take();
  out.digest = *digest;
  out.bytes = bytes;
  return out;
}

}  // namespace

bool looks_like_trail(const documents::InputFile& file) {
  documents::Content content(file, nullptr);
  std::string begin(1 << 12, '\0');
  begin.resize(content.read(begin.data(), begin.size()));
  const auto first = begin.find_first_not_of(" \t\r\n");
  return first != std::string::npos && begin[first] == '{' &&
         (begin.find("\"Records\"") != std::string::npos ||
          begin.find("\"eventVersion\"") != std::string::npos);
}

class TrailFiles::State {
 public:
  State(std::vector<TrailWish> wishes, const documents::UnpackLimit& limit)
      : wishes_(std::move(wishes)),
        limit_(limit),
        audiences_(wishes_),
        whole_(std::min<std::uint64_t>(kMostWhole, limit.most)),
        reader_(TrailReader::make(
            std::any_of(wishes_.begin(), wishes_.end(),
                        [](const TrailWish& wish) { return !wish.key_stores.empty(); }),
            {[this](const TrailRecord& record) { sorting_->add(record); },
             [this](std::string_view expected, std::string_view text) {
               sorting_->malformed(expected, text);
             }})) {}

  core::Result<TrailContent> read(const documents::InputFile& file,
                                  const documents::OnProgress& progress) {
    const std::string name =
        shown(file.name.substr(file.name.find_last_of('/') + 1), kLongestTrailText);
    TrailSorting sorting(audiences_, name);
    sorting_ = &sorting;
    Pieces pieces(*reader_);
    const auto is_whole = whole_.read(file);
    if (!is_whole) return is_whole.error();
    if (!*is_whole) return read_in_pieces(file, pieces, sorting, progress, limit_);
    const std::string_view raw = whole_.as_it_lies();
    if (progress) progress({raw.size(), raw.size()});
    if (auto taken = pieces.all(whole_.content(), sorting); !taken) {
      return in_file(taken.error(), file.name);
    }
    TrailContent out = sorting.take();
    out.digest = record::sha256_hex(raw);
    out.bytes = whole_.content().size();
    return out;
  }

 private:
  const std::vector<TrailWish> wishes_;
  const documents::UnpackLimit limit_;
  Audiences audiences_;
  documents::WholeFile whole_;
  std::unique_ptr<TrailReader> reader_;
  TrailSorting* sorting_ = nullptr;  // of the file that is being read
};

TrailFiles::TrailFiles(std::vector<TrailWish> wishes, const documents::UnpackLimit& limit)
    : state_(std::make_unique<State>(std::move(wishes), limit)) {}
TrailFiles::TrailFiles(TrailFiles&&) noexcept = default;
TrailFiles::~TrailFiles() = default;

core::Result<TrailContent> TrailFiles::read(const documents::InputFile& file,
                                            const documents::OnProgress& progress) {
  return state_->read(file, progress);
}

}  // namespace recoup::sources
