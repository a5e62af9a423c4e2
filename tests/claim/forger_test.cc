// Somebody who has a claim's folder changes it, and makes every checksum fit again.

#include "claim/folder.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::kTestPublicKey;
using recoup::test::names;
using recoup::test::test_key;

namespace {

// All that a claim can have: an exclusion, missed probes, a charge line by line, clauses, a seal.
ClaimWorld rich() {
  ClaimWorld world = ClaimWorld::with(core::MeanOfIntervals{std::chrono::minutes(60)}, 60);
  world.version().clauses = {{"availability", "the percentage of Requests without Errors"}};
  world.version().exclusions = {{"(i)", "what is outside of the provider's control"}};
  world.version().claim.needs = {"API ids"};
  world.agreement.exclusions = {{{world.begin_of(10), world.begin_of(11)}, "we disabled the key"}};
  world.tallies.add_gap({{world.begin_of(20), world.begin_of(21)}, std::chrono::seconds(60)});
  world.charge->lines = {{"keys", "40 x 1.00", core::Ratio(40, 1)},
                         {"requests", "as billed", core::Ratio(1805, 1)}};
  world.charge->remarks = {"Taxes are not in it."};
  world.charge->others = {{"stated", {core::Ratio(1800, 1), "USD"}}};
  world.fail({10, 60, 5, 0});
  world.fail({50, 60, 12, 12});
  world.fail({51, 60, 20, 18});
  return world;
}

ClaimWorld sealed_and_signed() {
  ClaimWorld world = rich();
  world.key = &test_key();
  world.seal_it();
  return world;
}

// Without the signature, and without a word of it in claim.json.
void strip(const ClaimFolder& folder) {
  std::filesystem::remove(folder.path() + "/SHA256SUMS.sig");
  const std::string key = std::string("\"public_key\": \"") + kTestPublicKey + "\"";
  const std::string json = folder.read("claim.json");
  const auto last = json.rfind(key);
  REQUIRE(last != std::string::npos);
  folder.write("claim.json", std::string(json).replace(last, key.size(), "\"public_key\": \"\""));
  folder.sum_again();
}

void add_sum(const ClaimFolder& folder, const std::string& name) {
  folder.write("SHA256SUMS",
               folder.read("SHA256SUMS") +
                   fmt::format("{}  {}\n", record::sha256_hex(folder.read(name)), name));
}

struct Forgery {
  const char* what;
  const char* file;
  const char* from;  // empty: the text is added at the end
  const char* to;
};

const std::vector<Forgery> kForgeries{
    {"a text below the body", "body.md", "", "Pay to account 999999999999.\n"},
    {"the body's account", "body.md", "| Account | 123456789012", "| Account | 999999999999"},
    {"the body's Region", "body.md", "| Region | us-east-1", "| Region | eu-west-1"},
    {"the body's first amount", "body.md", "Service Credit of 184.50", "Service Credit of 984.50"},
    {"the body's charges", "body.md", "| Charges | 1845.00", "| Charges | 9845.00"},
    {"the body's version", "body.md", "version of 2022-11-29", "version of 2026-11-29"},
    {"the body's measured intervals", "body.md", "| of these measured | 743",
     "| of these measured | 744"},
    {"the body's bounds", "body.md", "Had every request that was not sent",
     "Had each request that was not sent"},
    {"the body's exclusion", "body.md", "we disabled the key", "they disabled the key"},
    {"the body's deadline", "body.md", "before 2027-01-01", "before 2027-02-01"},
    {"the plain text's amount", "body.txt", "184.50", "984.50"},
    {"an Availability to dispute by", "dispute.csv", ",4/5,", ",1/5,"},
    {"the CLI's case", "create-case.cli.json", "customer-service", "technical"},
    {"the CLI's attachment", "add-attachments.cli.json", "\"data\": \"Iy", "\"data\": \"Ia"},
    {"the script's endpoint", "send.sh", "--region us-east-1", "--region us-east-2"},
    {"the date of issue", "claim.json", "\"issued\": \"2026", "\"issued\": \"2025"},
    {"who was to be asked", "claim.json", "\"contact\": \"", "\"contact\": \"x"},
    {"whom it goes to", "claim.json", "\"claim_via\": \"provider", "\"claim_via\": \"partner"},
    {"the subject", "subject.txt", "SLA Credit", "Urgent SLA Credit"},
    {"a banner on the page", "claim.html", "<main", "<p>Overdue</p><main"},
    {"a script on the page", "claim.html", "</body>", "<script>alert(1)</script></body>"},
    {"the page's amount", "claim.html", "184.50", "984.50"},
    {"the page's account of a day", "claim.html", "class=\"lost", "class=\"served"},
    {"the case's severity", "create-case.json", "DescribeSeverityLevels: the lowest",
     "DescribeSeverityLevels: the highest"},
    {"the case's kind", "create-case.json", "customer-service", "technical"},
    {"the case's attachment", "create-case.json", "\"data\": \"Iy", "\"data\": \"Ia"},
    {"a member more in the case", "create-case.json", "\"language\"",
     "\"ccEmailAddresses\": [\"x@y\"],\n    \"language\""},
    {"the head of the intervals", "intervals.log", "us-east-1", "eu-west-1"},
    {"an interval on another day", "intervals.log", "2026-10-03T02:00:00Z  2026-10-03T03:00:00Z",
     "2026-10-01T02:00:00Z  2026-10-01T03:00:00Z"},
    {"blanks between the columns", "intervals.log", "            60", "             60"},
    {"a comment among the intervals", "intervals.log", "", "# all is true\n"},
    {"the head of the requests", "requests.log", "# 30 of 32 Errors", "# 32 of 32 Errors"},
    {"a comment among the requests", "requests.log", "", "# all is true\n"},
    {"a request's status", "requests.log", "   503  ", "   502  "},
    {"a request before those before it", "requests.log", "02:00:05.204Z", "02:00:00.104Z"},
    {"a request in another interval", "requests.log", "2026-10-03T02:00:00.204Z",
     "2026-10-03T04:00:00.204Z"},
    {"a request more", "requests.log", "",
     "2026-10-03T03:59:59.000Z  2026-10-03T03:00:00Z  503  -  -  0  -  -\n"},
    {"the account", "claim.json", "\"account\": \"123456789012\"", "\"account\": \"999999999999\""},
    {"the Region", "claim.json", "\"region\": \"us-east-1\"", "\"region\": \"eu-west-1\""},
    {"the agreement", "claim.json", "\"agreement\": \"kms-us-east-1\"",
     "\"agreement\": \"kms-eu-west-1\""},
    {"the time zone", "claim.json", "\"time_zone\": \"UTC\"", "\"time_zone\": \"+01:00\""},
    {"since when it was used", "claim.json", "\"since\": null",
     "\"since\": \"2026-10-02T00:00:00Z\""},
    {"measured intervals", "claim.json", "\"measured\": 743", "\"measured\": 742"},
    {"silent intervals", "claim.json", "\"silent\": 0", "\"silent\": 1"},
    {"excluded intervals", "claim.json", "\"excluded\": 1", "\"excluded\": 0"},
    {"intervals ahead", "claim.json", "\"ahead\": 0", "\"ahead\": 1"},
    {"Requests", "claim.json", "\"requests\": 44580", "\"requests\": 44581"},
    {"Errors", "claim.json", "\"errors\": 32", "\"errors\": 33"},
    {"what is no Request", "claim.json", "\"not_requests\": 0", "\"not_requests\": 7"},
    {"what nobody is blamed for", "claim.json", "\"unattributed\": 0", "\"unattributed\": 7"},
    {"missed probes", "claim.json", "\"probes_missed\": 60", "\"probes_missed\": 0"},
    {"answers that are not counted", "claim.json", "\"error_name\": 0", "\"error_name\": 7"},
    {"missed probes by reason", "claim.json", "\"stopped\": 60", "\"stopped\": 0"},
    {"the lower bound", "claim.json", "\"lower\": \"99.", "\"lower\": \"98."},
    {"the upper bound", "claim.json", "\"upper\": \"99.", "\"upper\": \"98."},
    {"the smallest loss", "claim.json", "\"smallest_loss\": \"0.", "\"smallest_loss\": \"1."},
    {"the budget", "claim.json", "\"intervals_left\": \"-", "\"intervals_left\": \"-1"},
    {"the commitment", "claim.json", "\"commitment\": \"99.999\",\n    \"met\"",
     "\"commitment\": \"99.998\",\n    \"met\""},
    {"the reason", "claim.json", "\"reason\": \"the Monthly", "\"reason\": \"their Monthly"},
    {"the deadline", "claim.json", "\"literal\": \"2027-01-01T00:00:00Z\"",
     "\"literal\": \"2027-02-01T00:00:00Z\""},
    {"an exclusion's reason", "claim.json", "\"reason\": \"we disabled the key\"",
     "\"reason\": \"they disabled the key\""},
    {"an exclusion's end", "claim.json", "\"to\": \"2026-10-01T11:00:00Z\"",
     "\"to\": \"2026-10-01T12:00:00Z\""},
    {"the counts of an interval", "claim.json", "1 x 60 12 0 0 0", "1 x 60 13 0 0 0"},
    {"a served interval's counts", "claim.json", "10 x 60 0 0 0 0", "10 x 61 0 0 0 0"},
    {"an excluded interval's counts", "claim.json", "1 x 60 5 0 0 0", "1 x 60 4 0 0 0"},
    {"a charge's line", "claim.json", "\"amount\": \"40.00\"", "\"amount\": \"41.00\""},
    {"a charge's remark", "claim.json", "Taxes are not in it.", "Taxes are in it."},
    {"that the charge is not all shown", "claim.json", "\"withheld\": false", "\"withheld\": true"},
    {"the rule's statuses", "claim.json", "\"503\"\n", "\"502\"\n"},
    {"the rule's length of intervals", "claim.json", "\"interval\": \"1h\"",
     "\"interval\": \"30m\""},
    {"the rule's silence", "claim.json", "\"silent\": \"available\"", "\"silent\": \"left-out\""},
    {"the rule's tier", "claim.json", "\"at_least\": \"99\"", "\"at_least\": \"98\""},
    {"the rule's minimum", "claim.json", "\"more_than\": \"1\"", "\"more_than\": \"2\""},
    {"the rule's source", "claim.json", "https://aws.amazon.com/kms/sla/",
     "https://aws.example/kms/sla/"},
    {"the rule's digest", "claim.json", "\"digest\": \"0000\"", "\"digest\": \"0001\""},
    {"a clause", "claim.json", "the percentage of Requests without Errors",
     "the percentage of all"},
    {"what is to be added", "claim.json", "\"API ids\"", "\"no ids\""},
    {"terms as supplied", "claim.json", "\"supplied_terms\": []",
     "\"supplied_terms\": [\"credits\"]"},
    {"what is redacted", "claim.json", "\"before_it_was_recorded\": 0",
     "\"before_it_was_recorded\": 9"},
    {"a key more", "claim.json", "\"claim\": 4,", "\"claim\": 4,\n  \"note\": \"paid already\","},
    {"practice data as a claim", "claim.json", "\"sla\": \"aws-kms\"",
     "\"practice\": true,\n    \"sla\": \"aws-kms\""},
    {"another contract", "claim.json", "\"provider\": \"aws\"", "\"provider\": \"alibaba\""},
};

void commit(const ClaimFolder& folder, const Forgery& forgery) {
  if (*forgery.from == '\0') {
    folder.write(forgery.file, folder.read(forgery.file) + forgery.to);
  } else {
    folder.replace(forgery.file, forgery.from, forgery.to);
  }
  folder.sum_again();
}

// What a clean answer leaves open, but for who wrote it.
std::vector<std::string> open_points(const std::string& agreement, const std::string& account,
                                     const std::string& region, const std::string& charge,
                                     const std::string& exclusions) {
  return {
      "what was measured: the counts of each interval, answers of 5xx that are not counted, the "
      "probes due, and time, status, request id, duration and detail of each failed request are "
      "the claimant's; the "
      "provider's own logs can tell",
      fmt::format("for whom: the agreement {}, account {} and region {}, from when until when "
                  "the service was used, and the time zone of the billing cycle",
                  agreement, account, region),
      fmt::format("the charge of {}, its lines and remarks: the bill can tell", charge),
      fmt::format("the exclusions, {} in all: the files cannot show whether others belong there",
                  exclusions),
      "when it was recorded: the claim has no tokens by which a third party signed the time"};
}

const std::string kNotSigned =
    "who wrote it: it is not signed: whoever changed one file could have changed all";
const std::string kNotSealed = "a seal: claim.json has none, so the month may still have changed";

std::vector<std::string> joined_lists(std::vector<std::string> first,
                                      const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("a genuine claim is clean, and what it leaves open is said") {
  const auto open = open_points("kms-us-east-1", "123456789012", "us-east-1", "1845.00 USD", "1");
  const claim::Verification plain = ClaimFolder(rich()).verify();
  CHECK(joined(plain) == "");
  CHECK(plain.unchecked == joined_lists({kNotSigned, kNotSealed}, open));

  const ClaimFolder folder(sealed_and_signed());
  CHECK(joined(folder.verify()) == "");
  CHECK(folder.verify().unchecked ==
        joined_lists({fmt::format("who wrote it: it is signed by {}, which nobody vouched for "
                                  "here: give --key",
                                  kTestPublicKey)},
                     open));
  CHECK(joined(folder.verify(kTestPublicKey)) == "");
  CHECK(folder.verify(kTestPublicKey).unchecked == open);
}

TEST_CASE("every edit of a claim is noticed although all its checksums fit, signed or not") {
  CHECK(kForgeries.size() >= 45);
  for (const Forgery& forgery : kForgeries) {
    INFO(forgery.what);
    const ClaimFolder unsigned_one(rich());
    commit(unsigned_one, forgery);
    // The agreement's own name stands nowhere else, and the answer says so.
    if (std::string(forgery.what) == "the agreement") {
      CHECK(recoup::test::leaves_open(unsigned_one.verify(),
                                      "for whom: the agreement kms-eu-west-1, "));
    } else if (std::string(forgery.what) == "the rule's digest") {
      // Other editions of a contract's text there are, with each program that knows more of it.
      CHECK(recoup::test::leaves_open(unsigned_one.verify(),
                                      "the words of the contract: claim.json has another edition"));
    } else {
      CHECK_FALSE(unsigned_one.verify().ok());
    }
    const ClaimFolder folder(sealed_and_signed());
    commit(folder, forgery);
    CHECK(names(folder.verify(), "SHA256SUMS.sig: expected a signature of SHA256SUMS"));
    strip(folder);
    // What was sealed is sealed with its digest.
    CHECK_FALSE(folder.verify().ok());
    CHECK(names(folder.verify(kTestPublicKey), "SHA256SUMS.sig: is missing: expected a signature"));
  }
}

TEST_CASE("a claim of a form that is not known here is refused, with what reads it") {
  for (const auto& [form, reader] :
       {std::pair("2", "an older one"), std::pair("5", "a newer one")}) {
    const ClaimFolder folder(rich());
    folder.replace("claim.json", "\"claim\": 4", fmt::format("\"claim\": {}", form).c_str());
    folder.sum_again();
    CHECK(names(folder.verify(), fmt::format("expected a claim of the form 3 to 4, got {}", form)));
    CHECK(names(folder.verify(), reader));
  }
}

TEST_CASE(
    "another edition of a contract may quote it otherwise, and say nothing else of its terms") {
  const char* digest = "\"digest\": \"0000\"";
  const char* other = "\"digest\": \"0001\"";
  const auto with = [&](const char* from, const char* to) {
    const ClaimFolder folder(rich());
    folder.replace("claim.json", digest, other);
    folder.replace("claim.json", from, to);
    folder.sum_again();
    return folder.verify();
  };
  const auto quoted = with("the percentage of Requests without Errors", "the percentage of all");
  CHECK(fmt::format("{}", fmt::join(quoted.unchecked, "\n"))
            .find("and quotes its clauses otherwise") != std::string::npos);
  CHECK_FALSE(names(quoted, "expected the clauses of"));
  CHECK(names(with("\"interval\": \"1h\"", "\"interval\": \"30m\""), "expected the formula of"));
  // A text that lacked a term lacks it no more: who supplied it must have supplied this.
  const char* none = "\"supplied_terms\": []";
  const char* credits = "\"supplied_terms\": [\"credits\"]";
  CHECK_FALSE(names(with(none, credits), "as supplied"));
  CHECK_FALSE(names(with(none, credits), "expected the tiers of"));
  const ClaimFolder folder(rich());
  folder.replace("claim.json", digest, other);
  folder.replace("claim.json", none, credits);
  folder.replace("claim.json", "\"at_least\": \"99\"", "\"at_least\": \"98\"");
  folder.sum_again();
  CHECK(names(folder.verify(), "expected the tiers of"));
  CHECK(names(with("\"at_least\": \"99\"", "\"at_least\": \"98\""), "expected the tiers of"));
  CHECK(names(with("\"more_than\": \"1\"", "\"more_than\": \"2\""),
              "expected the minimum_credit of"));
}

TEST_CASE("a signature that was taken away is noticed without a key, and with one named") {
  const ClaimFolder folder(sealed_and_signed());
  strip(folder);
  CHECK(names(folder.verify(), "body.md:"));
  CHECK(folder.verify().unchecked.front() == kNotSigned);
  CHECK(names(folder.verify(kTestPublicKey),
              fmt::format("SHA256SUMS.sig: is missing: expected a signature of SHA256SUMS with the "
                          "key {}",
                          kTestPublicKey)));
}

TEST_CASE("a seal that was taken away is noticed where body and page still show it") {
  ClaimWorld world = rich();
  world.seal_it();
  const ClaimFolder folder(world);
  const std::string json = folder.read("claim.json");
  const auto begin = json.find("  \"seal\": {");
  const auto end = json.find("\n  },\n", begin) + 6;
  folder.write("claim.json",
               std::string(json).replace(begin, end - begin,
                                         "  \"seal\": null,\n  \"not_sealed\": \"not sealed\",\n"
                                         "  \"late_until\": null,\n"));
  folder.sum_again();
  CHECK(names(folder.verify(), "body.md: shows a seal, and claim.json has none"));
  CHECK(names(folder.verify(), "claim.html: shows a seal, and claim.json has none"));
}

TEST_CASE("a file more is no file of a claim, listed or not, whatever it is called") {
  for (const char* name : {"evil.log", "notes.txt", "requests-2.log", "requests-x.log",
                           "create-ticket.json", ".hidden", "SHA256SUMS.incomplete"}) {
    INFO(name);
    const ClaimFolder folder(rich());
    folder.write(name, "2026-10-03T02:00:00.204Z 2026-10-03T02:00:00Z 503 - - 0 - -\n");
    CHECK(names(folder.verify(), std::string(name) + ": is in the folder and not in SHA256SUMS"));
    add_sum(folder, name);
    CHECK_FALSE(folder.verify().ok());
    CHECK(names(folder.verify(), name == std::string("requests-2.log") ||
                                         name == std::string("create-ticket.json") ||
                                         name == std::string("requests-x.log")
                                     ? "SHA256SUMS:"
                                     : "expected the files of a claim, got '" + std::string(name)));
  }
}

// Whoever has this program can write a whole claim of his own: what then cannot be seen is named.
TEST_CASE("a claim made up whole is clean, and only what stands in the list can be made up") {
  struct Fiction {
    const char* what;
    void (*make)(ClaimWorld&);
    std::vector<std::string> open;
  };
  const auto usual = open_points("kms-us-east-1", "123456789012", "us-east-1", "1845.00 USD", "1");
  std::vector<std::string> robust = usual;
  robust.insert(robust.begin() + 1,
                "that the tier stands without any one source: what each source counted is not in "
                "the folder, and the figures without it are the claimant's; whoever has the ledger "
                "can tell: recoup assess");
  const std::vector<Fiction> fictions{
      {"that it rests on no one source",
       [](ClaimWorld& w) {
         const claim::Claim claim = w.claim();
         const core::Strike made_up{core::Strike::Kind::source, "made up", true,
                                    claim.assessment.uptime, claim.credit.share};
         w.robustness.strikes = {made_up, made_up};
       },
       robust},
      {"another account", [](ClaimWorld& w) { w.agreement.account = "999999999999"; },
       open_points("kms-us-east-1", "999999999999", "us-east-1", "1845.00 USD", "1")},
      {"another Region", [](ClaimWorld& w) { w.agreement.region = "eu-west-1"; },
       open_points("kms-us-east-1", "123456789012", "eu-west-1", "1845.00 USD", "1")},
      {"other charges",
       [](ClaimWorld& w) {
         w.charge->amount.amount = core::Ratio(99999, 1);
         w.charge->lines.clear();
       },
       open_points("kms-us-east-1", "123456789012", "us-east-1", "99999.00 USD", "1")},
      {"no exclusion", [](ClaimWorld& w) { w.agreement.exclusions.clear(); },
       open_points("kms-us-east-1", "123456789012", "us-east-1", "1845.00 USD", "0")},
      {"an outage that never was",
       [](ClaimWorld& w) {
         w.fail({300, 60, 60, 60});
       },
       usual},
      {"other request ids",
       [](ClaimWorld& w) {
         for (record::Evidence& record : w.evidence) record.request_id = "made-up";
       },
       usual},
  };
  for (const Fiction& fiction : fictions) {
    INFO(fiction.what);
    ClaimWorld world = rich();
    fiction.make(world);
    const ClaimFolder folder(world);
    CHECK(joined(folder.verify()) == "");
    CHECK(folder.verify().unchecked == joined_lists({kNotSigned, kNotSealed}, fiction.open));
    CHECK(names(folder.verify(kTestPublicKey), "SHA256SUMS.sig: is missing"));
  }
}

TEST_CASE(
    "a claim by terms that were never published differs, and by an unknown contract says so") {
  ClaimWorld world = rich();
  world.version().credits[0].credit = core::Ratio(20, 100);
  const ClaimFolder folder(world);
  claim::Known known = recoup::test::known_of(rich());
  const auto forged = claim::verify_claim(folder.path(), known);
  CHECK(names(*forged, "claim.json: expected the tiers of aws-kms@2022-11-29 as it is known here"));
  CHECK(forged->differs.size() == 1);
  known.rule = [](const std::string&) { return nullptr; };
  const auto unknown = claim::verify_claim(folder.path(), known);
  CHECK(joined(*unknown) == "");
  CHECK(recoup::test::leaves_open(*unknown, "the contract: aws-kms of 2022-11-29 is not known"));
}

TEST_CASE("terms that a published contract lacks are the customer's, and no others are") {
  ClaimWorld published = rich();
  published.version().status = core::Status::partial;
  published.version().missing = {"credits"};
  published.version().credits.clear();
  const claim::Known known = recoup::test::known_of(published);
  ClaimWorld world = rich();
  world.version().supplied = {"credits"};
  const ClaimFolder folder(world);
  const auto verified = claim::verify_claim(folder.path(), known);
  CHECK(joined(*verified) == "");
  CHECK(recoup::test::leaves_open(*verified, "the terms credits: the text that was read does not"));
  world.version().supplied = {};
  const ClaimFolder silent(world);
  CHECK(names(*claim::verify_claim(silent.path(), known),
              "claim.json: expected the terms 'credits' as supplied"));
}
