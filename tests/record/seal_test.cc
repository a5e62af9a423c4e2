#include "record/seal.h"

#include "record/canonical.h"
#include "support/catch.h"

using namespace recoup::core;
using namespace recoup::record;
using namespace std::chrono_literals;

namespace {

const Instant kBegin = *parse_instant("2026-10-01T00:00:00Z");

Seal example() {
  Seal seal;
  seal.agreement = "kms";
  seal.month = std::chrono::year(2026) / 10;
  seal.at = kBegin + 24h * 32;
  seal.cycle = {kBegin, kBegin + 24h * 31};
  seal.tallies_sha256 = "t1";
  seal.evidence_sha256 = "e1";
  seal.evidence_records = 17;
  seal.chain = {{"log", "nginx", "d1", 5, "aa"}, {"probe", "p", "berlin", 12, "bb"}};
  seal.rule = "aws-kms";
  seal.version = std::chrono::year(2022) / 11 / 29;
  seal.rule_digest = "r1";
  seal.assessment_sha256 = "a1";
  seal.charge_sha256 = "c1";
  seal.requests = 1000;
  seal.errors = 17;
  seal.uptime = Ratio(8927, 8928);
  seal.share = Ratio(1, 10);
  seal.charge = Money{Ratio(1845, 1), "USD"};
  seal.charge_from = "bill";
  seal.amount = Money{Ratio(369, 2), "USD"};
  seal.eligible = true;
  seal.deadline = DeadlineDates{kBegin + 24h * 61, kBegin + 24h * 92};
  seal.exclusions = {"ours"};
  return seal;
}

using Change = void (*)(Seal&);

}  // namespace

TEST_CASE("a seal's digest is the SHA-256 of its canonical text") {
  Seal seal = example();
  CHECK(canonical_seal(seal) ==
        "recoup seal 1\nagreement 3:kms\nmonth 2026-10\nrevision 1\nat 2026-11-02T00:00:00Z\n"
        "cycle 2026-10-01T00:00:00Z 2026-11-01T00:00:00Z\n"
        "tallies t1\nevidence e1 17\n"
        "chain 3:log 5:nginx 2:d1 5 aa\nchain 5:probe 1:p 6:berlin 12 bb\n"
        "rule 7:aws-kms 2022-11-29 r1\nassessment a1\ncharge c1\n"
        "requests 1000\nerrors 17\nuptime 8927/8928\nshare 1/10\n"
        "charged 1845/1 USD 4:bill\namount 369/2 USD\neligible yes\n"
        "deadline 2026-12-01T00:00:00Z 2027-01-01T00:00:00Z\n"
        "exclusion 4:ours\nprevious none\n");
  CHECK(seal_digest(seal) == sha256_hex(canonical_seal(seal)));
  std::swap(seal.chain[0], seal.chain[1]);
  CHECK(seal_digest(seal) == seal_digest(example()));
  seal.charge.reset();
  seal.amount.reset();
  seal.deadline.reset();
  CHECK(canonical_seal(seal).find("charged unknown 4:bill\namount unknown\neligible yes\n"
                                  "deadline none\n") != std::string::npos);
}

TEST_CASE("no field of a seal can change without changing its digest, and verification names it") {
  const std::vector<std::pair<const char*, Change>> changes{
      {"agreement", [](Seal& s) { s.agreement = "s3"; }},
      {"month", [](Seal& s) { s.month += std::chrono::months(1); }},
      {"revision", [](Seal& s) { s.revision = 2; }},
      {"at", [](Seal& s) { s.at += 1ms; }},
      {"cycle", [](Seal& s) { s.cycle.end += 1ms; }},
      {"tallies", [](Seal& s) { s.tallies_sha256 = "t2"; }},
      {"evidence", [](Seal& s) { s.evidence_sha256 = "e2"; }},
      {"records", [](Seal& s) { s.evidence_records = 18; }},
      {"chain head", [](Seal& s) { s.chain[0].head = "ab"; }},
      {"chain length", [](Seal& s) { s.chain[0].records = 6; }},
      {"a series less", [](Seal& s) { s.chain.pop_back(); }},
      {"rule", [](Seal& s) { s.rule = "aws-s3"; }},
      {"version", [](Seal& s) { s.version = std::chrono::year(2019) / 1 / 16; }},
      {"rule's text", [](Seal& s) { s.rule_digest = "r2"; }},
      {"assessment", [](Seal& s) { s.assessment_sha256 = "a2"; }},
      {"charge's text", [](Seal& s) { s.charge_sha256 = "c2"; }},
      {"requests", [](Seal& s) { s.requests = 1001; }},
      {"errors", [](Seal& s) { s.errors = 18; }},
      {"uptime", [](Seal& s) { s.uptime = Ratio(1, 1); }},
      {"share", [](Seal& s) { s.share = Ratio(1, 4); }},
      {"charge", [](Seal& s) { s.charge->amount = Ratio(1846, 1); }},
      {"currency", [](Seal& s) { s.charge->currency = "EUR"; }},
      {"source", [](Seal& s) { s.charge_from = "estimate"; }},
      {"amount", [](Seal& s) { s.amount.reset(); }},
      {"eligible", [](Seal& s) { s.eligible = false; }},
      {"safe deadline", [](Seal& s) { s.deadline->safe += 1ms; }},
      {"literal deadline", [](Seal& s) { s.deadline->literal += 1ms; }},
      {"exclusion", [](Seal& s) { s.exclusions = {"theirs"}; }},
      {"change", [](Seal& s) { s.changes = {"something"}; }},
      {"previous", [](Seal& s) { s.previous = "00"; }}};
  for (const auto& [name, change] : changes) {
    INFO(name);
    Seal seal = example();
    close_seal(seal, nullptr);
    CHECK(seal_faults(seal).empty());
    change(seal);
    CHECK(seal_digest(seal) != seal.digest);
    REQUIRE(seal_faults(seal).size() == 1);
    CHECK(seal_faults(seal)[0].find("a field of the seal was changed") != std::string::npos);
  }
}

TEST_CASE("a signed seal is found wrong with another signature, owner or digest") {
  const auto key = SealKey::from_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n");  // RFC 8032, test 1
  REQUIRE(key.ok());
  Seal seal = example();
  close_seal(seal, &*key);
  CHECK(seal.public_key == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(signature_holds(seal.digest, seal.signature, seal.public_key));
  CHECK(seal_faults(seal).empty());

  Seal other = seal;
  other.signature[5] = other.signature[5] == 'a' ? 'b' : 'a';
  CHECK(seal_faults(other).size() == 1);
  other = seal;
  other.public_key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  CHECK(seal_faults(other).size() == 1);
  other = seal;
  other.signature.clear();
  CHECK(seal_faults(other).size() == 1);
  other = seal;
  other.errors = 0;
  other.digest = seal_digest(other);  // made to fit: the signature does not
  CHECK(seal_faults(other).size() == 1);
}

TEST_CASE("two revisions that say the same of a cycle differ in nothing") {
  Seal before = example();
  before.changes = {"late data"};
  Seal after = example();
  after.revision = 2;
  after.at += 24h;
  after.previous = "00";
  after.chain[0].records = 6;
  after.journal = 9;
  CHECK(seal_changes(before, after).empty());
}

TEST_CASE("what a later revision says otherwise is said in words") {
  const Seal before = example();
  const auto changed = [&](Change change) {
    Seal after = example();
    change(after);
    return seal_changes(before, after);
  };
  using Said = std::vector<std::string>;
  CHECK(changed([](Seal& s) { s.requests = 1200; }) == Said{"Requests: 1200, before 1000"});
  CHECK(changed([](Seal& s) { s.errors = 18; }) == Said{"Errors: 18, before 17"});
  CHECK(changed([](Seal& s) { s.uptime = Ratio(1, 2); }) ==
        Said{"Monthly Uptime Percentage: 50.000000000000 %, before 99.988799283154 %"});
  CHECK(changed([](Seal& s) { s.uptime -= Ratio(1, 1'000'000'000'000'000'000); }) ==
        Said{"Monthly Uptime Percentage: 99.988799283154 %, as before in all digits that are "
             "shown, and not exactly the same"});
  CHECK(changed([](Seal& s) { s.share = Ratio(1, 4); }) ==
        Said{"Service Credit: 25.000000000000 %, before 10.000000000000 %"});
  CHECK(changed([](Seal& s) {
          s.charge_sha256 = "c2";
          s.charge = Money{Ratio(2000, 1), "USD"};
          s.charge_from = "estimate";
        }) == Said{"charge: 2000.00 USD (estimate), before 1845.00 USD (bill)"});
  CHECK(changed([](Seal& s) { s.charge_sha256 = "c2"; }) ==
        Said{"charge: 1845.00 USD (bill), as before, with other lines or remarks"});
  CHECK(changed([](Seal& s) { s.eligible = false; }) ==
        Said{"amount to claim: 184.50 USD, not to be claimed, before 184.50 USD"});
  CHECK(changed([](Seal& s) { s.rule_digest = "r2"; }) ==
        Said{"rule: aws-kms of 2022-11-29, text r2, before aws-kms of 2022-11-29, text r1"});
  CHECK(changed([](Seal& s) { s.exclusions = {"theirs"}; }) ==
        Said{"exclusion added: theirs", "exclusion removed: ours"});
  CHECK(changed([](Seal& s) {
          s.evidence_sha256 = "e2";
          s.evidence_records = 18;
        }) == Said{"evidence records: 18, before 17"});
  CHECK(changed([](Seal& s) { s.evidence_sha256 = "e2"; }) ==
        Said{"evidence records: 17, as before in number, and other ones"});
  CHECK(changed([](Seal& s) { s.tallies_sha256 = "t2"; }) ==
        Said{"counts: others by minute and outcome, with as many Requests and Errors"});
  CHECK(changed([](Seal& s) { s.deadline.reset(); }) ==
        Said{"the assessment differs in other figures than these"});
}
