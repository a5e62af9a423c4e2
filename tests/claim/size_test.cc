#include <sys/resource.h>

#include <chrono>

#include "claim/month.h"
#include "claim/write_claim.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::ClaimWorld;
using recoup::test::TempDir;

namespace {

constexpr std::size_t kIntervals = 8928;

rusage used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

// Writes the claim, verifies it, and says how long that took and how much memory.
void expect_small_and_whole(const ClaimWorld& world, const claim::ReadEvidence& evidence) {
  const claim::Claim claim = world.claim();
  TempDir temp;
  const rusage before = used();
  const auto begin = std::chrono::steady_clock::now();
  const auto files = claim::write_claim(claim, evidence, temp.file("claim"));
  const auto written = std::chrono::steady_clock::now();
  const rusage after_writing = used();
  REQUIRE(files.ok());
  const auto verified = claim::verify_claim(temp.file("claim"), recoup::test::known_of(world));
  const auto done = std::chrono::steady_clock::now();
  CHECK(verified->differs == std::vector<std::string>{});
  const rusage after = used();
  std::uintmax_t bytes = 0;
  for (const std::string& name : *files) {
    const auto size = std::filesystem::file_size(temp.file("claim/" + name));
    if (name.ends_with(".log")) CHECK(size <= 5'000'000);
    bytes += size;
  }
  CHECK(after.ru_maxrss - before.ru_maxrss < 128 * 1024);  // KiB
  WARN("written in " << std::chrono::duration<double>(written - begin).count() << " s, "
                     << (after_writing.ru_maxrss - before.ru_maxrss)
                     << " KiB more memory; verified in "
                     << std::chrono::duration<double>(done - written).count() << " s, "
                     << (after.ru_maxrss - after_writing.ru_maxrss) << " KiB more; "
                     << files->size() << " files, " << bytes << " bytes");
}

}  // namespace

TEST_CASE("2.6 million failed requests are written in bounded memory and verify", "[.slow]") {
  constexpr std::uint64_t kEach = 300;
  ClaimWorld world(0);
  for (std::size_t i = 0; i < kIntervals; ++i) world.fail({i, kEach, kEach, 0});
  const claim::ReadEvidence every = [&](const std::function<void(const record::Evidence&)>& take) {
    for (std::size_t i = 0; i < kIntervals; ++i) {
      record::Evidence record = world.record(i, 0);
      for (std::uint64_t n = 0; n < kEach; ++n) {
        record.at = world.begin_of(i) + std::chrono::seconds(n);
        take(record);
      }
    }
    return core::Result<void>();
  };
  expect_small_and_whole(world, every);
}

TEST_CASE("2.6 million Requests with an Error in each interval are written in bounded memory",
          "[.slow]") {
  ClaimWorld world(0);
  // Other numbers of Requests each: the sum of so many fractions has thousands of digits.
  for (std::size_t i = 0; i < kIntervals; ++i) world.fail({i, 2 + i % 597, 1, 1});
  expect_small_and_whole(world, world.reader());
}
