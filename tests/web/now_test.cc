// What an agreement's service is like now, from the newest answers, logs and intervals.
#include "report/now.h"

#include "support/catch.h"
#include "web/made_site.h"

using namespace recoup;
using namespace recoup::test;
using report::Condition;

namespace {

using Losses = std::vector<Lost>;

core::Instant at(const char* text) { return *core::parse_instant(text); }

// One agreement whose month is `lost` and ends with the interval `silent`.
struct Seen : MadeSite {
  explicit Seen(const Losses& lost, std::size_t silent = SIZE_MAX) {
    add(agreement("kms"), lost, silent);
  }

  record::LastAnswer& answer(bool expected, const char* since, bool changed) {
    record::LastAnswer& one = snapshot->answers.emplace_back();
    one.agreement = "kms";
    one.probe = "p" + std::to_string(snapshot->answers.size());
    one.at = now;
    one.since = at(since);
    one.changed = changed;
    one.expected = expected;
    one.outcome = core::Answered{expected ? 200 : 503};
    return one;
  }

  record::FollowedLog& log() {
    record::FollowedLog& one = snapshot->logs.emplace_back();
    one.agreement = "kms";
    one.log = "web";
    return one;
  }

  report::Now get() const {
    const report::NowReader reader(*snapshot);
    const report::Now found = reader.of(*snapshot->judgements.front());
    CHECK(reader.condition(*snapshot->judgements.front()) == found.condition);
    return found;
  }
};

// The interval that 2026-10-21T10:03:20Z lies in.
constexpr std::size_t kOpen = 20 * 288 + 10 * 12;

}  // namespace

TEST_CASE("what was counted says whether a service is up, and since when") {
  struct Case {
    Losses lost;
    std::size_t silent;
    Condition condition;
    const char* since;
  };
  for (const Case& c : std::vector<Case>{
           {{}, SIZE_MAX, Condition::up, "2026-10-01T00:00:00Z"},
           {{{3, 60}}, SIZE_MAX, Condition::up, "2026-10-01T00:20:00Z"},
           {{{kOpen, 30}}, SIZE_MAX, Condition::failing, "2026-10-21T10:00:00Z"},
           {{{kOpen, 29}}, SIZE_MAX, Condition::partly, "2026-10-21T10:00:00Z"},
           {{{kOpen - 2, 1}, {kOpen - 1, 60}, {kOpen, 60}},
            SIZE_MAX,
            Condition::failing,
            "2026-10-21T09:50:00Z"},
           {{{kOpen - 2, 60}, {kOpen, 60}}, SIZE_MAX, Condition::failing, "2026-10-21T10:00:00Z"},
           // Six minutes from its end are what an interval takes to be told of.
           {{}, kOpen, Condition::up, "2026-10-01T00:00:00Z"},
           {{}, kOpen - 1, Condition::unseen, "2026-10-21T09:55:00Z"},
           {{}, 1, Condition::unseen, "2026-10-01T00:05:00Z"}}) {
    const Seen seen(c.lost, c.silent);
    INFO(c.since);
    CHECK(seen.get().condition == c.condition);
    CHECK(seen.get().since == at(c.since));
    CHECK_FALSE(seen.get().as_of);
  }
  const Seen nobody(Losses{}, 0);
  CHECK(nobody.get().condition == Condition::nobody);
  CHECK_FALSE(nobody.get().since);
}

TEST_CASE("what probes were answered a moment ago says it to the second") {
  SECTION("it is up, and was before the service began") {
    Seen seen(Losses{{3, 60}});
    seen.answer(true, "2026-10-21T09:00:00Z", false);
    CHECK(seen.get().condition == Condition::up);
    CHECK(seen.get().since == at("2026-10-01T00:20:00Z"));
  }
  SECTION("it recovered within an interval") {
    Seen seen(Losses{{kOpen, 10}});
    seen.answer(true, "2026-10-21T10:01:40Z", true);
    CHECK(seen.get().condition == Condition::up);
    CHECK(seen.get().since == at("2026-10-21T10:01:40Z"));
  }
  SECTION("what failed was no Error") {
    Seen seen(Losses{{3, 60}});
    seen.answer(true, "2026-10-20T12:00:00Z", true);
    CHECK(seen.get().since == at("2026-10-20T12:00:00Z"));
  }
  SECTION("a log had Errors after it recovered") {
    Seen seen(Losses{{kOpen - 12, 1}});
    seen.answer(true, "2026-10-20T12:00:00Z", true);
    CHECK(seen.get().since == at("2026-10-21T09:05:00Z"));
  }
  SECTION("it fails") {
    Seen seen(Losses{{kOpen, 10}});
    seen.answer(false, "2026-10-21T10:01:40Z", true);
    CHECK(seen.get().condition == Condition::failing);
    CHECK(seen.get().since == at("2026-10-21T10:01:40Z"));
    CHECK(seen.get().what == "503");
  }
  SECTION("it failed before the service began anew") {
    Seen seen(Losses{{kOpen - 2, 60}, {kOpen - 1, 60}, {kOpen, 60}});
    seen.answer(false, "2026-10-21T10:01:40Z", false);
    CHECK(seen.get().since == at("2026-10-21T09:50:00Z"));
  }
  SECTION("one of two probes fails") {
    Seen seen(Losses{});
    seen.answer(false, "2026-10-21T10:01:40Z", true);
    seen.answer(true, "2026-10-21T09:00:00Z", false);
    CHECK(seen.get().condition == Condition::partly);
    CHECK(seen.get().what == "1 of 2 probes, 503");
  }
  SECTION("an old answer, or one of a list, says nothing") {
    Seen seen(Losses{});
    seen.answer(false, "2026-10-21T09:00:00Z", true).at = at("2026-10-21T10:02:00Z");
    seen.answer(false, "2026-10-21T09:00:00Z", true).targets = 2;
    CHECK(seen.get().condition == Condition::up);
  }
  SECTION("of a month without counts it is known since the answers began") {
    Seen seen(Losses{}, 0);
    seen.answer(true, "2026-10-21T10:03:00Z", false);
    CHECK(seen.get().condition == Condition::up);
    CHECK(seen.get().since == at("2026-10-21T10:03:00Z"));
  }
}

TEST_CASE("a log that comes late is not taken for silence, and one that is silent is") {
  Seen seen(Losses{}, kOpen - 36);
  record::FollowedLog& log = seen.log();
  CHECK(seen.get().condition == Condition::up);
  CHECK(seen.get().as_of == at("2026-10-21T07:00:00Z"));
  log.silent_since = at("2026-10-21T08:00:00Z");
  CHECK(seen.get().condition == Condition::silent);
  CHECK(seen.get().since == at("2026-10-21T08:00:00Z"));
  CHECK(seen.get().what == "web");
  log.silent_since.reset();
  log.away_since = at("2026-10-21T09:00:00Z");
  CHECK(seen.get().condition == Condition::silent);
}
