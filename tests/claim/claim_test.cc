#include "claim/write_claim.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/folder.h"
#include "claim/month.h"
#include "claim/page_style.h"
#include "record/digest.h"
#include "report/words.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/secrets.h"
#include "support/signed_trail.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::slurp;
using recoup::test::TempDir;
using recoup::test::without_style;

namespace {

const std::vector<std::string> kFiles{"subject.txt",
                                      "body.md",
                                      "body.txt",
                                      "intervals.log",
                                      "requests.log",
                                      "dispute.csv",
                                      "claim.html",
                                      "create-case.json",
                                      "create-case.cli.json",
                                      "add-attachments.cli.json",
                                      "send.sh",
                                      "claim.json",
                                      "SHA256SUMS"};

// Three intervals, 42 Errors of which 2 have no record: 99.99 %, a credit of 10 %.
ClaimWorld breach_of_10() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.fail({601, 60, 60, 20});
  world.fail({8927, 7, 1, 1});
  return world;
}

// The same with all that a charge can have, sealed again after a log came late, and signed.
ClaimWorld sealed_breach_of_10() {
  ClaimWorld world = breach_of_10();
  world.charge = core::Charge{
      {core::Ratio(12345678, 1000), "USD"},
      "estimate",
      "book aws-kms of 2026-10",
      {{"customer managed keys", "40 keys x 1.00 USD", core::Ratio(40, 1)},
       {"symmetric requests", "(41,038,926 - 20,000 free) x 0.03 USD / 10,000 requests",
        core::Ratio(12305678, 1000)}},
      {"Taxes and support are not in it.", "The Region's prices are those of 2026-09-01."},
      false,
      {{"stated", {core::Ratio(12000, 1), "USD"}}}};
  world.key = &recoup::test::test_key();
  world.agreement.contact = "Jo Meier, cloud@example.com";
  world.version().clauses = {{"deadline",
                              "Credit Request and Payment Procedures: received by the end of the "
                              "second billing cycle after "
                              "which the incident occurred"}};
  world.sources = {{"alb", {"web"}, "", {}}, {"probe", {"generate-random"}, "", {"office-berlin"}}};
  world.seal_it(2, {"Requests: 535627, before 500000", "Errors: 73, before 70",
                    "Monthly Uptime Percentage: 99.984959037378 %, before 99.989123456789 %",
                    "evidence records: 33, before 30", "log file imported: access-2026-10-31.log"});
  return world;
}

// 200 intervals without a served request: 97.75 %, a credit of 25 %.
ClaimWorld breach_of_25() {
  ClaimWorld world(10);
  world.agreement.exclusions = {
      {{world.begin_of(100), world.begin_of(101)}, "we disabled key alias/payroll"}};
  for (std::size_t i = 0; i < 201; ++i) world.fail({i, 10, 10, 0});
  return world;
}

// 500 requests, all of which failed, one in an interval, and silence else; practice data: 94.4 %, a
// credit of 100 %.
ClaimWorld breach_of_100() {
  ClaimWorld world(0);
  world.agreement.practice = true;
  world.late_until = world.cycle.span.end + std::chrono::hours(24);
  world.tallies.add_gap({{world.begin_of(8000), world.begin_of(8010)}, std::chrono::seconds(5)});
  for (std::size_t i = 0; i < 500; ++i) world.fail({i, 1, 1, i < 3 ? 1u : 0u});
  return world;
}

std::vector<std::string> write(const ClaimWorld& world, const std::string& folder) {
  const auto names = claim::write_claim(world.claim(), world.reader(), folder);
  if (!names) FAIL(names.error().where << ": " << names.error().message);
  return *names;
}

// A written file without the page's style: its digest too is that of the page without. The
// signature, of the sums with the style, is left to verify.
std::optional<std::string> unstyled(const std::string& folder, const std::string& file) {
  if (file == "SHA256SUMS.sig") return std::nullopt;
  std::string text = slurp(folder + '/' + file);
  if (file == "claim.html") return without_style(std::move(text));
  if (file == "SHA256SUMS") {
    const std::string page = slurp(folder + "/claim.html");
    const std::string digest = record::sha256_hex(page);
    text.replace(text.find(digest), digest.size(), record::sha256_hex(without_style(page)));
  }
  return text;
}

// The folder is as the golden one, byte for byte but for the page's style. With
// RECOUP_UPDATE_GOLDEN set that is written anew.
void expect_golden(const ClaimWorld& world, const std::string& name) {
  TempDir temp;
  const std::string golden = std::string(TESTS_DIR) + "/golden/" + name;
  for (const std::string& file : write(world, temp.file("claim"))) {
    INFO(file);
    const auto text = unstyled(temp.file("claim"), file);
    if (!text) continue;
    if (std::getenv("RECOUP_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(golden);
      std::ofstream(golden + '/' + file, std::ios::binary) << *text;
    }
    CHECK(*text == slurp(golden + '/' + file));
  }
  const auto verified = claim::verify_claim(temp.file("claim"), recoup::test::known_of(world), "");
  CHECK(verified->differs == std::vector<std::string>{});
}

}  // namespace

TEST_CASE(
    "a breach that gives 10 %, sealed twice and signed, is claimed as the golden folder shows") {
  expect_golden(sealed_breach_of_10(), "claim-kms-10");
}

TEST_CASE(
    "a breach that gives 25 %, with an exclusion and no records, is claimed as the golden folder "
    "shows") {
  expect_golden(breach_of_25(), "claim-kms-25");
}

TEST_CASE("a breach that gives 100 %, of practice data, is claimed as the golden folder shows") {
  expect_golden(breach_of_100(), "claim-kms-100-practice");
}

// Whoever verifies a claim years later has to know whether this program would have written the same
// bytes: forms.txt has the digest of what each form wrote.
TEST_CASE("claims that are written otherwise are of another form") {
  std::string sums;
  for (const ClaimWorld& world : {sealed_breach_of_10(), breach_of_25(), breach_of_100()}) {
    sums += ClaimFolder(world).read("SHA256SUMS");
  }
  const std::string now = fmt::format("{} {}\n", claim::kClaimForm, record::sha256_hex(sums));
  const std::string forms = recoup::test::read_text(TESTS_DIR "/golden/forms.txt");
  INFO("where claims were meant to change: kClaimForm is one more, and forms.txt ends with\n"
       << now);
  CHECK(forms.ends_with('\n' + now));
  const std::string same_form = fmt::format("\n{} ", claim::kClaimForm);
  CHECK(forms.find(same_form) == forms.rfind(same_form));
}

// Two runs of minutes that a contract of another provider calls downtime, one of them in part
// excluded, and terms that the customer had to state.
TEST_CASE("a breach by Downtime Periods is claimed as the golden folder shows") {
  ClaimWorld world =
      ClaimWorld::with(core::DowntimeRuns{core::Ratio(1, 10), std::chrono::minutes(5), 10}, 20);
  world.version().error = {{{500, 599}}, {}, std::chrono::seconds(10), ""};
  world.version().claim = {
      "", core::Deadline{30, 30, core::DeadlineFrom::eligibility}, "", {}, true};
  world.version().claim.needs = {"the project's id"};
  world.version().supplied = {"credits", "exclusions"};
  world.agreement.region.clear();
  world.agreement.since = world.begin_of(60);
  world.agreement.exclusions = {{{world.begin_of(106), world.begin_of(108)}, "we rotated a key"}};
  world.cycle = core::counted_cycle(world.version(), world.cycle, world.agreement);
  for (std::size_t i = 100; i < 108; ++i) world.fail({i, 20, 3, 3});
  for (std::size_t i = 200; i < 204; ++i) world.fail({i, 20, 20, 5});
  expect_golden(world, "claim-downtime-runs");
}

TEST_CASE("a breach by a ratio of Requests is claimed as the golden folder shows") {
  ClaimWorld world = ClaimWorld::with(core::RequestRatio{std::chrono::minutes(5)}, 1);
  world.fail({10, 10, 9, 9});
  world.fail({12, 10, 9, 9});
  world.fail({15, 10, 4, 4});
  expect_golden(world, "claim-ratio");
}

// October as it is counted in UTC+8: it begins at 16:00 UTC of the day before. The Errors are in
// its first hour, around a midnight, and in its last minutes.
TEST_CASE("a breach under a contract of Alibaba Cloud is claimed as the golden folder shows") {
  ClaimWorld world(50);
  world.rule = {"alibaba-oss",
                "alibaba",
                "Alibaba Cloud Object Storage Service",
                {"account", "region"},
                {world.version()}};
  world.agreement = {"oss-hangzhou", "alibaba-oss", "1234567890123456", "cn-hangzhou"};
  core::Version& version = world.version();
  version.effective = std::chrono::year(2026) / 8 / 1;
  version.source = "https://help.aliyun.com/";
  version.time_zone = "Asia/Shanghai";
  version.commitment = core::Ratio(9999, 10000);
  version.commitment_text = "99.99";
  version.error = {{{500, 599}}, {}, {}, ""};
  version.not_a_request = {"no-answer", "403"};
  version.credits = {{core::Ratio(9999, 10000), core::Ratio(99, 100), core::Ratio(10, 100)},
                     {core::Ratio(99, 100), {}, core::Ratio(25, 100)}};
  version.minimum_credit.reset();
  version.claim = {"", core::Deadline{2, 2, core::DeadlineFrom::months}, "", {}, true};
  world.charge = core::Charge{{core::Ratio(86420, 100), "CNY"}, "bill", "bss-2026-10.csv"};
  world.zone = core::Zone("Asia/Shanghai", {{core::Instant{}, std::chrono::hours(8)}});
  world.cycle = core::cycle_of(std::chrono::year(2026) / 10, world.zone);
  world.now = world.cycle.span.end;
  for (std::size_t i = 0; i < 3; ++i) world.fail({i, 50, 25, 2});
  for (std::size_t i = 1438; i < 1442; ++i) world.fail({i, 50, 40, 1});
  world.fail({8927, 50, 50, 3});
  for (record::Evidence& record : world.evidence) {
    record.outcome = core::Answered{503, "InternalError"};
    record.detail = "PUT /backup/2026-10.tar";
  }
  world.seal_it();
  expect_golden(world, "claim-alibaba-utc8");
}

// An RSA key of the test's own.
const recoup::test::SigningKey& trail_key() {
  static const auto key = recoup::test::SigningKey::of_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDqn453htPiUFec\n"
      "SDmTOtiwAt679kfVLDQBQ5gENz38gzXFWF0PGkIjU2Y8s/6/XyqUUYeaw+a1Ul0x\n"
      "qnd8HlhDPWI8Eh2wXMQzmZCn5LI5q6uNBlqQxWsrP+loxv600eXL7CIMsmWAxRCu\n"
      "cz7TOi3bjn4vs9a2MhH8qurppSJMiSpe02QIsVjT8Xq+qXP50OlSlh2gEWOm8j3M\n"
      "/k3fC73/CPgohi2ryqOC0cCs0xRuaUeafuybu1t3htDFOQ+A6TBz0CigOcyhO/2j\n"
      "62L3nWzc9DkdKYP7IR5lRaHXqae/PfpGg9YqJV43t7TPSSivFn3MjahSanfKSboi\n"
      "4lj29VqPAgMBAAECggEABjLj/TVzOKn9vpPL7Z9i5TeWMeoeWLv7vcLO6+GXwimn\n"
      "TIj6oHEFqVBFRbpNszms8tE6n3SojkbYTn0d/goBM/mVtFeYMDYrOt/GSiFJMive\n"
      "cvHlh6innbNpE8saJKXdB+e7uJEoDGBogetqkAMb/g6EN/ds51BoWEAdx8GEp/f0\n"
      "0tvU0uvXo6Jp/XGorOsJ1fEG7CDpqgOe6/lMHA+0dHQU4pzVnWMoULQCpGzp9IfO\n"
      "8tYDolVv4+B76DODg66u/hdZ9ZbrIbADGHIMf+mDkpixR5xW/qY4PKmnqC7kBHyG\n"
      "eFQNtP4h6ozg0u5ME6FJU+OTzIz7GF24uPcPz82F4QKBgQD1ReaCE7cZi0ZAe1j2\n"
      "FT6517CLhcMIW3CE/1yFUV9dAu/9rb1X2umxA2h+yD5PNPbP+IKsWf4LnFtB4IZb\n"
      "SWFPKBHcgp4qe3foHowrKEFdRrHy+oX1nlIlzuy8H+k4XSRt5MhtvwCUA3GEjekQ\n"
      "+bg8OfjzyTloacjEWeFRbZml4QKBgQD04muP3RNMciHugvD2v23szaNttX9mLDHR\n"
      "s6byHqqaLcTzR76GryECfGfzGVrU1KY3qrbEO/Z/DCBtc8DdleckhsIPW8vfkB8w\n"
      "4Rc5S1QnOfZMTNT+829BfnxVcP/CMladxo+2n6dajSlgaImQJFlPOP+lXMuwL18E\n"
      "BmSjdogubwKBgFlNyC4Ya5R7Z2rW/n8rIRmddQR4AZkrYf6q088e37AH/8XH2qcA\n"
      "aBIxgXyYAEfqquryOvHyGlOz7G5CB+l5AFtH5aj6Tgh9yBzV8odMMvB5axVjLh9O\n"
      "M+7cNsoQfGQvVbJFmMyMvPMnhc+TtAagRfp3yTNKUwK3cYg8iZOSal1BAoGAU7yg\n"
      "3z7PfJKCe9aWoyluY00mFzu65qsyFe0Cp0RJPhNsh2v/AHseJIV53izLXH+inuJn\n"
      "QM7oSSVSaVrtllfOBDV4YlwXaMkVgVdW46aYjhlJ2WlkZBHF93VS+rx7GGKyL51Y\n"
      "QzBwv4wJnAfjEkD7sRVihZ8nn4VzTiMJgsPjaU0CgYAWXl2ak1GmBy5kZqGq3Hus\n"
      "pcCZX2CyIT1w/wshpodyagY5sxTDeP+KRWlswnjljfDlRxd9tfv01gkPgKifu65q\n"
      "nmPlJE7nG3Ja0ipf64WpVcyCgwDZuMR6RZ1Wwm22LPn+aYQu7XPz7oj8iBYgffQF\n"
      "RgTxRjzAKaUIPyjbfkGPQQ==\n"
      "-----END PRIVATE KEY-----\n");
  return key;
}

// What CloudTrail saw, and signed but for an hour.
TEST_CASE("a breach by CloudTrail with its digests is claimed as the golden folder shows") {
  ClaimWorld world;
  world.sources = {{"cloudtrail", {"trail"}, "", {}}};
  world.agreement.contact = "Jo Meier, cloud@example.com";
  world.fail({3, 60, 30, 4});
  world.fail({31, 60, 60, 2});
  for (record::Evidence& record : world.evidence) {
    record.peer.clear();
    record.duration = std::chrono::milliseconds(0);
    record.detail = "Decrypt";
  }
  recoup::test::SignedTrail trail(trail_key(), world.cycle.span.begin);
  trail.add_hour({"first"});
  trail.add_hour();
  trail.add_hour({"second"});
  for (int hour = 3; hour < 30; ++hour) trail.add_hour();
  std::vector<record::FoundDigest> found;
  for (const auto& one : trail.digests())
    found.push_back({one.name, one.content, {}, one.signature});
  found.erase(found.begin() + 20);
  record::DigestKeys keys;
  REQUIRE(keys.add(trail_key().list().dump(), "keys.json").ok());
  auto evidence = record::digest_evidence(record::check_digests(found, keys));
  for (const char* content : {"first", "second"}) {
    evidence.files.push_back({record::sha256_hex(std::string("packed ") + content),
                              std::string("logs/") + content + ".json.gz", "yes",
                              record::sha256_hex(content)});
  }
  world.digests = *claim::claim_digests(std::move(evidence), world.cycle.span);
  world.seal_it();
  expect_golden(world, "claim-cloudtrail-digests");
}

// What AWS SDKs reported of their own attempts, each failed one with AWS's request id, and what a
// load balancer's log beside them supports; the service is bought from a partner.
TEST_CASE("a breach by what SDKs reported is claimed as the golden folder shows") {
  ClaimWorld world(600);
  world.sources = {{"csm", {"sdk"}, "", {"app-1", "app-2"}},
                   {"probe", {"generate-random"}, "", {"office-berlin"}}};
  world.agreement.contact = "Jo Meier, cloud@example.com";
  world.agreement.by_partner = true;
  for (std::size_t i = 4000; i < 4020; ++i) world.fail({i, 590 + i % 7, 5 + i % 3, 5 + i % 3});
  for (record::Evidence& record : world.evidence) {
    record.peer.clear();
    record.detail = "KMS.Decrypt app1";
  }
  world.robustness.strikes = {{core::Strike::Kind::source, "the log sdk", true,
                               core::Ratio(9998, 10000), core::Ratio(1, 10)},
                              {core::Strike::Kind::source, "the probe", true,
                               core::Ratio(9998, 10000), core::Ratio(1, 10)}};
  expect_golden(world, "claim-csm");
}

// A contract of which not all was found: the user stated the rest.
ClaimWorld partial() {
  ClaimWorld world = breach_of_10();
  world.rule.id = "aws-private-ca";
  world.rule.service = "AWS Private Certificate Authority";
  world.version().status = core::Status::partial;
  world.version().missing = {"credits", "minimum_credit", "claim.deadline"};
  return world;
}

TEST_CASE("a partial contract whose terms were supplied is claimed as the golden folder shows") {
  ClaimWorld world = partial();
  world.version().status = core::Status::complete;
  world.version().supplied = std::exchange(world.version().missing, {});
  world.seal_it();
  expect_golden(world, "claim-partial-supplied");
}

TEST_CASE("what is refused says so in the words of the golden texts") {
  ClaimWorld minimum = breach_of_10();
  minimum.charge->amount.amount = core::Ratio(10, 1);
  const std::vector<std::pair<std::string, ClaimWorld>> cases{{"minimum-not-reached", minimum},
                                                              {"partial-without-terms", partial()}};
  for (const auto& [name, world] : cases) {
    INFO(name);
    TempDir temp;
    const auto refused = claim::write_claim(world.claim(), world.reader(), temp.file("claim"));
    REQUIRE_FALSE(refused.ok());
    CHECK_FALSE(std::filesystem::exists(temp.file("claim")));
    const std::string golden = std::string(TESTS_DIR) + "/golden/refusals/" + name + ".txt";
    const std::string text = refused.error().message + '\n';
    if (std::getenv("RECOUP_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << text;
    CHECK(text == slurp(golden));
  }
}

TEST_CASE("practice data is marked in every file that somebody reads") {
  TempDir temp;
  write(breach_of_100(), temp.file("claim"));
  for (const char* file : {"subject.txt", "body.md", "body.txt", "intervals.log", "requests.log",
                           "dispute.csv", "claim.html", "claim.json"}) {
    INFO(file);
    CHECK(slurp(temp.file("claim/" + std::string(file))).find("PRACTICE DATA, not a real claim") !=
          std::string::npos);
  }
}

TEST_CASE("sha256sum accepts a fresh claim") {
  TempDir temp;
  write(breach_of_10(), temp.file("claim"));
  const std::string command =
      "cd '" + temp.file("claim") + "' && sha256sum --strict --status -c SHA256SUMS";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("a claim that the contract does not give is refused with the reason that decides") {
  struct Case {
    const char* what;
    void (*spoil)(ClaimWorld&);
    const char* first;
  };
  const std::vector<Case> cases{
      {"no breach", [](ClaimWorld& w) { w.rule.versions[0].commitment = core::Ratio(1, 2); },
       "no breach: the Service Commitment was met"},
      {"running", [](ClaimWorld& w) { w.now = w.begin_of(8000); },
       "the billing cycle is not over: it ends at 2026-11-01T00:00:00Z"},
      {"partial",
       [](ClaimWorld& w) {
         w.rule.versions[0].status = core::Status::partial;
         w.rule.versions[0].missing = {"claim.subject", "claim.deadline"};
       },
       "the rule is partial: it lacks claim.subject, claim.deadline; state what your contract "
       "says in [agreement.terms]"},
      {"a part of a month that is no cycle",
       [](ClaimWorld& w) {
         w.version().part_month = core::PartMonth::none;
         w.cycle.in_part = true;
       },
       "no full cycle: the service was used for a part of the billing cycle only, and the contract "
       "counts such a cycle as none"},
      {"no charges", [](ClaimWorld& w) { w.charge.reset(); },
       "the charges of the billing cycle are not known: state them, or name a bill or a price "
       "book, "
       "in [agreement.charges]"},
      {"exactly the minimum", [](ClaimWorld& w) { w.charge->amount.amount = core::Ratio(10, 1); },
       "the credit of 1 USD is not more than 1.00 USD"},
      {"no tier",
       [](ClaimWorld& w) { w.rule.versions[0].credits.erase(w.rule.versions[0].credits.begin()); },
       "no tier: the contract names no Service Credit for this Monthly Uptime Percentage"},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    ClaimWorld world = breach_of_10();
    c.spoil(world);
    const claim::Claim claim = world.claim();
    const auto reasons = claim::refusals(claim);
    REQUIRE_FALSE(reasons.empty());
    CHECK(reasons.front() == c.first);
    TempDir temp;
    CHECK_FALSE(claim::write_claim(claim, world.reader(), temp.file("claim")).ok());
    CHECK_FALSE(std::filesystem::exists(temp.file("claim")));
  }
}

TEST_CASE("a credit that comes by itself is not claimed") {
  ClaimWorld world = breach_of_10();
  world.version().claim.deadline.reset();
  world.version().claim.automatic = core::AutomaticCredit{30, 60};
  const auto reasons = claim::refusals(world.claim());
  REQUIRE(reasons.size() == 1);
  CHECK(reasons.front() ==
        "the credit comes by itself, and there is nothing to write: watch the bill until "
        "2026-12-01T00:00:00Z, in a dispute until 2026-12-31T00:00:00Z");
}

TEST_CASE("a month of which no Request is known is refused for that, and was not met") {
  const auto reasons = claim::refusals(ClaimWorld(0).claim());
  REQUIRE_FALSE(reasons.empty());
  CHECK(reasons.front() == "no Request of the billing cycle was measured");
  for (const std::string& reason : reasons) CHECK(reason.find("was met") == std::string::npos);
}

TEST_CASE("a rule without tiers is refused for what it lacks, and not for a tier") {
  ClaimWorld world = breach_of_10();
  world.version().status = core::Status::partial;
  world.version().missing = {"credits"};
  world.version().credits.clear();
  const auto reasons = claim::refusals(world.claim());
  REQUIRE(reasons.size() == 1);
  CHECK(reasons.front().starts_with("the rule is partial: it lacks credits;"));
}

TEST_CASE("a request log too large to attach is split into files that are not, and verifies") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  world.fail({700, 55000, 55000, 0});
  for (std::uint64_t i = 0; i < 55000; ++i) {
    record::Evidence record = world.record(700, 0);
    record.at += std::chrono::milliseconds(i);
    record.detail = std::string(200, 'x');
    world.evidence.push_back(record);
  }
  std::stable_sort(world.evidence.begin(), world.evidence.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  const auto files = write(world, temp.file("claim"));
  CHECK(files == std::vector<std::string>{"subject.txt", "body.md", "body.txt", "intervals.log",
                                          "requests.log", "requests-2.log", "requests-3.log",
                                          "requests-4.log", "dispute.csv", "claim.html",
                                          "create-case.json", "create-case.cli.json",
                                          "add-attachments.cli.json", "add-attachments-2.cli.json",
                                          "send.sh", "claim.json", "SHA256SUMS"});
  for (const char* name : {"requests.log", "requests-2.log", "requests-3.log", "requests-4.log"}) {
    CHECK(std::filesystem::file_size(temp.file("claim/" + std::string(name))) <= 5'000'000);
  }
  CHECK(slurp(temp.file("claim/requests-3.log")).starts_with("# part 3, after requests-2.log\n"));
  const std::string body = slurp(temp.file("claim/body.md"));
  CHECK(body.find("5 files of at most 5000000 bytes each go with it, in 2 sets of 3: the first "
                  "with the case, each further one with a communication to it.") !=
        std::string::npos);
  CHECK(claim::verify_claim(temp.file("claim"), recoup::test::known_of(world))->differs ==
        std::vector<std::string>{});

  const auto sent = nlohmann::json::parse(slurp(temp.file("claim/create-case.json")));
  const auto& first = sent["AddAttachmentsToSet"]["attachments"];
  REQUIRE(first.size() == 3);
  CHECK(first[0]["fileName"] == "intervals.log");
  CHECK(first[2]["fileName"] == "requests-2.log");
  CHECK(sent["AddCommunicationToCase"][0]["attachments"] ==
        nlohmann::json({"requests-3.log", "requests-4.log"}));
}

TEST_CASE("the file for AWS Support has what CreateCase takes, and invents no code") {
  TempDir temp;
  write(breach_of_10(), temp.file("claim"));
  const auto sent = nlohmann::json::parse(slurp(temp.file("claim/create-case.json")));
  const auto& request = sent["CreateCase"];
  CHECK(request["subject"].get<std::string>() + '\n' == slurp(temp.file("claim/subject.txt")));
  CHECK(request["subject"].get<std::string>().starts_with("SLA Credit Request"));
  CHECK(request["communicationBody"] == slurp(temp.file("claim/body.txt")));
  CHECK(request["issueType"] == "customer-service");
  CHECK(request["language"] == "en");
  CHECK_FALSE(request.contains("serviceCode"));
  CHECK_FALSE(request.contains("categoryCode"));
  CHECK(sent["look_up_first"].contains("serviceCode"));
  CHECK(sent["look_up_first"].contains("categoryCode"));
  // "#" of the log's first line, in base64.
  CHECK(sent["AddAttachmentsToSet"]["attachments"][0]["data"].get<std::string>().starts_with("I"));
}

TEST_CASE("a contract of Alibaba Cloud gets a ticket, one of another provider a form's fields") {
  for (const auto& [provider, file] : std::vector<std::pair<std::string, std::string>>{
           {"alibaba", "create-ticket.json"}, {"google", "form.txt"}}) {
    TempDir temp;
    ClaimWorld world = breach_of_10();
    world.rule.provider = provider;
    const auto files = write(world, temp.file("claim"));
    CHECK(std::count(files.begin(), files.end(), "create-case.json") == 0);
    CHECK(std::count(files.begin(), files.end(), "send.sh") == 0);
    CHECK(std::count(files.begin(), files.end(), file) == 1);
    CHECK(claim::verify_claim(temp.file("claim"), recoup::test::known_of(world))->differs ==
          std::vector<std::string>{});
    if (file == "form.txt") {
      const std::string form = slurp(temp.file("claim/form.txt"));
      CHECK(form.find("\nAccount                    123456789012\n") != std::string::npos);
      CHECK(form.find("\nMonth                      October 2026\n") != std::string::npos);
      continue;
    }
    const auto sent = nlohmann::json::parse(slurp(temp.file("claim/" + file)));
    CHECK(sent["CreateTicket"]["Severity"] == 1);
    CHECK(sent["CreateTicket"]["Description"] == slurp(temp.file("claim/body.txt")));
    CHECK_FALSE(sent["CreateTicket"].contains("CategoryId"));
  }
}

TEST_CASE("both texts say the same, and the plain one in 80 columns") {
  TempDir temp;
  ClaimWorld world = sealed_breach_of_10();
  world.agreement.exclusions = {{{world.begin_of(1), world.begin_of(2)}, "we rotated the key"}};
  world.seal_it();
  write(world, temp.file("claim"));
  const std::string markdown = slurp(temp.file("claim/body.md"));
  const std::string plain = slurp(temp.file("claim/body.txt"));
  // The words without what lays them out; cells of more than one line change their order.
  const auto words_of = [](const std::string& text) {
    std::vector<std::string> words;
    std::istringstream in(text);
    for (std::string word; in >> word;) {
      const bool frame = word.find_first_not_of("|-=#*:") == std::string::npos;
      if (!frame || word == "=") words.push_back(word);
    }
    std::sort(words.begin(), words.end());
    return words;
  };
  CHECK(words_of(markdown) == words_of(plain));
  CHECK(plain.find('|') == std::string::npos);
  std::istringstream lines(plain);
  for (std::string line; std::getline(lines, line);) {
    // A digest is one word.
    const std::size_t last = line.rfind(' ', 79);
    const bool one_word = last == std::string::npos || line.find_first_not_of(' ') > last;
    INFO(line);
    CHECK((report::characters(line) <= 80 || one_word));
  }
}

TEST_CASE("where not every interval fits the body has the worst, and names the attachment") {
  TempDir temp;
  ClaimWorld world(100);
  for (std::size_t i = 0; i < 1000; ++i) world.fail({i, 100, i == 700 ? 99u : 1u, 0});
  write(world, temp.file("claim"));
  for (const char* name : {"claim/body.md", "claim/body.txt"}) {
    const std::string body = slurp(temp.file(name));
    INFO(body);
    CHECK(report::characters(body) <= 8000);
    CHECK(body.find(core::to_text(world.begin_of(700))) != std::string::npos);
    CHECK(body.find(" worst of 1,000; the attachment intervals.log has all.") != std::string::npos);
  }
  const std::string csv = slurp(temp.file("claim/dispute.csv"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1001);
  CHECK(csv.find("\n2026-10-03T10:20:00Z,2026-10-03T10:25:00Z,100,99,1/100,1.000000000000\n") !=
        std::string::npos);
}

TEST_CASE("whom to ask is named as he wrote it, and a partner is told whom the claim concerns") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  world.agreement.contact = "Jo Meier, cloud@example.com";
  world.agreement.by_partner = true;
  const auto files = write(world, temp.file("claim"));
  CHECK(std::none_of(files.begin(), files.end(), [](const std::string& name) {
    return name.starts_with("create-") || name.starts_with("add-") || name == "send.sh";
  }));
  for (const char* name : {"body.md", "body.txt", "claim.html"}) {
    const std::string text = slurp(temp.file(std::string("claim/") + name));
    CHECK(text.find("Jo Meier, cloud@example.com") != std::string::npos);
    CHECK(text.find("To the partner") != std::string::npos);
  }
  CHECK(claim::verify_claim(temp.file("claim"), recoup::test::known_of(world))->differs ==
        std::vector<std::string>{});
}

TEST_CASE("a claim that is late does not say that it is in time") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  write(world, temp.file("claim"));
  CHECK(slurp(temp.file("claim/body.md")).find("| To be received | before 2027-01-01") !=
        std::string::npos);
  world.asked = *core::parse_instant("2027-01-01T00:00:00Z");
  write(world, temp.file("late"));
  for (const char* name : {"late/body.md", "late/body.txt", "late/claim.html"}) {
    CHECK(slurp(temp.file(name)).find("To be received") == std::string::npos);
  }
}

TEST_CASE("what was redacted is listed in the body, by kind and count") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  world.evidence[0].detail = "GET /?userName=jane&x=1 for jane@example.com and ****";
  world.evidence[1].detail = "from 203.0.113.7 and 203.0.113.8";
  write(world, temp.file("claim"));
  const std::string body = slurp(temp.file("claim/body.md"));
  const auto at = body.find(" Replaced by asterisks: ");
  REQUIRE(at != std::string::npos);
  const std::string list = body.substr(at, body.find('\n', at) - at);
  INFO(list);
  for (const char* part : {"2 x IPv4 address", "1 x e-mail address", "1 x name of a principal",
                           "1 x when the request was recorded"}) {
    CHECK(list.find(part) != std::string::npos);
  }
}

TEST_CASE("a credit of one cent more than the minimum is claimed") {
  ClaimWorld world = breach_of_10();
  world.charge->amount.amount = core::Ratio(101, 10);
  CHECK(claim::refusals(world.claim()).empty());
}

TEST_CASE("a folder with files in it is refused and left as it is") {
  TempDir temp;
  temp.write("mine.txt", "mine");
  const ClaimWorld world = breach_of_10();
  const auto names = claim::write_claim(world.claim(), world.reader(), temp.path().string());
  REQUIRE_FALSE(names.ok());
  CHECK(names.error().message == "expected a new or empty folder, got one with files in it");
  CHECK(std::distance(std::filesystem::directory_iterator(temp.path()), {}) == 1);
}

TEST_CASE("an empty folder that exists is used, and a file in its place is refused") {
  TempDir temp;
  const ClaimWorld world = breach_of_10();
  CHECK(claim::write_claim(world.claim(), world.reader(), temp.path().string()).ok());
  CHECK_FALSE(claim::write_claim(world.claim(), world.reader(), temp.file("body.md")).ok());
}

TEST_CASE("a long reason is shortened in the body and whole in claim.json") {
  ClaimWorld world = breach_of_10();
  const std::string reason(8000, 'x');
  world.agreement.exclusions = {{{world.begin_of(1), world.begin_of(2)}, reason}};
  TempDir temp;
  write(world, temp.file("claim"));
  CHECK(slurp(temp.file("claim/body.md"))
            .find(std::string(300, 'x') + " … (whole in claim.json, on request). Without it") !=
        std::string::npos);
  CHECK(slurp(temp.file("claim/claim.json")).find(reason) != std::string::npos);
}

// 500 exclusions, every kind of redaction, a long bill.
claim::Claim crowded(ClaimWorld& world) {
  for (const recoup::test::Plant& plant : recoup::test::kPlants) {
    world.evidence[0].detail += plant.text + ' ';
  }
  for (int i = 0; i < 40; ++i) {
    world.charge->lines.push_back({fmt::format("line {}", i), "1 x 1.00", core::Ratio(4612, 100)});
  }
  world.charge->lines.push_back({"line 40", "1 x 0.20", core::Ratio(20, 100)});
  for (std::size_t i = 0; i < 500; ++i) {
    world.agreement.exclusions.push_back(
        {{world.begin_of(0) + std::chrono::minutes(i),
          world.begin_of(0) + std::chrono::minutes(i + 1)},
         fmt::format("we disabled the key ourselves, ticket {}", i)});
  }
  return world.claim();
}

TEST_CASE("500 exclusions: the body has the first of them, and says how many more there are") {
  TempDir temp;
  ClaimWorld world = ClaimWorld::with(core::MeanOfIntervals{std::chrono::minutes(360)}, 60);
  world.fail({100, 60, 12, 12});
  REQUIRE(claim::write_claim(crowded(world), world.reader(), temp.file("claim")).ok());
  const std::string body = slurp(temp.file("claim/body.md"));
  CHECK(report::characters(body) <= 8000);
  CHECK(report::characters(slurp(temp.file("claim/body.txt"))) <= 8000);
  CHECK(report::characters(slurp(temp.file("claim/body.txt"))) > 7800);
  CHECK(body.find("ourselves, ticket 0.") != std::string::npos);
  const std::string begin = "\n- … and ";
  const auto at = body.find(begin);
  REQUIRE(at != std::string::npos);
  const auto more = std::stoul(body.substr(at + begin.size()));
  const std::string last = fmt::format("ourselves, ticket {}. ", 500 - more - 1);
  CHECK(body.rfind("ourselves, ticket ") == body.find(last));
  CHECK(body.find("more, on request: they are in claim.json\n", at) < body.find("## Seal"));
  CHECK(body.find("\n… and 31 more, on request: they are in claim.json\n") != std::string::npos);

  const auto json = nlohmann::json::parse(slurp(temp.file("claim/claim.json")));
  CHECK(json["verdict"]["exclusions"].size() == 500);
  CHECK(json["charges"]["lines"].size() == 41);
  const std::string page = slurp(temp.file("claim/claim.html"));
  CHECK(page.find("ourselves, ticket 499<") != std::string::npos);
  CHECK(page.find("line 39") != std::string::npos);
  CHECK(claim::verify_claim(temp.file("claim"), recoup::test::known_of(world))->differs ==
        std::vector<std::string>{});
}

TEST_CASE("the body's limit counts characters and not bytes") {
  std::string reason;
  while (reason.size() < 2 * 120) reason += "ü";
  TempDir temp;
  ClaimWorld world = breach_of_10();
  for (std::size_t i = 0; i < 16; ++i) {
    world.agreement.exclusions.push_back({{world.begin_of(i), world.begin_of(i + 1)}, reason});
  }
  write(world, temp.file("claim"));
  const std::string body = slurp(temp.file("claim/body.md"));
  CHECK(body.size() > 8000);
  CHECK(report::characters(body) <= 8000);
  CHECK(body.find("more in claim.json") == std::string::npos);
}

TEST_CASE("a body that cannot be made short enough is refused, and nothing is left behind") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  world.version().claim.needs.assign(400, "the affected API ids");
  const auto names = claim::write_claim(world.claim(), world.reader(), temp.file("claim"));
  REQUIRE_FALSE(names.ok());
  CHECK(names.error().where == "body.md");
  CHECK_FALSE(std::filesystem::exists(temp.file("claim")));
}

TEST_CASE("the charge stands in the body with its source, its lines and what is cut") {
  TempDir temp;
  write(sealed_breach_of_10(), temp.file("claim"));
  const std::string body = slurp(temp.file("claim/body.md"));
  for (const char* part :
       {"| Charges | 12345.678 USD, estimate: book aws-kms of 2026-10; not final, the provider may "
        "still change it |\n",
        "| Amount claimed | 1234.56 USD (cut to two digits; the exact amount is 1234.5678 USD) |\n",
        "| For | Calculation | USD |\n", "| customer managed keys | 40 keys x 1.00 USD | 40.00 |\n",
        "- Taxes and support are not in it.\n"}) {
    INFO(part);
    CHECK(body.find(part) != std::string::npos);
  }
}

TEST_CASE("evidence that fails to be read leaves no folder") {
  TempDir temp;
  const ClaimWorld world = breach_of_10();
  int reads = 0;
  const auto failing =
      [&](const std::function<void(const record::Evidence&)>& take) -> core::Result<void> {
    if (++reads == 2) return core::Error{"the ledger is gone"};
    return world.reader()(take);
  };
  const auto names = claim::write_claim(world.claim(), failing, temp.file("claim"));
  REQUIRE_FALSE(names.ok());
  CHECK(names.error().message == "the ledger is gone");
  CHECK_FALSE(std::filesystem::exists(temp.file("claim")));
}

TEST_CASE("evidence that grows while the claim is written is noticed") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  int reads = 0;
  const auto growing = [&](const std::function<void(const record::Evidence&)>& take) {
    auto done = world.reader()(take);
    if (++reads == 2) take(world.record(601, 50));
    return done;
  };
  const auto names = claim::write_claim(world.claim(), growing, temp.file("claim"));
  REQUIRE_FALSE(names.ok());
  CHECK(names.error().message == "the evidence changed while the claim was being written");
}

TEST_CASE("more failed requests in the evidence than Errors counted is an error") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  world.evidence.push_back(world.record(5, 0));
  const auto names = claim::write_claim(world.claim(), world.reader(), temp.file("claim"));
  REQUIRE_FALSE(names.ok());
  CHECK(names.error().message ==
        "expected at most 0 failed requests in the evidence of the interval 2026-10-01T00:25:00Z, "
        "got 1");
}

TEST_CASE(
    "only what the contract calls an Error, inside the cycle and not excluded, is in "
    "requests.log") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  const std::vector<core::Outcome> others{core::Failed{core::NoAnswer::timeout},
                                          core::Answered{502}, core::Answered{503, "", true},
                                          core::Missed{}, core::Answered{429}};
  for (const core::Outcome& outcome : others) {
    record::Evidence record = world.record(600, 30);
    record.outcome = outcome;
    record.detail = "NotAnError";
    world.evidence.push_back(record);
  }
  record::Evidence late = world.record(8927, 0);
  late.at = world.cycle.span.end;
  world.evidence.push_back(late);
  world.fail({50, 60, 5, 5});
  world.agreement.exclusions = {{{world.begin_of(50), world.begin_of(51)}, "ours"}};
  write(world, temp.file("claim"));
  const std::string log = slurp(temp.file("claim/requests.log"));
  CHECK(log.find("NotAnError") == std::string::npos);
  CHECK(log.find(core::to_text(world.begin_of(50))) == std::string::npos);
  CHECK(std::count(log.begin(), log.end(), '\n') == 6 + 33);
}

TEST_CASE("the account stands once in what the provider reads, in claim.json, and nowhere else") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  for (record::Evidence& record : world.evidence) record.detail += " for 123456789012";
  write(world, temp.file("claim"));
  for (const std::string& file : kFiles) {
    INFO(file);
    const std::string text = slurp(temp.file("claim/" + file));
    std::size_t times = 0;
    for (auto at = text.find("123456789012"); at != std::string::npos;
         at = text.find("123456789012", at + 1)) {
      ++times;
    }
    // create-case.json has the body in it.
    const bool named = file.starts_with("body.") || file == "claim.html" || file == "claim.json" ||
                       file.starts_with("create-case.");
    CHECK(times == (named ? 1u : 0u));
  }
}

TEST_CASE("text from outside can break no line, column or table") {
  TempDir temp;
  ClaimWorld world = breach_of_10();
  record::Evidence& record = world.evidence.front();
  record.request_id = "a b\nc";
  record.detail = "one\n# two\tthree";
  world.charge->note = "a|b\n\n# c";
  write(world, temp.file("claim"));
  CHECK(slurp(temp.file("claim/requests.log")).find("a?b?c ") != std::string::npos);
  CHECK(slurp(temp.file("claim/requests.log")).find("one?# two?three\n") != std::string::npos);
  CHECK(slurp(temp.file("claim/body.md")).find("bill: a/b  # c |\n") != std::string::npos);
  CHECK(claim::verify_claim(temp.file("claim"), recoup::test::known_of(world))->ok());
}

TEST_CASE("a fraction too long to read is left to claim.json, and the claim still verifies") {
  TempDir temp;
  ClaimWorld world;
  for (std::size_t i = 0; i < 2000; ++i) world.fail({i, 1009 + 2 * i, 3, 0});
  write(world, temp.file("claim"));
  CHECK(slurp(temp.file("claim/body.md")).find(" | in claim.json (") != std::string::npos);
  const auto verified = claim::verify_claim(temp.file("claim"), recoup::test::known_of(world));
  CHECK(verified->differs == std::vector<std::string>{});
}
