// Claims under a contract that sums the time of several resources: what each lost is in the files,
// and an edit of it is found.

#include "claim/folder.h"
#include "claim/month.h"
#include "claim/notes.h"
#include "support/catch.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;

namespace {

using std::chrono::minutes;

// Three vaults of which two are watched: one loses three minutes, the other two, one of them the
// same.
ClaimWorld vaults() {
  ClaimWorld world = ClaimWorld::with(core::AllFailed{minutes(1)}, 0);
  core::Version& version = world.version();
  version.error.needs_request_id.clear();
  version.summed_over = "key vaults";
  version.resources = {"vault-a", "vault-b", "vault-c"};
  const auto fail = [&](std::size_t minute, const std::string& of, std::uint64_t number) {
    world.tallies.add(core::minute_of(world.begin_of(minute)), core::Answered{503}, 2, of);
    for (std::uint64_t i = 0; i < 2; ++i) {
      record::Evidence one = world.record(minute, 10 * number + i);
      one.outcome = core::Answered{503};
      one.resource = of;
      world.evidence.push_back(one);
    }
  };
  for (const std::size_t minute : {40U, 41U, 42U}) fail(minute, "vault-a", 0);
  for (const std::size_t minute : {42U, 90U}) fail(minute, "vault-b", 1);
  for (std::size_t minute = 100; minute < 1100; ++minute) {
    const auto at = core::minute_of(world.begin_of(minute));
    world.tallies.add(at, core::Answered{200}, 5, "vault-a");
    world.tallies.add(at, core::Answered{200}, 5, "vault-b");
  }
  std::stable_sort(world.evidence.begin(), world.evidence.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return world;
}

}  // namespace

TEST_CASE("a claim of several resources says what each lost, and verifies from its own files") {
  const ClaimWorld world = vaults();
  constexpr std::uint64_t kAll = 3 * 31 * 1440;
  CHECK(world.claim().assessment.uptime == core::Ratio(kAll - 5, kAll));
  const ClaimFolder folder(world);
  CHECK(joined(folder.verify()) == "");
  const std::string intervals = folder.read("intervals.log");
  CHECK(intervals.find("availability  resource\n") != std::string::npos);
  CHECK(intervals.find("0.000000000000  vault-a\n2026-10-01T00:41:00Z") != std::string::npos);
  CHECK(intervals.find("0.000000000000  vault-b\n2026-10-01T01:30:00Z") != std::string::npos);
  CHECK(folder.read("dispute.csv").find(",0/1,0.000000000000,vault-b\n") != std::string::npos);
  const std::string requests = folder.read("requests.log");
  CHECK(requests.find("  vault-b  TrentService.GenerateRandom\n") != std::string::npos);
  CHECK(folder.read("claim.json").find("\"resource\": \"vault-c\"") != std::string::npos);
  CHECK(folder.read("body.md").find("vault-b") != std::string::npos);
  CHECK(folder.read("claim.html").find("vault-b") != std::string::npos);
}

TEST_CASE("what one resource lost is not made another's, or more") {
  const ClaimWorld world = vaults();
  struct Edit {
    const char* file;
    const char* from;
    const char* to;
    const char* finds;
  };
  for (const Edit& edit :
       {Edit{"intervals.log", "0.000000000000  vault-a\n2026-10-01T00:41:00Z",
             "0.000000000000  vault-c\n2026-10-01T00:41:00Z", "requests.log: expected 2 fewer"},
        Edit{"intervals.log", "0.000000000000  vault-a\n2026-10-01T00:41:00Z",
             "0.000000000000  vault-d\n2026-10-01T00:41:00Z",
             "expected a resource of claim.json, got 'vault-d'"},
        Edit{"requests.log", "  vault-b  Trent", "  vault-a  Trent", "requests.log: expected 1"},
        Edit{"claim.json", "\"resource\": \"vault-c\"", "\"resource\": \"vault-x\"",
             "the resources of the contract, in their order"}}) {
    INFO(edit.from << " -> " << edit.to);
    const ClaimFolder folder(world);
    folder.replace(edit.file, edit.from, edit.to);
    folder.sum_again();
    CHECK_THAT(joined(folder.verify()), Catch::Contains(edit.finds));
  }
}
