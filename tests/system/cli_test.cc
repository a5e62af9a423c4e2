// The program as its users run it.

#include <algorithm>
#include <filesystem>
#include <regex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string practice_settings(const std::string& zone) {
  return fmt::format(
      "[[agreement]]\nid = \"web\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"us-east-1\"\ntime_zone = \"{}\"\n",
      zone);
}

Finished configured(const TempDir& folder, std::vector<std::string> words,
                    const std::map<std::string, std::string>& environment = {}) {
  words.insert(words.begin(), recoup_binary());
  words.insert(words.end(), {"--config", folder.file("recoup.toml")});
  return run(words, folder.path().string(), environment);
}

}  // namespace

TEST_CASE("real logs give the exact fractions of an independent implementation") {
  struct Row {
    const char* file;
    const char* zone;
    const char* month;
    int intervals, measured, below_100, requests, errors;
    const char* fraction;
  };
  if (!have_data(SHARED_DATA "/weblogs")) return;
  // The contract's versions begin in 2019, the logs are older: a copy of the rule that is effective
  // since 2010 judges them.
  const TempDir folder;
  fs::create_directory(folder.path() / "rules");
  std::string rule = read_text(SOURCE_DIR "/rules/sla/aws-kms.toml");
  const std::string date = "effective  = 2019-01-16";
  REQUIRE(rule.find(date) != std::string::npos);
  rule.replace(rule.find(date), date.size(), "effective  = 2010-01-16");
  write_text(folder.file("rules/aws-kms.toml"), rule);

  for (const Row& row :
       {Row{"elastic-apache_logs", "UTC", "2015-05", 8928, 84, 3, 10000, 3, "54324499/54324648"},
        Row{"labor-06_access_10000.log", "UTC", "2013-12", 8928, 185, 12, 2016, 29,
            "63809061231703/63820311488640"},
        Row{"labor-06_access_10000.log", "Europe/Zurich", "2013-10", 8940, 1, 0, 1, 0, "1/1"},
        Row{"labor-06_access_10000.log", "-12:00", "2013-11", 8640, 631, 3, 2651, 4,
            "75509609/75513600"},
        Row{"ocatak-acunetix.txt", "+03:00", "2016-12", 8928, 7, 6, 6539, 706,
            "18156493975465093399/18157815157727484288"},
        Row{"ocatak-netsparker.txt", "+03:00", "2016-12", 8928, 5, 1, 7314, 6,
            "4327103/4327104"}}) {
    INFO(row.file << " " << row.zone << " " << row.month);
    fs::remove(folder.path() / "recoup.db");
    write_text(folder.file("recoup.toml"), "rules = \"rules\"\n" + practice_settings(row.zone));
    const std::string log = std::string(SHARED_DATA "/weblogs/") + row.file;
    const Finished import =
        configured(folder, {"import", "--agreement", "web", "--format", "combined", log});
    INFO(import.err);
    REQUIRE(import.status == 0);
    const Finished again =
        configured(folder, {"import", "--agreement", "web", "--format", "combined", log});
    CHECK(again.out.find("nothing new") != std::string::npos);
    const Finished assess = configured(folder, {"assess", "--month", row.month, "--json"});
    INFO(assess.err);
    REQUIRE(assess.status == 0);
    const json verdict = json::parse(assess.out).at(0);
    CHECK(verdict["monthly_uptime"]["numerator"].get<std::string>() + "/" +
              verdict["monthly_uptime"]["denominator"].get<std::string>() ==
          row.fraction);
    CHECK(verdict["intervals"]["total"] == row.intervals);
    CHECK(verdict["intervals"]["measured"] == row.measured);
    CHECK(verdict["intervals"]["below_100"] == row.below_100);
    CHECK(verdict["requests"] == row.requests);
    CHECK(verdict["errors"] == row.errors);
  }
}

TEST_CASE("init writes settings that check accepts, and does not write twice") {
  const TempDir folder;
  const Finished init =
      run({recoup_binary(), "init", folder.path().string()}, folder.path().string());
  CHECK(init.status == 0);
  CHECK(init.out.find("recoup check") != std::string::npos);
  const Finished check = configured(
      folder, {"check"}, {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "key"}});
  INFO(check.err);
  CHECK(check.status == 0);
  CHECK(check.out.find(
            "60 requests in an interval of 5m; 6 failed of them in 30 days are a breach") !=
        std::string::npos);
  const Finished again =
      run({recoup_binary(), "init", folder.path().string()}, folder.path().string());
  CHECK(again.status == 1);
}

TEST_CASE(
    "init alone shows what people use, in few lines, and --for shows the contracts of a use") {
  const TempDir folder;
  const auto init = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {recoup_binary(), "init"});
    return run(words, folder.path().string());
  };
  const Finished alone = init({folder.file("alone")});
  CHECK(alone.status == 0);
  CHECK(alone.out.find("for AWS Key Management Service (aws-kms)") != std::string::npos);
  CHECK(alone.out.find("recoup init --for USE") != std::string::npos);
  for (const char* use : {"  kms ", "  secrets ", "  storage ", "  api ", "  ai "}) {
    CHECK(alone.out.find(use) != std::string::npos);
  }
  CHECK(std::count(alone.out.begin(), alone.out.end(), '\n') <= 30);
  CHECK(init({"--help"}).out.find("kms, secrets, storage, api, ai") != std::string::npos);

  const Finished secrets = init({"--for", "secrets"});
  CHECK(secrets.status == 0);
  CHECK(secrets.out.find("tencent-secrets-manager") < secrets.out.find("aws-secrets-manager"));
  CHECK(secrets.out.find("Next: recoup init --sla azure-cn-key-vault") != std::string::npos);
  CHECK_FALSE(fs::exists(folder.path() / "recoup.toml"));

  const Finished one = init({"--for", "kms", "--provider", "tencent", folder.file("one")});
  CHECK(one.status == 0);
  CHECK(one.out.find("(tencent-kms)") != std::string::npos);
  CHECK(fs::exists(folder.path() / "one" / "recoup.toml"));
  CHECK(init({"--for", "kmss"}).err.find("did you mean 'kms'?") != std::string::npos);
  CHECK(init({"--for", "kms", "--provider", "tencet"}).err.find("did you mean 'tencent'?") !=
        std::string::npos);
  CHECK(init({"--sla", "aws-kmz"}).err.find("did you mean 'aws-kms'?") != std::string::npos);
  CHECK(init({"--sla", "aws-kmz"}).status == 2);
}

TEST_CASE("init writes settings for any contract of the catalog that check accepts") {
  const TempDir folder;
  for (const std::string id : {"tencent-cos-standard", "azure-storage", "google-kms-direct",
                               "aws-s3-standard", "alibaba-kms", "temporal-cloud", "cohere"}) {
    INFO(id);
    const std::string own = folder.file(id);
    CHECK(run({recoup_binary(), "init", "--sla", id, own}, folder.path().string()).status == 0);
    const std::string text = read_text(own + "/recoup.toml");
    CHECK(text.find("sla     = \"" + id + "\"") != std::string::npos);
    CHECK(text.find("AWS_CSM_ENABLED") == std::string::npos);
    const Finished check = run({recoup_binary(), "check", "--config", own + "/recoup.toml"}, own);
    INFO(check.err);
    CHECK(check.status == 0);
    CHECK(check.err.find("Region") == std::string::npos);
  }
}

TEST_CASE("init says why a folder cannot be written, and that the words are wrong") {
  const TempDir folder;
  write_text(folder.file("a-file"), "text");
  const Finished init =
      run({recoup_binary(), "init", folder.file("a-file") + "/sub"}, folder.path().string());
  CHECK(init.status == 2);
  CHECK(init.err.find("a-file/sub: error: expected a folder that can be written, got one that "
                      "cannot: Not a directory") != std::string::npos);
  CHECK(init.out.empty());
}

TEST_CASE("wrong words and wrong files are exit 2 with a complaint, and change nothing") {
  const TempDir folder;
  write_text(folder.file("recoup.toml"), "lister = \"127.0.0.1:0\"\n" + practice_settings("UTC"));
  const Finished check = configured(folder, {"check"});
  CHECK(check.status == 2);
  CHECK(check.err.find("recoup.toml:1:1: error: ") != std::string::npos);
  CHECK(check.err.find("listen") != std::string::npos);
  CHECK(run({recoup_binary(), "asses"}, folder.path().string()).status == 2);
  CHECK(run({recoup_binary(), "assess", "--month", "2026-13"}, folder.path().string()).status == 2);
  CHECK(
      run({recoup_binary(), "assess", "--config", folder.file("none.toml")}, folder.path().string())
          .status == 2);
  CHECK_FALSE(fs::exists(folder.path() / "recoup.db"));
}

TEST_CASE("an unsigned environment stops run before it begins") {
  const TempDir folder;
  run({recoup_binary(), "init", folder.path().string()}, folder.path().string());
  const Finished run_it =
      run({recoup_binary(), "run", "--config", folder.file("recoup.toml")}, folder.path().string(),
          {{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}});
  CHECK(run_it.status == 2);
  CHECK(run_it.err.find("AWS_ACCESS_KEY_ID") != std::string::npos);
}

TEST_CASE("every command has help with an example") {
  const TempDir folder;
  for (const char* command :
       {"init", "check", "run", "demo", "import", "assess", "claim", "verify"}) {
    INFO(command);
    const Finished help = run({recoup_binary(), command, "--help"}, folder.path().string());
    CHECK(help.status == 0);
    CHECK(help.out.find(fmt::format("  recoup {}", command)) != std::string::npos);
  }
}

TEST_CASE("check shows a probe's URL without the secrets in it") {
  const TempDir folder;
  write_text(folder.file("recoup.toml"),
             practice_settings("UTC") +
                 "[[agreement.probe]]\nid = \"p\"\nevery = \"5s\"\nurl = "
                 "\"https://10.0.0.1/x?token=QUERY_TOKEN_SECRET&page=2\"\n");
  const Finished check = configured(folder, {"check"});
  CHECK(check.status == 0);
  CHECK(check.out.find("https://10.0.0.1/x?token=****&page=2") != std::string::npos);
  CHECK(check.out.find("QUERY_TOKEN_SECRET") == std::string::npos);
}

TEST_CASE("check says after how long a cap on requests is reached, in a unit that suits it") {
  for (const auto& [most, after] :
       std::vector<std::pair<int, std::string>>{{259200, "3 days"},
                                                {20000, "5 hours"},
                                                {3600, "60 minutes"},
                                                {30, "less than a minute"}}) {
    const TempDir folder;
    write_text(folder.file("recoup.toml"),
               practice_settings("UTC") +
                   fmt::format("max_requests_per_month = {}\n[[agreement.probe]]\nid = \"p\"\n"
                               "every = \"1s\"\nurl = \"https://localhost/\"\n",
                               most));
    const Finished check = configured(folder, {"check"});
    INFO(check.out << check.err);
    CHECK(check.status == 0);
    // Lines are broken where they are long.
    const std::string text = std::regex_replace(check.out, std::regex("\\s+"), " ");
    CHECK(text.find("spent after " + after + ", then no request is sent") != std::string::npos);
  }
}

TEST_CASE("counts become a claim that verifies, and one without charges is refused") {
  const TempDir folder;
  const std::string charges =
      "[agreement.charges]\nstated = [ { month = \"2026-10\", amount = \"1845.00\", "
      "currency = \"USD\", note = \"invoice 42\" } ]\n";
  write_text(
      folder.file("counts.csv"),
      "minute,outcome,count\n2026-10-03T02:00:00Z,200,20\n2026-10-03T02:01:00Z,503,4\nrubbish\n");
  write_text(folder.file("recoup.toml"), practice_settings("UTC"));
  const Finished import = configured(
      folder, {"import", "--agreement", "web", "--format", "counts", folder.file("counts.csv")});
  CHECK(import.out.find("24 requests, 1 malformed") != std::string::npos);
  const std::vector<std::string> claim{"claim", "--agreement",       "web", "--month", "2026-10",
                                       "--out", folder.file("claim")};
  const Finished refused = configured(folder, claim);
  CHECK(refused.status == 1);
  CHECK(refused.err.find("charges") != std::string::npos);
  CHECK_FALSE(fs::exists(folder.path() / "claim"));

  write_text(folder.file("recoup.toml"), practice_settings("UTC") + charges);
  const Finished unready = configured(folder, claim);
  CHECK(unready.status == 1);
  CHECK(unready.err.find("the claim is not ready: none of the 4 Errors has a record") !=
        std::string::npos);
  CHECK(unready.err.find("--accept missing-records") != std::string::npos);
  CHECK_FALSE(fs::exists(folder.path() / "claim"));

  std::vector<std::string> forced = claim;
  forced.insert(forced.end(), {"--accept", "missing-records"});
  const Finished written = configured(folder, forced);
  INFO(written.err);
  CHECK(written.status == 0);
  CHECK(written.err.find("warning: none of the 4 Errors has a record") != std::string::npos);
  const std::string notes = read_text(folder.file("claim.notes.md"));
  CHECK(notes.find("none of the 4 Errors has a record") != std::string::npos);
  CHECK(notes.find("earlier reading") != std::string::npos);
  CHECK(fs::status(folder.file("claim.notes.md")).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(written.out.find("184.50 USD") != std::string::npos);
  const Finished verified =
      run({recoup_binary(), "verify", folder.file("claim")}, folder.path().string());
  INFO(verified.out);
  CHECK(verified.status == 0);
  CHECK(run({"sh", "-c", "cd " + folder.file("claim") + " && sha256sum -c SHA256SUMS"},
            folder.path().string())
            .status == 0);
  write_text(folder.file("claim/body.md"), read_text(folder.file("claim/body.md")) + " ");
  CHECK(run({recoup_binary(), "verify", folder.file("claim")}, folder.path().string()).status == 1);
}

TEST_CASE("the demo shows a breach, writes its claim, and serves") {
  const TempDir folder;
  const std::string at = folder.file("demo");
  const Finished demo =
      run({recoup_binary(), "demo", at, "--for", "3s", "--port", "0"}, folder.path().string());
  INFO(demo.out << demo.err);
  CHECK(demo.status == 0);
  CHECK(demo.out.find("COMMITMENT NOT MET") != std::string::npos);
  CHECK(demo.out.find("184.50 USD") != std::string::npos);
  CHECK(demo.out.find("/metrics") != std::string::npos);
  CHECK(demo.out.find("recoup init --for USE (kms, secrets, storage, api, ai") !=
        std::string::npos);
  const auto claim =
      std::find_if(fs::directory_iterator(at), fs::directory_iterator(), [](const auto& entry) {
        return entry.is_directory() && entry.path().filename().string().starts_with("claim-");
      });
  REQUIRE(claim != fs::directory_iterator());
  for (const char* file : {"subject.txt", "body.md", "intervals.log", "requests.log"}) {
    INFO(file);
    CHECK(read_text(claim->path() / file).find("PRACTICE") != std::string::npos);
  }
  CHECK(json::parse(read_text(claim->path() / "claim.json"))["verdict"]["practice"] == true);
  CHECK(run({recoup_binary(), "verify", claim->path().string()}, folder.path().string()).status ==
        0);
  const Finished again =
      run({recoup_binary(), "demo", at, "--for", "100ms", "--port", "0"}, folder.path().string());
  CHECK(again.status == 0);
}
