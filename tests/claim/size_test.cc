#include <sys/resource.h>

#include "claim/month.h"
#include "claim/write_claim.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::ClaimWorld;
using recoup::test::TempDir;

namespace {

constexpr std::size_t kIntervals = 8928;

// KiB; it only grows.
long most_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Writes the claim and verifies it, in less memory than its evidence would take.
void expect_small_and_whole(const ClaimWorld& world, const claim::ReadEvidence& evidence) {
  const claim::Claim claim = world.claim();
  TempDir temp;
  [[maybe_unused]] const long before = most_memory();
  const auto files = claim::write_claim(claim, evidence, temp.file("claim"));
  REQUIRE(files.ok());
  const auto verified = claim::verify_claim(temp.file("claim"), recoup::test::known_of(world));
  CHECK(verified->differs == std::vector<std::string>{});
#ifndef __SANITIZE_ADDRESS__  // which keeps what is freed, to notice its use
  CHECK(most_memory() - before < 64 * 1024);
#endif
  for (const std::string& name : *files) {
    if (!name.ends_with(".log")) continue;
    INFO(name);
    CHECK(std::filesystem::file_size(temp.file("claim/" + name)) <= 5'000'000);
  }
}

}  // namespace

TEST_CASE("500,000 failed requests are written in bounded memory and verify") {
  constexpr std::uint64_t kEach = 60;
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

TEST_CASE("2.6 million Requests with an Error in each interval are written in bounded memory") {
  ClaimWorld world(0);
  // Other numbers of Requests each: the sum of so many fractions has thousands of digits.
  for (std::size_t i = 0; i < kIntervals; ++i) world.fail({i, 2 + i % 597, 1, 1});
  expect_small_and_whole(world, world.reader());
}
