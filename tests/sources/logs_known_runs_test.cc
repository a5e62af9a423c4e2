// Which lines of a log are known from other files, as runs of prints.
#include <random>

#include "sources/logs/known_runs.h"
#include "support/catch.h"

using namespace recoup::sources;

namespace {

using Prints = std::vector<Print>;
using Spans = std::vector<RecordSpan>;

// Prints of lines that all differ.
Prints lines(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  Prints prints(count);
  for (Print& print : prints) print = static_cast<Print>(random());
  return prints;
}

Prints part(const Prints& all, std::size_t begin, std::size_t end) {
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(end)};
}

Prints operator+(Prints a, const Prints& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct Known {
  std::vector<Prints> runs;
  std::vector<bool> cut = {};

  ReadBefore find(const Prints& log, bool log_is_cut = false) const {
    std::vector<KnownRun> heads;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto size = std::min(runs[i].size(), kShortestRun);
      heads.push_back({static_cast<std::int64_t>(i), "file " + std::to_string(i),
                       part(runs[i], 0, size), true, i < cut.size() && cut[i]});
    }
    auto found = find_read_before(log, log_is_cut, heads, [&](const KnownRun& run) {
      return recoup::core::Result<Prints>(runs[static_cast<std::size_t>(run.id)]);
    });
    REQUIRE(found.ok());
    return *std::move(found);
  }
};

const Prints kLog = lines(1, 2000);

}  // namespace

TEST_CASE("a part of a known log is known, wherever it begins and ends") {
  const Known known{{kLog}};
  for (const auto& [begin, end] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 2000}, {0, 700}, {1200, 2000}, {500, 900}, {0, 16}, {1984, 2000}, {700, 716}}) {
    INFO(begin << " to " << end);
    CHECK(known.find(part(kLog, begin, end)).spans == Spans{{0, end - begin}});
  }
}

TEST_CASE("of a log that overlaps a known one at either side, only the overlap is known") {
  const Known known{{part(kLog, 500, 1500)}};
  CHECK(known.find(kLog).spans == Spans{{500, 1500}});
  CHECK(known.find(part(kLog, 1000, 2000)).spans == Spans{{0, 500}});
  CHECK(known.find(part(kLog, 0, 1000)).spans == Spans{{500, 1000}});
  CHECK(known.find(part(kLog, 1500, 2000)).spans.empty());
  CHECK(known.find(part(kLog, 1484, 2000)).spans == Spans{{0, 16}});
  CHECK(known.find(part(kLog, 1485, 2000)).spans.empty());
}

TEST_CASE("a log may stand in several known files, and several in it") {
  const Known known{{part(kLog, 0, 600), part(kLog, 600, 1100), part(kLog, 1300, 1800)}};
  CHECK(known.find(kLog).spans == Spans{{0, 1100}, {1300, 1800}});
  CHECK(known.find(part(kLog, 300, 900)).spans == Spans{{0, 600}});
  CHECK(known.find(lines(2, 50) + kLog + kLog).spans ==
        Spans{{50, 1150}, {1350, 1850}, {2050, 3150}, {3350, 3850}});
}

TEST_CASE("lines that two logs have in common are counted where both go on differently") {
  const Prints common = lines(3, 500);
  const Known known{{lines(4, 300) + common + lines(5, 300), common + lines(6, 400)}};
  for (const Prints& other : {lines(7, 100) + common + lines(8, 100), common + lines(8, 100)}) {
    CHECK(known.find(other).spans.empty());
    CHECK(known.find(other).alike == 500);
  }
  CHECK(known.find(lines(7, 100) + common + lines(8, 100)).alike_in == "file 1");
  CHECK(known.find(lines(9, 500)).alike == 0);
}

TEST_CASE("a burst of one and the same request joins no logs, a whole copy is one all the same") {
  const Prints burst(100, 7);
  const Known known{{lines(1, 300) + burst}};
  CHECK(known.find(burst + lines(2, 300)).spans.empty());
  CHECK(known.find(part(burst, 0, 40) + lines(2, 300)).spans.empty());
  const Known same{{burst}};
  CHECK(same.find(part(burst, 0, 50)).spans == Spans{{0, 50}});
  CHECK(same.find(burst + lines(2, 9)).spans == Spans{{0, 100}});
}

TEST_CASE("lines that come back again and again do not shift a copy") {
  Prints log;
  std::mt19937 random(1);
  for (int second = 0; second < 400; ++second) {
    log = log + Prints(1 + random() % 40, static_cast<Print>(random()));
  }
  const Known known{{part(log, 0, 3000)}};
  for (std::size_t begin = 0; begin + 1000 < log.size(); begin += 37) {
    const std::size_t end = std::min<std::size_t>(3000, log.size());
    INFO(begin);
    const auto found = known.find(part(log, begin, log.size()));
    const Spans expected = begin + 200 < end ? Spans{{0, end - begin}} : found.spans;
    CHECK(found.spans == expected);
  }
}

TEST_CASE("a line that was cut at the edge of a copy does not hide the rest") {
  Prints cut_at_end = part(kLog, 0, 800);
  cut_at_end.back() ^= 1;
  CHECK(Known{{kLog}}.find(cut_at_end).spans.empty());
  CHECK(Known{{kLog}}.find(cut_at_end, true).spans == Spans{{0, 800}});
  CHECK(Known{{cut_at_end}, {true}}.find(kLog).spans == Spans{{0, 800}});
  Prints cut_at_begin = part(kLog, 800, 1200);
  cut_at_begin.front() ^= 1;
  CHECK(Known{{kLog}}.find(cut_at_begin).spans == Spans{{1, 400}});
  CHECK(Known{{cut_at_begin}}.find(kLog).spans == Spans{{801, 1200}});
}

TEST_CASE("what is kept of a log makes every part of it known, in pieces that have a limit") {
  const Prints log = lines(5, 2 * kLongestRun + 5000);
  Known known;
  for (const RecordSpan& run : runs_to_keep(log, {})) {
    CHECK(run.size() <= kLongestRun);
    known.runs.push_back(part(log, run.begin, run.end));
  }
  CHECK(known.runs.size() == 3);
  CHECK(known.find(log).spans == Spans{{0, log.size()}});
  for (const std::size_t begin : {std::size_t{0}, kLongestRun - 40, kLongestRun - 5, kLongestRun}) {
    INFO(begin);
    CHECK(known.find(part(log, begin, begin + 100)).spans == Spans{{0, 100}});
  }
}

TEST_CASE("only new lines are kept, with enough around them to find them by") {
  CHECK(runs_to_keep(part(kLog, 0, 15), {}).empty());
  CHECK(runs_to_keep(part(kLog, 0, 16), {}) == Spans{{0, 16}});
  const auto kept = runs_to_keep(kLog, {{0, 700}, {701, 1500}});
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].begin < 700 - kShortestRun);
  CHECK(kept[0].end > 701 + kShortestRun);
  CHECK(kept[0].size() < 100);
  CHECK(kept[1].end == 2000);
  CHECK(runs_to_keep(kLog, {{0, 2000}}).empty());
}

TEST_CASE("the prints of lines are the same for ever, since ledgers keep them") {
  LinePrints prints;
  const recoup::core::Minute minute{std::chrono::minutes(29'000'000)};
  for (const char* line :
       {"", "a", "12345678", "123456789", "0123456789abcdef",
        "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200 12"}) {
    prints.add(text_hash(line), minute);
  }
  CHECK(prints.prints() == Prints{0x5390, 0x84c1, 0x3617, 0x4a01, 0x1998, 0xe401});
  CHECK(prints.identity() == 0x1409256fa91ce199);
}
