#include "sources/logs/known_runs.h"

#include <algorithm>
#include <bitset>
#include <unordered_map>

namespace recoup::sources {
namespace {

using Prints = std::vector<Print>;

// A run is looked for by its lines behind the first one, which may be cut.
constexpr std::size_t kAnchor = kShortestRun - 1;
constexpr std::size_t kFewestChanges = 3;
constexpr std::size_t kContextChanges = 2 * kShortestRun;
constexpr std::size_t kLongestContext = 4096;
// Bursts of one request make many places look alike: so many are looked at, of a known run.
constexpr std::size_t kMostPlaces = 1 << 14;
constexpr std::uint64_t kMostWork = std::uint64_t{1} << 27;  // lines compared, of a known run

std::size_t changes(const Prints& lines, std::size_t begin, std::size_t end, std::size_t enough) {
  std::size_t found = 0;
  for (std::size_t i = begin + 1; i < end && found < enough; ++i) {
    found += lines[i] != lines[i - 1] ? 1 : 0;
  }
  return found;
}

// Comparison holds the lines of a log against one known run.
class Comparison {
 public:
  Comparison(const Prints& lines, bool cut, const Prints& known, bool known_cut)
      : lines_(lines), known_(known), cut_(cut), known_cut_(known_cut) {}

  // Where the log begins inside the known run: the longest such span that was read before.
  void find_begin() {
    RecordSpan best;
    auto at = known_.begin() + 1;
    for (std::size_t places = 0; places < kMostPlaces && work_ < kMostWork; ++places) {
      at = std::search(at, known_.end(), lines_.begin() + 1, lines_.begin() + 1 + kAnchor);
      if (at == known_.end()) break;
      const RecordSpan span = span_at(1, static_cast<std::size_t>(at - known_.begin()));
      if (span.size() > best.size()) best = span;
      ++at;
      const auto left = static_cast<std::size_t>(known_.end() - at);
      if (best.size() >= std::min(lines_.size(), left)) break;
    }
    if (best.size() > 0) spans_.push_back(best);
  }

  // Where the known run begins inside the log: its second line is at `i`.
  void find_at(std::size_t i) {
    if (work_ >= kMostWork) return;
    if (!spans_.empty() && i > spans_.back().begin && i < spans_.back().end) return;
    const RecordSpan span = span_at(i, 1);
    if (span.size() > 0) spans_.push_back(span);
  }

  const std::vector<RecordSpan>& spans() const { return spans_; }
  std::uint64_t alike() const { return alike_; }

 private:
  // The run of identical lines around those that are alike, if it was read before; empty if not.
  RecordSpan span_at(std::size_t i, std::size_t j) {
    std::size_t before = 0;
    while (before < i && before < j && lines_[i - before - 1] == known_[j - before - 1]) ++before;
    const std::size_t begin = i - before;
    const std::size_t known_begin = j - before;
    const std::size_t most = std::min(lines_.size() - begin, known_.size() - known_begin);
    const auto first = lines_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto differs = std::mismatch(first, first + static_cast<std::ptrdiff_t>(most),
                                       known_.begin() + static_cast<std::ptrdiff_t>(known_begin));
    std::size_t size = static_cast<std::size_t>(differs.first - first);
    work_ += size;
    const std::size_t end = begin + size;
    const std::size_t known_end = known_begin + size;

    // It begins at an edge: the places that are looked at are second lines.
    const bool last_is_cut = size < most && ((cut_ && end + 1 == lines_.size()) ||
                                             (known_cut_ && known_end + 1 == known_.size()));
    if (size < most && !last_is_cut) {
      alike_ = std::max<std::uint64_t>(alike_, size);
      return {};
    }
    const bool together =
        (begin == 0 && known_begin == 0) || (end == lines_.size() && known_end == known_.size());
    if (size < kShortestRun) return {};
    if (!together && changes(lines_, begin, end, kFewestChanges) < kFewestChanges) return {};
    return {begin, end + (last_is_cut ? 1 : 0)};
  }

  const Prints& lines_;
  const Prints& known_;
  bool cut_;
  bool known_cut_;
  std::vector<RecordSpan> spans_;
  std::uint64_t alike_ = 0;
  std::uint64_t work_ = 0;
};

// HeadIndex finds where known runs begin in a log, in one walk over it.
class HeadIndex {
 public:
  explicit HeadIndex(const std::vector<KnownRun>& known) : known_(known) {
    for (std::size_t run = 0; run < known.size(); ++run) {
      if (known[run].head.size() < kShortestRun) continue;
      std::uint64_t key = 0;
      for (std::size_t i = 1; i <= kKey; ++i) key = key << 16 | known[run].head[i];
      by_key_[key].push_back(run);
      maybe_.set(slot(key));
    }
  }

  // For each known run the places of its second line.
  std::vector<std::vector<std::size_t>> find(const Prints& lines) const {
    std::vector<std::vector<std::size_t>> places(known_.size());
    std::uint64_t key = 0;
    for (std::size_t end = 1; end <= lines.size(); ++end) {
      key = key << 16 | lines[end - 1];
      if (end < kKey || !maybe_[slot(key)]) continue;
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) continue;
      for (const std::size_t run : found->second) {
        if (places[run].size() < kMostPlaces && has_anchor(lines, end - kKey, known_[run])) {
          places[run].push_back(end - kKey);
        }
      }
    }
    return places;
  }

 private:
  static constexpr std::size_t kKey = 4;  // prints in 64 bits

  static std::size_t slot(std::uint64_t key) { return (key ^ key >> 16) & 0xffff; }

  static bool has_anchor(const Prints& lines, std::size_t at, const KnownRun& run) {
    return lines.size() - at >= kAnchor &&
           std::equal(run.head.begin() + 1, run.head.begin() + 1 + kAnchor,
                      lines.begin() + static_cast<std::ptrdiff_t>(at));
  }

  const std::vector<KnownRun>& known_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_key_;
  std::bitset<1 << 16> maybe_;
};

std::vector<RecordSpan> joined(std::vector<RecordSpan> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const RecordSpan& a, const RecordSpan& b) { return a.begin < b.begin; });
  std::vector<RecordSpan> all;
  for (const RecordSpan& span : spans) {
    if (!all.empty() && span.begin <= all.back().end) {
      all.back().end = std::max(all.back().end, span.end);
    } else {
      all.push_back(span);
    }
  }
  return all;
}

// So far from a place that enough different lines lie between; `step` is 1 or -1.
std::size_t context(const Prints& lines, std::size_t from, std::ptrdiff_t step) {
  std::size_t at = from;
  std::size_t found = 0;
  for (std::size_t count = 0; count < kLongestContext && found < kContextChanges; ++count) {
    if (step < 0 ? at == 0 : at == lines.size()) break;
    const std::size_t next = step < 0 ? at - 1 : at;
    if (next > 0 && lines[next] != lines[next - 1]) ++found;
    at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + step);
  }
  return at;
}

}  // namespace

core::Result<ReadBefore> find_read_before(const Prints& lines, bool cut,
                                          const std::vector<KnownRun>& known,
                                          const FetchPrints& fetch) {
  ReadBefore out;
  if (lines.size() < kShortestRun) return out;
  const auto places = HeadIndex(known).find(lines);
  for (std::size_t run = 0; run < known.size(); ++run) {
    if (!known[run].has_begin && places[run].empty()) continue;
    const auto prints = fetch(known[run]);
    if (!prints) return prints.error();
    if (prints->size() < kShortestRun) continue;
    Comparison comparison(lines, cut, *prints, known[run].cut);
    if (known[run].has_begin) comparison.find_begin();
    for (const std::size_t place : places[run]) comparison.find_at(place);
    out.spans.insert(out.spans.end(), comparison.spans().begin(), comparison.spans().end());
    if (comparison.alike() > out.alike) {
      out.alike = comparison.alike();
      out.alike_in = known[run].file;
    }
  }
  out.spans = joined(std::move(out.spans));
  return out;
}

void join_begin(std::vector<RecordSpan>& spans, std::uint64_t n) {
  if (n == 0) return;
  spans.push_back({0, n});
  spans = joined(std::move(spans));
}

std::size_t context_begin(const Prints& lines, std::size_t place) {
  return context(lines, place, -1);
}

std::vector<RecordSpan> runs_to_keep(const Prints& lines,
                                     const std::vector<RecordSpan>& read_before) {
  if (lines.size() < kShortestRun) return {};
  std::vector<RecordSpan> wanted;
  std::uint64_t done = 0;
  const auto keep_up_to = [&](std::uint64_t end) {
    if (end > done) wanted.push_back({context(lines, done, -1), context(lines, end, 1)});
  };
  for (const RecordSpan& span : read_before) {
    keep_up_to(span.begin);
    done = span.end;
  }
  keep_up_to(lines.size());

  std::vector<RecordSpan> runs;
  for (RecordSpan rest : joined(std::move(wanted))) {
    while (rest.size() > kLongestRun) {
      runs.push_back({rest.begin, rest.begin + kLongestRun});
      rest.begin = context(lines, runs.back().end, -1);
    }
    runs.push_back(rest);
  }
  return runs;
}

}  // namespace recoup::sources
