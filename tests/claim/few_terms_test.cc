// Claims by terms that few contracts have: what is written of them, and what an edit of it is
// worth.

#include "claim/folder.h"
#include "claim/month.h"
#include "claim/notes.h"
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

TEST_CASE("a claim says where each term was read, its two steps, and a cycle of its own") {
  ClaimWorld world = ClaimWorld::with(core::MeanOfIntervals{minutes(5)}, 10);
  core::Version& version = world.version();
  version.source_read = "2026-11-26";
  version.sources["credits"] = {"https://example.com/credits", "2026-10", "a copy lacks the 25"};
  version.sources["claim.deadline"] = {"a printed copy", "", ""};
  version.error.slower_than = std::chrono::seconds(10);
  version.claim.notice = core::Notice{std::chrono::hours(24), "a support ticket"};
  version.calendar = core::Calendar::purchase_day;
  world.agreement.cycle_start = *core::parse_date("2026-08-17");
  world.zone = core::with_cycles(core::Zone::utc(), version, world.agreement);
  world.cycle = core::cycle_of(std::chrono::year(2026) / 10, world.zone);
  world.now = world.cycle.span.end + core::kClosedAfter;
  world.fail({10, 10, 10, 10});
  world.fail({100, 10, 10, 10});

  const ClaimFolder folder(world);
  CHECK(joined(folder.verify()) == "");
  const std::string body = folder.read("body.md");
  for (const char* says :
       {"These terms were read elsewhere:\n\n- claim.deadline: a printed copy\n- credits: "
        "https://example.com/credits, read on 2026-10; a copy lacks the 25\n",
        "The others were read on 2026-11-26.", "or that returns an answer after more than 10s",
        "from 2026-10-17T00:00:00Z up to, not including, 2026-11-17T00:00:00Z"}) {
    INFO(says);
    CHECK(body.find(says) != std::string::npos);
  }
  const std::string page = folder.read("claim.html");
  CHECK(page.find("Where single terms were read") != std::string::npos);
  const std::string notes = claim::notes_text(world.claim(), "claim");
  CHECK(notes.find("The first: a support ticket, before 2026-10-18T00:50:00Z for the first "
                   "incident and before 2026-10-18T08:25:00Z for the last one; the earlier date is "
                   "the safe one.") != std::string::npos);

  struct Edit {
    const char* from;
    const char* to;
    const char* finds;
  };
  for (const Edit& edit :
       {Edit{"\"at\": \"a printed copy\"", "\"at\": \"https://example.com/\"",
             "expected the sources of aws-kms@2022-11-29 as it is known here"},
        Edit{"\"source_read\": \"2026-11-26\"", "\"source_read\": \"2026-11-27\"",
             "expected the source_read of aws-kms@2022-11-29"},
        Edit{"\"within\": \"1d\"", "\"within\": \"2d\"", "expected the notice of"},
        Edit{"\"slower_than\": \"10s\"", "\"slower_than\": \"1s\"", "expected the error of"},
        Edit{"\"cycle_start\": \"2026-08-17\"", "\"cycle_start\": \"2026-08-18\"",
             "expected the billing cycle"},
        Edit{"\"calendar\": \"purchase-day\"", "\"calendar\": \"quarter\"",
             "expected the billing cycle"}}) {
    INFO(edit.from << " -> " << edit.to);
    const ClaimFolder edited(world);
    edited.replace("claim.json", edit.from, edit.to);
    edited.sum_again();
    const claim::Verification verified = edited.verify();
    INFO(joined(verified));
    CHECK(names(verified, edit.finds));
  }
  // A claim that was written before these stood in it.
  const ClaimFolder older(world);
  older.replace("claim.json", "\"source_read\"", "\"source_day\"");
  older.sum_again();
  CHECK_FALSE(names(older.verify(), "expected the source_read"));
}

TEST_CASE("a claim for a quarter verifies minute by minute") {
  ClaimWorld world = ClaimWorld::with(core::AllFailed{minutes(1)}, 1);
  core::Version& version = world.version();
  version.calendar = core::Calendar::quarter;
  world.zone = core::with_cycles(core::Zone::utc(), version, world.agreement);
  world.cycle = core::cycle_of(std::chrono::year(2026) / 7, world.zone);
  world.now = world.cycle.span.end + core::kClosedAfter;
  for (const std::size_t i : {10U, 11U, 100'000U}) world.fail({i, 10, 10, 10});
  const ClaimFolder folder(world);
  CHECK(joined(folder.verify()) == "");
  CHECK(world.claim().assessment.uptime == core::Ratio(132'477, 132'480));
}
