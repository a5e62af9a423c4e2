#include "record/canonical.h"

#include "core/assess.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace recoup::record;
using namespace std::chrono_literals;

namespace {

const Cycle kApril = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
const Instant kBegin = kApril.span.begin;
const Minute kMinute = minute_of(kBegin);
const Outcome kOk = Answered{200};
const Outcome kDown = Answered{503, "SlowDown"};

}  // namespace

TEST_CASE("tallies have one text, in whatever order and parts their rows came") {
  Tallies one;
  one.add(kMinute, kOk, 3);
  one.add(kMinute, kDown, 1);
  one.add(kMinute, kOk, 4);
  one.add(kMinute + 1min, kOk, 0);
  one.add(kMinute + 2min, Failed{NoAnswer::dns}, 5);
  one.add_gap({{kBegin + 1h, kBegin + 2h}, 5s});
  one.add_gap({{kBegin, kBegin + 1h}, 5s});
  one.add_gap({{kBegin, kBegin}, 5s});
  one.add_sent(6);

  Tallies part;
  part.add(kMinute + 2min, Failed{NoAnswer::dns}, 5);
  part.add_gap({{kBegin + 1h, kBegin + 2h}, 5s});
  part.add_sent(5);
  Tallies other;
  other.add(kMinute, kDown, 1);
  other.add_gap({{kBegin, kBegin + 1h}, 5s});
  other.add_sent(1);
  other.merge(part);
  other.add(kMinute, kOk, 7);

  CHECK(canonical_tallies(one) == canonical_tallies(other));
  CHECK(canonical_tallies(one) ==
        "recoup tallies 1\n"
        "2026-04-01T00:00:00Z 200 7\n"
        "2026-04-01T00:00:00Z 503/SlowDown 1\n"
        "2026-04-01T00:02:00Z dns 5\n"
        "gap 2026-04-01T00:00:00Z 2026-04-01T01:00:00Z 5000\n"
        "gap 2026-04-01T01:00:00Z 2026-04-01T02:00:00Z 5000\n"
        "sent 6\n");
}

TEST_CASE("two series with the same gap are two gaps, and what probes sent is told apart") {
  Tallies one;
  one.add_gap({{kBegin, kBegin + 1h}, 5s});
  Tallies two = one;
  two.add_gap({{kBegin, kBegin + 1h}, 5s});
  Tallies sent = one;
  sent.add_sent(1);
  CHECK(canonical_tallies(one) != canonical_tallies(two));
  CHECK(canonical_tallies(one) != canonical_tallies(sent));
}

TEST_CASE("an assessment's text has its exact figures, each interval below 100 %, each exclusion") {
  Tallies tallies;
  tallies.add(kMinute, kOk, 3);
  tallies.add(kMinute + 4min, kDown, 1);
  tallies.add(kMinute + 60min, kDown, 2);
  const std::vector<ExclusionWindow> exclusions{{{kBegin + 2h, kBegin + 3h}, "two\nlines"},
                                                {{kBegin + 1h, kBegin + 61min}, "ours"}};
  const auto judge = [&](const std::vector<ExclusionWindow>& windows) {
    return assess(recoup::test::kms_like(), Zone::utc(), kApril, tallies, windows, kApril.span.end);
  };
  const std::string text = canonical_assessment(judge(exclusions));
  CHECK(text ==
        "recoup assessment 1\n"
        "cycle 2026-04 2026-04-01T00:00:00Z 2026-05-01T00:00:00Z whole\n"
        "interval 5\n"
        "uptime 34559/34560\nlower 34559/34560\nupper 34559/34560\n"
        "met no\ntier 1\n"
        "intervals 1 8626 13 0 1\n"
        "requests 4 1 1 0 0 0\n"
        "probes 0 0 0 0 0\n"
        "below 2026-04-01T00:00:00Z 4 1 0 0 0\n"
        "exclusion 2026-04-01T01:00:00Z 2026-04-01T01:01:00Z 6911/6912 4:ours\n"
        "exclusion 2026-04-01T02:00:00Z 2026-04-01T03:00:00Z 34559/34560 9:two\nlines\n");
  CHECK(canonical_assessment(judge({exclusions[1], exclusions[0]})) == text);
}

TEST_CASE("a charge's text has its exact amount and all that it rests on") {
  Charge charge{{Ratio(1, 3), "USD"}, "bill", "a.csv", {}, {}, false, {}};
  charge.lines = {{"keys", "40 x 1", Ratio(40, 1)}, {"calls", "", Ratio(1, 7)}};
  charge.remarks = {"the bill is not final"};
  charge.others = {{"estimate", {Ratio(2, 1), "USD"}}};
  const std::string text =
      "recoup charge 1\namount 1/3 USD\nfrom 4:bill\nnote 5:a.csv\nfinal no\n"
      "line 1/7 5:calls 0:\nline 40/1 4:keys 6:40 x 1\n"
      "remark 21:the bill is not final\nother 2/1 USD 8:estimate\n";
  CHECK(canonical_charge(charge) == text);
  std::swap(charge.lines[0], charge.lines[1]);
  CHECK(canonical_charge(charge) == text);
  CHECK(canonical_charge(std::nullopt) == "recoup charge 1\nunknown\n");
}

TEST_CASE("evidence has one digest, in whatever order the series of one millisecond come") {
  const Evidence first{kBegin, 0, kDown, "a", 1ms, "", ""};
  const Evidence second{kBegin, 0, kDown, "b", 1ms, "", ""};
  const Evidence later{kBegin + 1ms, 0, kDown, "a", 1ms, "", ""};
  const auto digest = [](const std::vector<Evidence>& records) {
    EvidenceDigest all;
    for (const Evidence& one : records) all.add(one);
    CHECK(all.count() == records.size());
    return all.hex();
  };
  CHECK(digest({first, second, later}) == digest({second, first, later}));
  CHECK(digest({first, second}) != digest({first, second, later}));
  CHECK(digest({first, first, later}) != digest({first, later}));
  CHECK(digest({}) == sha256_hex("recoup evidence 1\n"));
  CHECK(digest({first}) ==
        sha256_hex("recoup evidence 1\n1775001600000 0 503/SlowDown 1 1:a 0: 0:\n"));
}
