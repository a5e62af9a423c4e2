// Claims by terms that few contracts have: what is written of them, and what an edit of it is
// worth.

#include "claim/folder.h"
#include "claim/month.h"
#include "support/catch.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::leaves_open;
using recoup::test::names;

namespace {

using std::chrono::minutes;

// Twelve windows are excluded; three bad ones follow each other, and one is by itself.
ClaimWorld few_terms() {
  ClaimWorld world =
      ClaimWorld::with(core::BadWindows{minutes(5), core::Ratio(1, 10), minutes(10)}, 10);
  core::Version& version = world.version();
  version.excluded = core::Excluded::left_out;
  version.summed_over = "key vaults";
  version.resources = {"one", "two", "three"};
  version.operations = {"Encrypt", "Decrypt"};
  version.error = {};
  version.error.all_but = {{200, 299}};
  version.error.or_names = {"13", "-*"};
  version.error.no_answer = {core::NoAnswer::connect};
  version.claim.not_before = core::NotBefore{5, true};
  version.cap = core::Cap{core::Ratio(5, 100), std::nullopt};
  for (const std::size_t i : {10U, 11U, 12U, 40U}) world.fail({i, 10, 10, 10});
  // One of the Errors got no answer at all.
  world.tallies.add(core::minute_of(world.begin_of(12)), core::Failed{core::NoAnswer::connect}, 1);
  record::Evidence unanswered = world.record(12, 50);
  unanswered.outcome = core::Failed{core::NoAnswer::connect};
  unanswered.request_id.clear();
  world.evidence.push_back(unanswered);
  const core::Instant begin = world.begin_of(100);
  world.agreement.exclusions = {{{begin, begin + minutes(60)}, "ours"}};
  return world;
}

}  // namespace

TEST_CASE("a claim by terms that few contracts have says them, and verifies from its own files") {
  const ClaimWorld world = few_terms();
  const ClaimFolder folder(world);
  CHECK(joined(folder.verify()) == "");
  const std::string body = folder.read("body.md");
  // 8,928 less 12 windows, three times; the one by itself is no loss.
  for (const char* says :
       {"| N: windows that count, once for each of 3 key vaults | 26748 |", "| Limit | ",
        "2 or more bad ones in a row are unavailable as a whole",
        "Requests are those of these operations alone: Encrypt, Decrypt.",
        "returns any status but 2xx, or that returns the error 13 or -*, or that gets no answer "
        "(connect).",
        "A window that an exclusion touches is none of those that count.",
        "sums over all key vaults, 3 in number (one, two, three)", "touches is left out:"}) {
    INFO(says);
    CHECK(body.find(says) != std::string::npos);
  }
  CHECK(world.claim().assessment.uptime == core::Ratio(26745, 26748));
  CHECK(core::to_text(*world.claim().credit.amount) == "92.25 USD");
  CHECK(folder.read("requests.log").find("     -  connect  ") != std::string::npos);
  const std::string page = folder.read("claim.html");
  CHECK(page.find("(8,928 − 12) × 3 = 26,748") != std::string::npos);
}

TEST_CASE("a term that few contracts have is not left out of a claim, changed or made up") {
  const ClaimWorld world = few_terms();
  CHECK(leaves_open(ClaimFolder(world).verify(),
                    "the key vaults that the time is summed over, 3 in number"));
  struct Edit {
    const char* from;
    const char* to;
    const char* finds;
  };
  for (const Edit& edit :
       {Edit{"\"excluded\": \"left-out\"", "\"excludes\": \"left-out\"",
             "expected the excluded of aws-kms@2022-11-29 as it is known here, \"left-out\", got "
             "null"},
        Edit{"\"resources\": [", "\"vaults\": [",
             "expected the names of all key vaults, over which the time is summed, got none"},
        Edit{"\"percent\": \"5\"", "\"percent\": \"90\"",
             "expected the cap of aws-kms@2022-11-29 as it is known here"},
        Edit{"\"at_least\": \"10m\"", "\"at_least\": \"5m\"",
             "expected the formula of aws-kms@2022-11-29"}}) {
    INFO(edit.from << " -> " << edit.to);
    const ClaimFolder folder(world);
    folder.replace("claim.json", edit.from, edit.to);
    folder.sum_again();
    const claim::Verification verified = folder.verify();
    INFO(joined(verified));
    CHECK(names(verified, edit.finds));
  }
  ClaimWorld plain = ClaimWorld::with(core::AllFailed{minutes(5)}, 10);
  plain.fail({10, 10, 10, 8});
  const ClaimFolder folder(plain);
  folder.replace("claim.json", "\"credit_base\":", "\"excluded\": \"left-out\", \"credit_base\":");
  folder.sum_again();
  CHECK(names(folder.verify(), "expected no excluded as it is known here of aws-kms@2022-11-29"));
}
