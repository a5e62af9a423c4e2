#include <sys/resource.h>

#include <chrono>

#include "claim/claim.h"
#include "claim/month.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::ClaimWorld;
using recoup::test::TempDir;

TEST_CASE("2.6 million failed requests are written in bounded memory and verify", "[.slow]") {
  constexpr std::size_t kIntervals = 8928;
  constexpr std::uint64_t kEach = 300;
  TempDir temp;
  ClaimWorld world(0);
  for (std::size_t i = 0; i < kIntervals; ++i) world.fail({i, kEach, kEach, 0});
  const claim::ReadEvidence every = [&](const std::function<void(const core::Evidence&)>& take) {
    for (std::size_t i = 0; i < kIntervals; ++i) {
      core::Evidence record = world.record(i, 0);
      for (std::uint64_t n = 0; n < kEach; ++n) {
        record.at = world.begin_of(i) + std::chrono::seconds(n);
        take(record);
      }
    }
    return core::Result<void>();
  };
  const claim::Claim claim = world.claim();
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(claim::write_claim(claim, every, temp.file("claim")).ok());
  const auto written = std::chrono::steady_clock::now();
  const auto verified = claim::verify_claim(temp.file("claim"));
  const auto done = std::chrono::steady_clock::now();
  CHECK(verified->differs == std::vector<std::string>{});
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 64 * 1024);  // KiB
  WARN("written in " << std::chrono::duration<double>(written - begin).count() << " s, verified in "
                     << std::chrono::duration<double>(done - written).count() << " s, "
                     << (after.ru_maxrss - before.ru_maxrss) << " KiB more memory, requests.log "
                     << std::filesystem::file_size(temp.file("claim/requests.log")) << " bytes");
}
