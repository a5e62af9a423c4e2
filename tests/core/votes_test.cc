#include "core/votes.h"

#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Instant kTen = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + 10h;
const Interval kCycle{kTen, kTen + 1h};  // twelve intervals of the contract

// What a vantage point saw of the first interval: so many answers 200, answers 503, and requests
// without one.
struct Saw {
  std::uint64_t good = 0, bad = 0, none = 0;
  bool clock_off = false;
  bool others_answered = false;
  bool others_unanswered = false;
};

SeenFrom seen(const std::string& vantage, const Saw& saw, int interval = 0) {
  const Minute minute = minute_of(kTen + interval * 5min + 2min);
  SeenFrom from{vantage, {}, {}, {}};
  if (saw.good > 0) from.tallies.add(minute, Answered{200}, saw.good);
  if (saw.bad > 0) from.tallies.add(minute, Answered{503}, saw.bad);
  if (saw.none > 0) from.tallies.add(minute, Failed{NoAnswer::timeout}, saw.none);
  if (saw.clock_off) {
    from.tallies.add_gap(
        {{kTen + interval * 5min, kTen + interval * 5min + 1s}, 1s, NotSent::clock});
  }
  if (saw.others_answered) from.elsewhere.add(minute, Answered{200}, 1);
  if (saw.others_unanswered) from.elsewhere.add(minute, Failed{NoAnswer::connect}, 1);
  return from;
}

Votes votes(const std::vector<Saw>& all, const VoteRule& rule = {},
            const Version& version = recoup::test::kms_like()) {
  std::vector<SeenFrom> list;
  for (std::size_t i = 0; i < all.size(); ++i) {
    list.push_back(seen(std::string(1, static_cast<char>('a' + i)), all[i]));
  }
  return votes_on(version, kCycle, list, rule);
}

std::string came_to(const Votes& votes) {
  if (!votes.newest) return "nothing";
  switch (*votes.newest) {
    case Vote::agreed: return "agreed";
    case Vote::outvoted: return "outvoted";
    case Vote::undecided: return "undecided";
  }
  return "";
}

// One whose contract makes an Error of a request that got no answer.
Version strict() {
  Version version = recoup::test::kms_like();
  version.not_a_request.clear();
  version.error.no_answer = {NoAnswer::timeout};
  return version;
}

}  // namespace

TEST_CASE("a loss is believed that enough vantage points saw, of those that can tell") {
  struct Row {
    std::string what;
    std::vector<Saw> saw;
    VoteRule rule;
    std::string comes_to;
  };
  const Saw good{.good = 10};
  const Saw bad{.good = 8, .bad = 2};
  const Saw silent{.none = 10};
  const Saw away{};
  const Saw off{.good = 8, .bad = 2, .clock_off = true};
  const VoteRule two_of_three{2, 3};
  const std::vector<Row> rows{
      {"no Error", {good, good, good}, {}, "nothing"},
      {"one alone, and nobody else is there", {bad}, {}, "agreed"},
      {"all of three", {bad, bad, bad}, {}, "agreed"},
      {"two of three", {bad, bad, good}, {}, "agreed"},
      {"one of three", {bad, good, good}, {}, "outvoted"},
      {"one of two is no majority", {bad, good}, {}, "outvoted"},
      {"two of four are none either", {bad, bad, good, good}, {}, "outvoted"},
      {"one that sent nothing has no vote", {bad, away, away}, {}, "agreed"},
      {"one whose way out was down has none", {bad, bad, silent, silent, silent}, {}, "agreed"},
      {"and cannot outvote", {bad, silent}, {}, "agreed"},
      {"one whose clock was off has none", {off, good, good}, {}, "outvoted"},
      {"and it alone saw it: nobody can tell but who saw nothing", {off, good}, {}, "outvoted"},
      {"two of three as they are to be", {bad, bad, good}, two_of_three, "agreed"},
      {"one of three by number", {bad, good, good}, two_of_three, "outvoted"},
      {"one where two are needed, and two could tell", {bad, good, away}, two_of_three, "outvoted"},
      {"one where two are needed, and one can tell",
       {bad, silent, away},
       two_of_three,
       "undecided"},
      {"one is enough by the user's word", {bad, good, good}, {1, 3}, "agreed"},
      {"all have to see it", {bad, bad, good}, {3, 3}, "outvoted"},
      {"all have to, and one is away", {bad, bad, away}, {3, 3}, "undecided"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(came_to(votes(row.saw, row.rule)) == row.comes_to);
  }
}

TEST_CASE("nothing that answers is the service's where it answers nobody, or others answer") {
  struct Row {
    std::string what;
    std::vector<Saw> saw;
    std::string comes_to;
  };
  const std::vector<Row> rows{
      {"it answers nobody", {{.none = 9}, {.none = 9}, {.none = 9}}, "agreed"},
      {"it answers one, and two ways out are down",
       {{.good = 9}, {.none = 9}, {.none = 9}},
       "outvoted"},
      {"these two were answered elsewhere",
       {{.good = 9}, {.none = 9, .others_answered = true}, {.none = 9, .others_answered = true}},
       "agreed"},
      {"nobody answered one anywhere",
       {{.none = 9, .others_unanswered = true}, {.none = 9, .others_answered = true}},
       "agreed"},
      {"nobody answered anybody anywhere",
       {{.none = 9, .others_unanswered = true}, {.none = 9, .others_unanswered = true}},
       "undecided"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(came_to(votes(row.saw, {}, strict())) == row.comes_to);
  }
}

TEST_CASE("a vantage point has no vote on what its clock showed twice, and on all else one") {
  std::vector<SeenFrom> all{seen("berlin", {.good = 8, .bad = 2}), seen("lima", {.good = 10}),
                            seen("tokyo", {.good = 10})};
  for (const int interval : {1, 2}) {
    for (SeenFrom& one : all) {
      one.tallies.merge(seen("", {.good = 8, .bad = 2}, interval).tallies);
    }
  }
  const auto votes_with = [&](const Interval& twice) {
    all[1].shown_twice = {twice};
    return votes_on(recoup::test::kms_like(), kCycle, all, {}).vantages[1];
  };
  CHECK(votes_with({kTen, kTen}).clock == 0);
  CHECK(votes_with({kTen - 1h, kTen}).clock == 0);
  CHECK(votes_with({kTen - 1h, kTen + 1ms}).clock == 1);
  CHECK(votes_with({kTen + 1min, kTen + 7min}).clock == 2);
  CHECK(votes_with({kTen - 1h, kTen + 2h}).clock == 3);
  CHECK(votes_with({kTen + 10min, kTen + 11min}).saw == 1);
}

TEST_CASE("each vantage point's month is counted, and why it had no vote") {
  std::vector<SeenFrom> all{seen("tokyo", {.good = 8, .bad = 2}), seen("berlin", {.none = 10}),
                            seen("lima", {.good = 10})};
  all[0].tallies.merge(seen("", {.good = 9, .bad = 1}, 3).tallies);
  all[1].tallies.merge(seen("", {.good = 9, .bad = 1, .clock_off = true}, 3).tallies);
  all[2].tallies.merge(seen("", {.bad = 4}, 40).tallies);  // after the cycle
  const Votes counted = votes_on(recoup::test::kms_like(), kCycle, all, {});
  REQUIRE(counted.vantages.size() == 3);
  const Votes::From& berlin = counted.vantages[0];
  CHECK(berlin.vantage == "berlin");
  CHECK(berlin.requests == 10);
  CHECK(berlin.errors == 1);
  CHECK(berlin.saw == 0);
  CHECK(berlin.abstained == 2);
  CHECK(berlin.egress == 1);
  CHECK(berlin.clock == 1);
  const Votes::From& lima = counted.vantages[1];
  CHECK(lima.requests == 10);
  CHECK(lima.errors == 0);
  CHECK(lima.abstained == 1);  // it sent nothing in the other interval
  CHECK(counted.vantages[2].saw == 2);
  CHECK(counted.vantages[2].errors == 3);
  CHECK(counted.agreed == 1);    // by tokyo, which alone can tell of the later one
  CHECK(counted.outvoted == 1);  // of the first, lima saw nothing
  CHECK(counted.lost() == 2);
  CHECK(counted.newest == Vote::agreed);

  const auto unheard = unheard_intervals(recoup::test::kms_like(), kCycle, all);
  REQUIRE(unheard.size() == 1);
  CHECK(unheard.front().begin == kTen);
  CHECK(unheard.front().end == kTen + 5min);
}

TEST_CASE("a rule of votes is a majority or a number of a number") {
  CHECK(parse_vote_rule("majority") == VoteRule{});
  CHECK(parse_vote_rule("2 of 3") == VoteRule{2, 3});
  CHECK(to_text(VoteRule{2, 3}) == "2 of 3");
  CHECK(to_text(VoteRule{}) == "majority");
  for (const char* wrong : {"", "2", "2 of", "of 3", "4 of 3", "0 of 3", "2 of 3 ", "two of three",
                            "2 of 99999", "-1 of 3", "2  of 3"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_vote_rule(wrong).has_value());
  }
}
