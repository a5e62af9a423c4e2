// How every ledger keeps log files and what is to be found of them later.
#include "ledger/implementations.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Answered;
using recoup::core::Interval;
using recoup::core::Minute;

const auto kTen = *recoup::core::parse_instant("2026-10-03T10:00:00Z");
const Minute kMinute = recoup::core::minute_of(kTen);
const Interval kHour{kTen, kTen + 1h};

ImportedFile file(const std::string& digest) { return {digest, 100, digest + ".log", 5, 3, 1, 1}; }

struct World {
  recoup::test::TempDir dir;
  std::unique_ptr<Ledger> ledger;

  explicit World(const recoup::test::Implementation& implementation) {
    auto opened = open_ledger(implementation.url(dir));
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
  }

  std::uint64_t requests() const {
    std::uint64_t sum = 0;
    const auto tallies = ledger->tallies("kms", kHour);
    REQUIRE(tallies.ok());
    for (const auto& row : tallies->rows()) sum += row.count;
    return sum;
  }
};

Batch three_requests() {
  Batch content;
  content.minutes = {{0, kMinute, {{Answered{200}, 3}}}};
  return content;
}

}  // namespace

TEST_CASE("a file is not imported when another import came after it was compared") {
  const auto& kind = GENERATE(
      from_range(recoup::test::kImplementations.begin(), recoup::test::kImplementations.end()));
  const World world(kind);
  Ledger& ledger = *world.ledger;
  const auto before = *ledger.last_import("kms");
  CHECK(*ledger.import("s3", "nginx", file("d1"), three_requests(), "", 0));
  CHECK(*ledger.last_import("kms") == before);
  CHECK(*ledger.import("kms", "nginx", file("d1"), three_requests(), "", before));
  CHECK_FALSE(*ledger.import("kms", "nginx", file("d2"), three_requests(), "", before));
  CHECK(world.requests() == 3);
  // A file that takes the place of another leaves as many files, and is another import all the
  // same.
  const auto after = *ledger.last_import("kms");
  CHECK(*ledger.import("kms", "nginx", file("d2"), three_requests(), "d1", after));
  CHECK_FALSE(*ledger.import("kms", "nginx", file("d3"), three_requests(), "", after));
  CHECK(world.requests() == 3);
}

TEST_CASE("a file comes in pieces, and all of them are there or none") {
  const auto& kind = GENERATE(
      from_range(recoup::test::kImplementations.begin(), recoup::test::kImplementations.end()));
  const World world(kind);
  Ledger& ledger = *world.ledger;
  constexpr int kPieces = 5;
  const auto import = [&](const char* digest, int whole) {
    const Pieces pieces = [&](const auto& take) -> recoup::core::Result<void> {
      for (int i = 0; i < kPieces; ++i) {
        if (i == whole) return recoup::core::Error{"the disk is gone"};
        Batch piece;
        piece.minutes = {{0, kMinute + std::chrono::minutes(i), {{Answered{503}, 3}}}};
        piece.evidence = {{0, {kTen + i * 1min, 0, Answered{503}, "", 0ms, "", ""}}};
        take(piece);
      }
      return {};
    };
    return ledger.import("kms", "nginx", file(digest), pieces, "", std::nullopt);
  };
  const auto failed = import("d1", 3);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().message.find("the disk is gone") != std::string::npos);
  CHECK(world.requests() == 0);
  CHECK(ledger.files("kms")->empty());
  CHECK(ledger.all_series("kms")->empty());
  CHECK(ledger.journal("kms", 0)->empty());

  CHECK(*import("d1", kPieces));
  CHECK(world.requests() == 3 * kPieces);
  CHECK(ledger.journal("kms", 0)->front().span == Interval{kTen, kTen + 5min});
  std::size_t records = 0;
  REQUIRE(ledger.evidence("kms", kHour, [&](const Evidence&) { ++records; }).ok());
  CHECK(records == kPieces);
  CHECK(ledger.check_chain("kms", {})->empty());
  CHECK_FALSE(*import("d1", kPieces));
  CHECK(world.requests() == 3 * kPieces);
}

TEST_CASE("a file may take its own place") {
  const auto& kind = GENERATE(
      from_range(recoup::test::kImplementations.begin(), recoup::test::kImplementations.end()));
  const World world(kind);
  CHECK(*world.ledger->import("kms", "nginx", file("d1"), Batch{}, ""));
  CHECK_FALSE(*world.ledger->import("kms", "nginx", file("d1"), three_requests(), ""));
  CHECK(*world.ledger->import("kms", "nginx", file("d1"), three_requests(), "d1"));
  CHECK(world.requests() == 3);
  CHECK(world.ledger->files("kms")->size() == 1);
}

TEST_CASE("the runs of a file's lines come back by the time of its minutes, and go with the file") {
  const auto& kind = GENERATE(
      from_range(recoup::test::kImplementations.begin(), recoup::test::kImplementations.end()));
  const World world(kind);
  ImportedFile first = file("d1");
  first.format = "combined";
  first.records = 4;
  first.identity = ~std::uint64_t{0};
  first.read_before = 2;
  LineRun run;
  run.earliest = kMinute;
  run.latest = kMinute + 1min;
  run.cut = true;
  run.head = std::string("a\0b", 3);
  run.prints = std::string("a\0bc", 4);
  first.runs = {run, run};
  CHECK(*world.ledger->import("kms", "nginx", first, Batch{}, ""));

  const ImportedFile known = world.ledger->files("kms")->front();
  CHECK(known.format == "combined");
  CHECK(known.records == 4);
  CHECK(known.identity == first.identity);
  CHECK(known.read_before == 2);
  const auto runs = *world.ledger->line_runs("kms", {kMinute + 1min, kMinute + 2min});
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].file == "d1.log");
  CHECK(runs[0].log == "nginx");
  CHECK(runs[0].format == "combined");
  CHECK(runs[0].earliest == kMinute);
  CHECK(runs[0].latest == kMinute + 1min);
  CHECK(runs[0].cut);
  CHECK(runs[0].head == run.head);
  CHECK(*world.ledger->line_prints(runs[1].id) == run.prints);
  CHECK(world.ledger->line_runs("kms", {kMinute + 2min, kMinute + 3min})->empty());
  CHECK(world.ledger->line_runs("kms", {kMinute - 1min, kMinute})->empty());
  CHECK(world.ledger->line_runs("s3", kHour)->empty());

  CHECK(*world.ledger->import("kms", "nginx", file("d2"), Batch{}, "d1"));
  CHECK(world.ledger->line_runs("kms", kHour)->empty());
}

TEST_CASE("files are found by their size as they lie, their content and how short they are") {
  const auto& kind = GENERATE(
      from_range(recoup::test::kImplementations.begin(), recoup::test::kImplementations.end()));
  const World world(kind);
  Ledger& ledger = *world.ledger;
  ImportedFile packed = file("packed");
  packed.packed_digest = "as it lies";
  packed.packed_bytes = 40;
  packed.records = 3;
  packed.identity = ~0ULL;
  ImportedFile plain = file("plain");
  plain.records = 20;
  plain.identity = 7;
  REQUIRE(*ledger.import("kms", "nginx", packed, three_requests(), ""));
  REQUIRE(*ledger.import("kms", "nginx", plain, three_requests(), ""));
  REQUIRE(*ledger.import("s3", "nginx", plain, three_requests(), ""));

  const auto digests = [](const recoup::core::Result<std::vector<ImportedFile>>& found) {
    REQUIRE(found.ok());
    std::vector<std::string> all;
    for (const ImportedFile& one : *found) all.push_back(one.digest);
    return all;
  };
  using All = std::vector<std::string>;
  CHECK(digests(ledger.files_of_size("kms", 40)) == All{"packed"});
  CHECK(digests(ledger.files_of_size("kms", 100)) == All{"plain"});
  CHECK(digests(ledger.files_of_size("kms", 0)).empty());
  CHECK(digests(ledger.files_alike("kms", "plain", 1, 1)) == All{"plain"});
  CHECK(digests(ledger.files_alike("kms", "other", 3, ~0ULL)) == All{"packed"});
  CHECK(digests(ledger.files_alike("kms", "other", 20, ~0ULL)).empty());
  CHECK(digests(ledger.short_files("kms", 16)) == All{"packed"});
  CHECK(digests(ledger.short_files("kms", 21)) == All{"packed", "plain"});
  CHECK(digests(ledger.short_files("s3", 16)).empty());
}
