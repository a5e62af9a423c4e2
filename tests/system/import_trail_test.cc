// CloudTrail as a user imports it: for all agreements at once, again, cut off, and taken back.
#include <sys/wait.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/missing.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

std::string kms(const std::string& id, const std::string& account, const std::string& region,
                const std::string& more = {}) {
  return "[[agreement]]\nid = \"" + id + "\"\nsla = \"aws-kms\"\naccount = \"" + account +
         "\"\nregion = \"" + region + "\"\n" + more;
}

nlohmann::json assessed(const Folder& folder, const std::string& agreement,
                        const std::string& month) {
  return nlohmann::json::parse(
      folder.done({"assess", "--agreement", agreement, "--month", month, "--json"}))[0];
}

// What a file of so many records has: one a second, each 50th an Error, two accounts and Regions.
void write_trail(const Folder& folder, int file, int records) {
  std::string text = "{\"Records\":[";
  for (int i = 0; i < records; ++i) {
    const int number = file * records + i;
    if (i > 0) text += ',';
    const std::string account = number % 2 == 0 ? "111122223333" : "444455556666";
    text += fmt::format(
        R"({{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","accountId":"{0}"}},)"
        R"("eventTime":"2026-10-03T{1:02}:{2:02}:{3:02}Z","eventSource":"kms.amazonaws.com",)"
        R"("eventName":"Decrypt","awsRegion":"{4}","sourceIPAddress":"192.0.2.7",{5})"
        R"("requestID":"req-{6}","eventID":"event-{6}","eventType":"AwsApiCall",)"
        R"("recipientAccountId":"{0}"}})",
        account, number / 3600, number / 60 % 60, number % 60,
        number % 3 == 0 ? "eu-west-1" : "us-east-1",
        number % 50 == 0 ? R"("errorCode":"KMSInternalException",)" : "", number);
  }
  std::filesystem::create_directories(folder.dir.file("trail"));
  write_text(folder.dir.file(fmt::format("trail/{:03}.json", file)), text + "]}");
}

const std::string kTwo =
    kms("a-us", "111122223333", "us-east-1") + kms("b-eu", "444455556666", "eu-west-1");

// What the ledger says of all that was imported, without when and from where.
std::string told(const Folder& folder) {
  auto imports = nlohmann::json::parse(folder.done({"imports", "--json"}));
  for (auto& one : imports) {
    one.erase("read");
    one.erase("file");  // it is named as it was given
  }
  std::string text = imports.dump(1);
  for (const char* agreement : {"a-us", "b-eu"}) {
    text += assessed(folder, agreement, "2026-10").dump(1);
    text += folder.done({"verify", "--agreement", agreement});
  }
  return text;
}

void remove_ledger(const Folder& folder) {
  for (const char* name : {"recoup.db", "recoup.db-wal", "recoup.db-shm"}) {
    std::filesystem::remove(folder.dir.file(name));
  }
}

}  // namespace

TEST_CASE("real trails give the figures that were worked out by hand") {
  if (!have_data(SHARED_DATA "/cloudtrail/invictus")) return;
  for (const bool counts : {false, true}) {
    const Folder folder(
        kms("kms", "123837392027", "us-east-1", counts ? "count_indirect = true\n" : ""));
    const auto import = nlohmann::json::parse(
        folder.done({"import", "--json", SHARED_DATA "/cloudtrail/invictus"}));
    CHECK(import["files"].size() == 55);
    CHECK(import["total"]["requests"] == 240);
    CHECK(import["total"]["indirect"] == 240);
    CHECK(import["total"]["errors"] == 0);
    const auto month = assessed(folder, "kms", "2023-07");
    CHECK(month["requests"] == (counts ? 240 : 0));
    CHECK(month["intervals"]["total"] == 8928);
    CHECK(month["intervals"]["measured"] == (counts ? 2 : 0));
    CHECK(month["indirect"]["requests"] == 240);
    CHECK(month["indirect"]["errors"] == 0);
    CHECK(month["indirect"]["counted"] == counts);
    CHECK(month["indirect"]["uptime_if_counted_otherwise"]["percent"] == "100.000000000000");
    if (counts) {
      CHECK(month["monthly_uptime"]["numerator"] == "1");
      CHECK(month["monthly_uptime"]["denominator"] == "1");
    } else {
      CHECK(month["monthly_uptime"].is_null());
    }
    const std::string words = folder.done({"assess", "--month", "2023-07"});
    CHECK_HAS(words, counts ? "Counted as Requests: 240 calls by other services"
                            : "Not counted: 240 calls by other services");
  }
}

TEST_CASE("a trail of an organisation is read once for all agreements that its records fit") {
  const Folder folder(kTwo + kms("c-no", "777788889999", "us-east-1"));
  for (int file = 0; file < 4; ++file) write_trail(folder, file, 900);
  const auto import = nlohmann::json::parse(folder.done({"import", "--json", "trail"}));
  // Of 3,600: even and no third, odd and a third.
  CHECK(import["total"]["requests"] == 1200 + 600);
  CHECK(import["total"]["errors"] == 48);
  CHECK(assessed(folder, "a-us", "2026-10")["requests"] == 1200);
  CHECK(assessed(folder, "a-us", "2026-10")["errors"] == 48);
  CHECK(assessed(folder, "b-eu", "2026-10")["requests"] == 600);
  CHECK(assessed(folder, "c-no", "2026-10")["requests"] == 0);
  const Finished again = folder.recoup({"import", "trail"});
  CHECK(again.status == 0);
  CHECK_HAS(again.out, "1,800 known before");
  CHECK(assessed(folder, "a-us", "2026-10")["requests"] == 1200);
  const std::string evidence =
      folder.done({"explain", "--agreement", "a-us", "2026-10-03T00:01:00Z"});
  CHECK_HAS(evidence, "req-50");
}

TEST_CASE("what an import would find is told without keeping it, and a time can be picked") {
  const Folder folder(kTwo);
  write_trail(folder, 0, 900);
  const std::string dry = folder.done({"import", "--dry-run", "trail"});
  CHECK_HAS(dry, "a-us: 300 Requests");
  CHECK_HAS(dry, "nothing was kept");
  CHECK_FALSE(std::filesystem::exists(folder.dir.file("recoup.db")));
  folder.done(
      {"import", "--from", "2026-10-03T00:05:00Z", "--to", "2026-10-03T00:10:00Z", "trail"});
  CHECK(assessed(folder, "a-us", "2026-10")["requests"] == 100);
}

TEST_CASE("lines need an agreement to be named") {
  const Folder folder(kTwo);
  write_text(folder.dir.file("a.log"),
             "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200 12\n");
  const Finished refused = folder.recoup({"import", "a.log"});
  CHECK(refused.status == 2);
  CHECK_HAS(refused.err, "expected --agreement, since the lines of a.log do not say whose");
}

TEST_CASE("an import that is killed and run again leaves the ledger of one clean import") {
  const Folder clean(kTwo);
  for (int file = 0; file < 70; ++file) write_trail(clean, file, 300);
  const auto begin = std::chrono::steady_clock::now();
  clean.done({"import", "trail"});
  const auto whole = std::chrono::steady_clock::now() - begin;
  const std::string expected = told(clean);
  remove_ledger(clean);

  // Each round kills a little later: at the start, while files are read, within a transaction.
  int killed = 0;
  for (int round = 0; round < 100; ++round) {
    Process import({recoup_binary(), "import", "--config", clean.dir.file("recoup.toml"),
                    clean.dir.file("trail")},
                   clean.dir.path().string());
    const auto until = std::chrono::steady_clock::now() + whole * round / 100;
    while (std::chrono::steady_clock::now() < until && import.running()) {
    }
    import.signal(SIGKILL);
    killed += import.wait() == 128 + SIGKILL ? 1 : 0;
    if (round % 10 == 9) remove_ledger(clean);
  }
  CHECK(killed > 10);  // what was read already is read faster, and may be done before
  clean.done({"import", "trail"});
  CHECK(told(clean) == expected);
}

TEST_CASE(
    "a claim by a trail says what was not counted and not seen, and recomputes from its files") {
  const Folder folder(kms("a-us", "111122223333", "us-east-1",
                          "\n[agreement.charges]\nstated = [{ month = \"2026-10\", amount = "
                          "\"100.00\", currency = \"USD\" }]\n"));
  write_trail(folder, 0, 900);
  const auto more = [](const std::string& id, const std::string& time, const std::string& what) {
    return R"({"eventVersion":"1.11","userIdentity":{"type":"IAMUser"},"eventTime":"2026-10-03T)" +
           time +
           R"(:00Z","awsRegion":"us-east-1","eventType":"AwsApiCall",)"
           R"("recipientAccountId":"111122223333","eventID":")" +
           id + "\"," + what + "}";
  };
  write_text(folder.dir.file("trail/more.json"),
             more("stop", "05:00",
                  R"("eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging")") +
                 "\n" +
                 more("by-s3", "06:00",
                      R"("eventSource":"kms.amazonaws.com","eventName":"Decrypt",)"
                      R"("sourceIPAddress":"s3.amazonaws.com")") +
                 "\n" +
                 more("odd", "06:00",
                      R"("eventSource":"kms.amazonaws.com","eventName":"Decrypt",)"
                      R"("errorCode":"AccessDenied")") +
                 "\n");
  folder.done({"import", "trail"});
  folder.done({"claim", "--agreement", "a-us", "--month", "2026-10", "--out", "claim", "--accept",
               "missing-records"});
  const std::string body = read_text(folder.dir.file("claim/body.md"));
  CHECK_HAS(body, "Not counted: 1 call by other services on the account's behalf.");
  CHECK_HAS(body, "AccessDenied 1 time");
  CHECK_HAS(body, "2026-10-03T05:00:00Z to 2026-10-03T06:00:00Z (StopLogging of a trail)");
  const Finished verified = folder.recoup({"verify", "claim"});
  INFO(verified.out << verified.err);
  CHECK(verified.status == 0);
}

TEST_CASE("a log that sees the Requests of another is compared with it, and counts nothing twice") {
  const auto with = [](const std::string& more) {
    return kms("a-us", "111122223333", "us-east-1",
               "[[agreement.log]]\nid = \"audit\"\nformat = \"cloudtrail\"\n" + more +
                   "[[agreement.log]]\nid = \"web\"\nformat = \"combined\"\n");
  };
  const Folder folder(with(""));
  const Finished check = folder.recoup({"check"});
  CHECK(check.status == 2);
  CHECK_HAS(check.err,
            "recoup.toml:11:10: error: expected corroborates = true for this log (combined) or for "
            "the log 'audit' (cloudtrail), got it for neither");

  write_text(folder.dir.file("recoup.toml"), with("corroborates = true\n"));
  const std::string checked = folder.done({"check"});
  CHECK_HAS(checked, "log audit: compared with the others, and not counted");
  CHECK_HAS(checked, "CloudTrail logs calls that failed");
  // 200 of the trail's 600 records are of a-us, half of them in each of two intervals; 8 failed.
  write_trail(folder, 0, 600);
  std::string lines;
  for (int i = 0; i < 100; ++i) {
    lines += fmt::format(
        "192.0.2.1 - - [03/Oct/2026:00:{:02}:{:02} +0000] \"POST /{} HTTP/1.1\" 200 12\n", i / 60,
        i % 60, i);
  }
  write_text(folder.dir.file("web.log"), lines);
  folder.done({"import", "--agreement", "a-us", "--log", "web", "web.log"});
  const std::string imported = folder.done({"import", "trail"});
  CHECK_HAS(imported, "the log audit is compared and not counted");

  const auto month = assessed(folder, "a-us", "2026-10");
  CHECK(month["requests"] == 100);
  CHECK(month["errors"] == 0);
  CHECK(month["met"] == true);
  const auto& comparison = month["comparisons"][0];
  CHECK(comparison["log"] == "audit");
  CHECK(comparison["counted"]["requests"] == 100);
  CHECK(comparison["compared"]["requests"] == 200);
  CHECK(comparison["compared"]["errors"] == 8);
  CHECK(comparison["more_errors"] == 8);
  CHECK(comparison["intervals"]["alike"] == 0);
  CHECK(comparison["intervals"]["differing"] == 1);
  CHECK(comparison["intervals"]["only_compared"] == 1);
  CHECK(comparison["differences"].size() == 2);
  CHECK(comparison["uptime"]["percent"] == "99.999103942652");  // 1 - 2 * 4/100 / 8928
  const std::string words = folder.done({"assess", "--month", "2026-10"});
  CHECK_HAS(words, "Compared with the log audit, which is not counted");
  CHECK_HAS(words, "It saw 8 Errors that the counted logs did not.");
  CHECK_HAS(words, "differing  in 2 intervals from the log audit");

  // Counted in its place, the trail gives what it gave alone.
  write_text(folder.dir.file("recoup.toml"),
             kms("a-us", "111122223333", "us-east-1",
                 "[[agreement.log]]\nid = \"audit\"\nformat = \"cloudtrail\"\n"
                 "[[agreement.log]]\nid = \"web\"\nformat = \"combined\"\ncorroborates = true\n"));
  const auto other = assessed(folder, "a-us", "2026-10");
  CHECK(other["requests"] == 200);
  CHECK(other["errors"] == 8);
  CHECK(other["monthly_uptime"] == comparison["uptime"]);
  CHECK(other["comparisons"][0]["log"] == "web");
}
