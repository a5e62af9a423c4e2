#include "claim/folder.h"
#include "claim/notes.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::known_of;
using recoup::test::kSummed;
using recoup::test::leaves_open;
using recoup::test::names;
using recoup::test::TempDir;

namespace {

// Three intervals, 33 Errors of which 2 have no record.
ClaimWorld breach() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.fail({601, 60, 20, 18});
  world.fail({8927, 60, 1, 1});
  return world;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Folder : public ClaimFolder {
 public:
  Folder() : ClaimFolder(breach()) {}
};

}  // namespace

TEST_CASE("a fresh claim verifies, and says what was checked") {
  const claim::Verification verified = Folder().verify();
  CHECK(verified.differs == std::vector<std::string>{});
  CHECK(verified.agreed ==
        std::vector<std::string>{
            "SHA256SUMS can be read",
            "the folder holds the files of a claim and no others",
            "every file has the SHA-256 that SHA256SUMS says",
            "claim.json can be read",
            "every file has the SHA-256 that claim.json says",
            "every line of intervals.log agrees with itself",
            "every line of intervals.log is of a 5-minute interval below 100 % Availability",
            "intervals.log has 3 intervals and 33 Errors, as claim.json says",
            "the Monthly Uptime Percentage is 99.993839605734 %, from intervals.log",
            "the credit is 10 % of the charges, 184.50 USD",
            "requests.log has the failed requests of each interval",
            "the terms of claim.json are those of aws-kms@2022-11-29 as it is known here",
            "no file shows a seal that claim.json has not",
            "the contract gives this claim, by the counts of claim.json",
            "the logs are laid out as this program does it",
            "every other file is, byte for byte, what claim.json and the logs give",
        });
}

TEST_CASE("a claim with what few cycles have says so in its body, and verifies") {
  ClaimWorld world = breach();
  const auto add = [&](std::size_t interval, const core::Outcome& outcome, std::uint64_t count,
                       bool reported) {
    const core::Tallies::Row row{core::minute_of(world.begin_of(interval)),
                                 world.tallies.intern(outcome), count};
    world.tallies.add_row(row);
    if (reported) world.tallies.add_reported(row);
  };
  add(600, core::Answered{503, "KMSInternalException"}, 5, true);
  add(600, core::Answered{500, "", false, true}, 2, false);
  add(601, core::Answered{200, "", false, false, true}, 3, false);
  add(602, core::Answered{0, "NewException"}, 7, false);
  world.tallies.add_unseen({{world.begin_of(700), world.begin_of(702)}, "datagrams were dropped"});
  for (const bool counted : {false, true}) {
    INFO(counted);
    world.version().count_indirect = counted;
    const ClaimFolder folder(world);
    const std::string body = folder.read("body.md");
    CHECK(has(body, counted ? "of 40 Errors." : "of 38 Errors."));
    CHECK(has(body, "Reported by local processes, through AWS SDKs: 5 of "));
    CHECK(has(body, "2 calls by other services on the account's behalf, 2 Errors."));
    CHECK(has(body, "Left out: 3 calls on keys in a custom key store."));
    CHECK(has(body, "counted as served: NewException 7 times."));
    CHECK(has(body, "(datagrams were dropped)"));
    CHECK(folder.verify().differs == std::vector<std::string>{});
  }
}

TEST_CASE("a claim with answers that refused what we sent says so, and verifies") {
  for (const bool success_codes : {false, true}) {
    INFO(success_codes);
    ClaimWorld world = breach();
    if (success_codes) {
      world.version().error.statuses.clear();
      world.version().error.all_but = {{200, 299}};
    }
    const auto add = [&](std::size_t interval, const char* outcome, std::uint64_t count) {
      world.tallies.add(core::minute_of(world.begin_of(interval)), *core::parse_outcome(outcome),
                        count);
    };
    add(600, "403/InvalidSignatureException!refused", 5);
    add(700, "400!refused", 2);
    add(701, "missed/refused", 3);
    const ClaimFolder folder(world);
    const std::string body = folder.read("body.md");
    CHECK(has(body, success_codes
                        ? "7 answers, 7 left out, which that letter would make Errors."
                        : "7 answers, 7 counted as Requests that did not fail, by the contract's "
                          "letter."));
    const std::string json = folder.read("claim.json");
    CHECK(has(json, success_codes ? "60 12 0 0 0 0 0 0 0 0 5\"" : "65 12 0 0 0\""));
    CHECK(has(json, "and behind it: refused") == success_codes);
    CHECK(has(json, success_codes ? "\"left_out\": 7" : "\"served\": 7"));
    CHECK(joined(folder.verify()).empty());
    folder.replace("claim.json", "\"answers\": 7", "\"answers\": 8");
    folder.sum_again();
    CHECK(names(folder.verify(), "body.md"));
    // What is left out cannot be hidden in the counts either.
    if (!success_codes) continue;
    folder.replace("claim.json", "\"answers\": 8", "\"answers\": 7");
    folder.replace("claim.json", "60 12 0 0 0 0 0 0 0 0 5\"", "60 12 0 0 0 0 0 0 0 0 4\"");
    folder.sum_again();
    CHECK_FALSE(joined(folder.verify()).empty());
  }
}

TEST_CASE("who saw the Requests and a log that agrees stand in the claim, and verify") {
  ClaimWorld world = breach();
  world.sources = {{"alb", {"lb-of-the-shop", "web"}, "Requests may be missing."},
                   {"cloudtrail", {"trail"}, "The least there were."},
                   {"", {"x", "jane@example.com"}, "A log has only what went through."},
                   {"probe", {"random", "encrypt"}, "Probes see their own.", {"eu", "us"}}};
  core::Comparison agrees;
  agrees.log = "trail";
  agrees.alike = 8900;
  agrees.differing = 28;
  agrees.more_errors = 3;
  agrees.uptime = core::Ratio(9999, 10000);
  agrees.met = false;
  agrees.tier = 0;
  core::Comparison differs = agrees;
  differs.log = "web";
  differs.uptime = core::Ratio(1, 1);
  differs.met = true;
  differs.tier.reset();
  world.comparisons = {agrees, differs};
  const ClaimFolder folder(world);
  const std::string body = folder.read("body.md");
  CHECK(has(body,
            "The Requests of this account seen by the log lb-of-the-shop (alb), by the logs x and "
            "****, and by our probes random and encrypt from eu and us.\n"));
  // What they cannot see is for the notes.
  CHECK_FALSE(has(body, "Requests may be missing."));
  CHECK_FALSE(has(folder.read("claim.html"), "Requests may be missing."));
  CHECK(has(claim::notes_text(world.claim(), "claim"), "- Requests may be missing.\n"));
  CHECK(
      has(body, "Compared with the log trail, which is not counted: in 8,900 of 8,928 intervals"));
  CHECK_FALSE(has(body, "the log web"));
  CHECK_FALSE(has(folder.read("claim.json"), "web"));
  CHECK(joined(folder.verify()).empty());
  folder.replace("claim.json", "\"alike\": 8900", "\"alike\": 8901");
  folder.sum_again();
  CHECK(names(folder.verify(), "body.md"));
}

TEST_CASE("that the credit rests on no one source is the claim's second sentence, and verifies") {
  ClaimWorld world = breach();
  const core::Assessment a = world.claim().assessment;
  const core::Ratio owed = world.claim().credit.share;
  using Kind = core::Strike::Kind;
  world.robustness.strikes = {{Kind::source, "the log lb-of-the-shop", true, a.uptime, owed},
                              {Kind::source, "the probe p from eu", true, a.uptime, owed}};
  {
    const ClaimFolder folder(world);
    const std::string body = folder.read("body.md");
    CHECK(has(body, "Commitment. Without any one of its 2 sources, as much is owed.\n\n"));
    CHECK_FALSE(has(folder.read("claim.json"), "lb-of-the-shop"));
    CHECK(joined(folder.verify()).empty());
    // An unsigned folder can invent it.
    CHECK(leaves_open(folder.verify(), "that the tier stands without any one source: "));
    folder.replace("claim.json", "\"kind\": \"source\"", "\"kind\": \"vantage\"");
    folder.sum_again();
    CHECK(names(folder.verify(), "body.md"));
  }
  // What changes the tier is for the user's notes alone.
  world.robustness.strikes[0].share = core::Ratio();
  const ClaimFolder folder(world);
  CHECK_FALSE(has(folder.read("body.md"), "as much is owed"));
  CHECK_FALSE(has(folder.read("claim.json"), "robustness"));
  CHECK(joined(folder.verify()).empty());
  CHECK_FALSE(leaves_open(folder.verify(), "that the tier stands"));
  CHECK(has(notes_text(world.claim(), "claim"), "Without the log lb-of-the-shop the uptime would"));
}

TEST_CASE("from how many vantage points the loss was seen is said, and verifies") {
  ClaimWorld world = breach();
  const core::Assessment a = world.claim().assessment;
  const core::Ratio owed = world.claim().credit.share;
  using Kind = core::Strike::Kind;
  // A claim says it where its tier stands without any one of them.
  world.robustness.strikes = {{Kind::vantage, "the vantage point berlin", true, a.uptime, owed},
                              {Kind::vantage, "the vantage point lima", true, a.uptime, owed}};
  core::Votes votes;
  votes.vantages = {{"berlin", 100, 3, 1, 0}, {"lima", 100, 2, 1, 0}, {"tokyo", 90, 0, 0, 1, 1}};
  votes.vantages[0].uptime = core::Ratio(267839, 267840);
  votes.agreed = 1;
  votes.outvoted = 2;
  world.robustness.votes = votes;
  const ClaimFolder folder(world);
  CHECK(has(folder.read("body.md"),
            "Of 3 intervals with Errors 1 was seen from more than half of the vantage points that "
            "could tell, 2 from fewer."));
  CHECK(joined(folder.verify()) == "");
  // An unsigned folder can invent it.
  CHECK(leaves_open(folder.verify(), "from how many vantage points the loss was seen: "));
  folder.replace("claim.json", "\"agreed\": 1", "\"agreed\": 2");
  folder.sum_again();
  CHECK(names(folder.verify(), "body.md"));
}

TEST_CASE("one changed byte in any file is found, and the file is named") {
  const Folder folder;
  for (const std::string& name : kSummed) {
    const std::string text = folder.read(name);
    for (std::size_t at = 0; at < text.size(); at += 1 + text.size() / 23) {
      INFO(name << " byte " << at);
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      folder.write(name, changed);
      const claim::Verification verified = folder.verify();
      CHECK(names(verified, name + ": expected the SHA-256"));
    }
    folder.write(name, text);
  }
  const std::string sums = folder.read("SHA256SUMS");
  for (std::size_t at = 0; at < sums.size(); at += 7) {
    INFO("SHA256SUMS byte " << at);
    std::string changed = sums;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    folder.write("SHA256SUMS", changed);
    CHECK_FALSE(folder.verify().ok());
  }
  folder.write("SHA256SUMS", sums);
  CHECK(folder.verify().ok());
}

TEST_CASE("a file cut anywhere is found and crashes nothing") {
  const Folder folder;
  for (const char* name :
       {"subject.txt", "body.md", "intervals.log", "requests.log", "claim.json", "SHA256SUMS"}) {
    const std::string text = folder.read(name);
    for (std::size_t size = 0; size < text.size(); size += 1 + text.size() / 17) {
      INFO(name << " cut after " << size);
      folder.write(name, text.substr(0, size));
      CHECK_FALSE(folder.verify().ok());
    }
    folder.write(name, text);
  }
}

TEST_CASE("a missing file, an extra file and a link are named") {
  const Folder folder;
  folder.write("notes.txt", "x");
  CHECK(names(folder.verify(), "notes.txt: is in the folder and not in SHA256SUMS"));
  std::filesystem::remove(folder.path() + "/notes.txt");
  std::filesystem::rename(folder.path() + "/requests.log", folder.path() + "/../requests.log");
  const auto lacking = folder.verify().differs;
  CHECK(std::count(lacking.begin(), lacking.end(), "requests.log: is missing") == 1);
  std::filesystem::create_symlink("../requests.log", folder.path() + "/requests.log");
  CHECK(names(folder.verify(), "requests.log: expected a plain file"));
}

TEST_CASE("no folder is an error") {
  TempDir temp;
  CHECK_FALSE(claim::verify_claim(temp.file("nothing"), known_of(ClaimWorld())).ok());
  CHECK_FALSE(claim::verify_claim(temp.write("file", "x"), known_of(ClaimWorld())).ok());
}

TEST_CASE("an empty folder lacks everything") {
  TempDir temp;
  const auto verified = claim::verify_claim(temp.path().string(), known_of(ClaimWorld()));
  REQUIRE(verified.ok());
  CHECK(names(*verified, "SHA256SUMS: is missing"));
  CHECK(names(*verified, "claim.json: is missing"));
}

TEST_CASE("an edit is found although the checksums were made to fit") {
  struct Edit {
    const char* what;
    const char* file;
    const char* from;
    const char* to;
    const char* finds;
  };
  const std::vector<Edit> edits{
      {"errors", "intervals.log", "60            12            12   80.000000000000",
       "60            13            12   78.333333333333", "uptime 99.993652927120 %"},
      {"availability", "intervals.log", "80.000000000000", "70.000000000000",
       "intervals.log:7: expected the Availability 80.000000000000, got 70.000000000000"},
      {"more errors than requests", "intervals.log",
       "60            12            12   80.000000000000",
       "60            61            12   80.000000000000", "expected 1 to 60 errors"},
      {"off the grid", "intervals.log", "2026-10-03T02:00:00Z", "2026-10-03T02:00:01Z",
       "intervals.log:7: expected an interval of the billing cycle's grid"},
      {"end", "intervals.log", "2026-10-03T02:05:00Z", "2026-10-03T02:06:00Z",
       "expected the interval's end"},
      {"a line away", "intervals.log", "2026-10-03T02:00:00Z", "# 026-10-03T02:00:00Z",
       "expected 3 intervals below 100 % as claim.json says, got 2"},
      {"request's status", "requests.log", "   503  ", "   502  ",
       "expected an Error by the contract, got 502/KMSInternalException"},
      {"request's interval", "requests.log", "2026-10-03T02:00:00Z", "2026-10-03T02:05:00Z",
       "expected the interval that holds 2026-10-03T02:00:00.204Z"},
      {"request away", "requests.log", "2026-10-03T02:00:00.204Z", "# 026-10-03T02:00:00.204Z",
       "requests.log: expected 1 more failed requests in the interval 2026-10-03T02:00:00Z"},
      {"uptime", "claim.json", "\"percent\": \"99.993", "\"percent\": \"99.893",
       "expected the percentage 99.993839605734 of its own fraction, got 99.893839605734"},
      {"tier", "claim.json", "\"credit\": {\n      \"percent\": \"10\"",
       "\"credit\": {\n      \"percent\": \"25\"",
       "expected a credit of 10 % by its tiers, got 25 %"},
      {"amount", "claim.json", "\"amount\": \"184.50\"", "\"amount\": \"384.50\"",
       "claim.json: expected the amount 184.50, got 384.50"},
      {"body's uptime", "body.md", "99.993839605734 %", "99.893839605734 %",
       "body.md:11: expected"},
      {"body's fraction", "body.md", "fraction of 1 | ", "fraction of 1 | 1",
       "body.md:58: expected"},
      {"body's amount", "body.md", "Amount claimed | 184.50", "Amount claimed | 984.50",
       "body.md:15: expected '| Amount claimed | 184.50 USD |'"},
      {"total intervals", "claim.json", "\"total\": 8928", "\"total\": 8640",
       "expected 8928 intervals in the billing cycle, got 8640"},
      {"without a record", "claim.json", "\"errors_without_record\": 2",
       "\"errors_without_record\": 3",
       "expected 3 Errors without a record as claim.json says, got 2"},
  };
  for (const Edit& edit : edits) {
    INFO(edit.what);
    const Folder folder;
    folder.replace(edit.file, edit.from, edit.to);
    folder.sum_again();
    const claim::Verification verified = folder.verify();
    INFO(joined(verified));
    CHECK(names(verified, edit.finds));
  }
}

TEST_CASE("an Error moved to another interval keeps the sum and is found by requests.log") {
  const Folder folder;
  folder.replace("intervals.log", "60            12            12   80.000000000000",
                 "60            13            13   78.333333333333");
  folder.replace("intervals.log", "60            20            18   66.666666666666",
                 "60            19            17   68.333333333333");
  folder.sum_again();
  const claim::Verification verified = folder.verify();
  CHECK(
      names(verified,
            "requests.log: expected 1 more failed requests in the interval 2026-10-03T02:00:00Z"));
  CHECK(
      names(verified,
            "requests.log: expected 1 fewer failed requests in the interval 2026-10-03T02:05:00Z"));
  CHECK(recoup::test::leaves_open(verified, "the words of every file"));
}

TEST_CASE("what is malformed is named with file and line") {
  struct Bad {
    const char* file;
    const char* text;
    const char* finds;
  };
  const std::string deep(200000, '[');
  const std::vector<Bad> cases{
      {"intervals.log", "# x\nhello\n", "intervals.log:2: expected begin, end, requests"},
      {"intervals.log", "2026-10-03T02:00:00Z 2026-10-03T02:05:00Z 99999999999999999999 1 1 1\n",
       "intervals.log:1: expected begin, end, requests"},
      {"requests.log", "\n", "requests.log:1: expected at, interval, status"},
      {"claim.json", "{\n\n nope", "claim.json:3: expected JSON"},
      {"claim.json", "[]", "claim.json: expected a number from 1 to 1000 at /claim, got nothing"},
      {"claim.json", deep.c_str(), "claim.json:1: expected JSON"},
      {"SHA256SUMS", "abc  claim.json\n", "SHA256SUMS:1: expected a SHA-256 and a file's name"},
      {"SHA256SUMS",
       "0000000000000000000000000000000000000000000000000000000000000000  ../../etc/passwd\n",
       "SHA256SUMS:1: expected a SHA-256 and a file's name"},
      {"body.md", "", "body.md: expected the SHA-256"},
  };
  for (const Bad& bad : cases) {
    const Folder folder;
    folder.write(bad.file, bad.text);
    const claim::Verification verified = folder.verify();
    INFO(joined(verified));
    CHECK(names(verified, bad.finds));
  }
}

TEST_CASE("values of a wrong kind in claim.json are named by their place") {
  const std::vector<std::pair<std::string, std::string>> edits{
      {"\"total\": 8928", "\"total\": -1"},
      {"\"total\": 8928", "\"total\": 1e999"},
      {"\"interval\": \"5m\"", "\"interval\": \"0m\""},
      {"\"interval\": \"5m\"", "\"interval\": \"90s\""},
      {"\"family\": \"mean-of-intervals\",\n      \"interval\"",
       "\"family\": \"mean-of-days\",\n      \"interval\""},
      {"\"commitment\": \"99.999\"", "\"commitment\": \"high\""},
      {"\"status\": [", "\"status\": 5, \"x\": ["},
      {"\"500\",", "\"50\","},
      {"\"500\",", "\"x\","},
      {"\"end\": \"2026-11-01T00:00:00Z\"", "\"end\": \"2025-11-01T00:00:00Z\""},
      {"\"end\": \"2026-11-01T00:00:00Z\"", "\"end\": \"9999-11-01T00:00:00Z\""},
      {"\"denominator\": \"", "\"denominator\": \"0"},
      {"\"name\": \"body.md\"", "\"name\": \"../body.md\""},
      {"\"name\": \"body.md\"", "\"name\": 7"},
      {"\"below\": \"99.999\"", "\"below\": null"}};
  for (const auto& [from, to] : edits) {
    INFO(to);
    const Folder folder;
    folder.replace("claim.json", from, to);
    CHECK(names(folder.verify(), "claim.json"));
    CHECK_FALSE(folder.verify().ok());
  }
}

TEST_CASE("a line without end is refused and not swallowed") {
  const Folder folder;
  folder.write("requests.log", std::string(1 << 20, 'x'));
  CHECK(names(folder.verify(), "requests.log:1: expected a line of less than 65536 characters"));
}
