// The commands that look at contracts and evidence, as their users run them.

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

TEST_CASE("every command that looks has help with an example") {
  const Folder folder;
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"exclude"},
                                             {"explain"},
                                             {"plan"},
                                             {"rules"},
                                             {"rules", "list"},
                                             {"rules", "show"},
                                             {"rules", "check"}}) {
    auto words = command;
    words.push_back("--help");
    CHECK_HAS(folder.done(words), fmt::format("  recoup {}", fmt::join(command, " ")));
  }
}

TEST_CASE("an exclusion is kept, listed, judged with, and taken back") {
  const Folder folder(
      agreement("[[agreement.exclusion]]\nfrom = 2026-06-03T04:00:00Z\n"
                "to = 2026-06-03T04:30:00Z\nreason = \"of the settings\"\n"));
  folder.import();
  const std::vector<std::string> assess{"assess", "--month", "2026-06"};
  CHECK_HAS(folder.done(assess), "uptime     99.998070987654 % of 99.999 % promised");

  const std::string from = "2026-06-03T02:00:00Z";
  const std::string to = "2026-06-03T04:03:00+02:00";
  for (int i = 0; i < 2; ++i) {
    const Finished kept = folder.exclude(from, to, {"--reason", "we disabled the key"});
    CHECK(kept.status == 0);
    CHECK_HAS(kept.out, "web: excluded 2026-06-03T02:00:00Z to 2026-06-03T02:03:00Z: we disabled");
    CHECK_HAS(kept.out, "recoup assess --agreement web --month 2026-06");
  }
  const std::string judged = folder.done(assess);
  CHECK_HAS(judged, "  uptime     not measured: every Request of the cycle is excluded\n");
  CHECK_HAS(judged, "02:03:00Z: we disabled the key; without it 99.998070987654 %");
  CHECK_HAS(judged, "04:30:00Z: of the settings; without it 99.988425925925 %");
  CHECK_HAS(judged, "7 excluded");

  const std::vector<std::string> list{"exclude", "--agreement", "web", "--list"};
  CHECK_HAS(folder.done(list), "of the settings      recoup.toml");
  CHECK_HAS(folder.done(list), "we disabled the key  the ledger");

  CHECK(folder.exclude(from, to, {"--remove"}).status == 0);
  const Finished again = folder.exclude(from, to, {"--remove"});
  CHECK(again.status == 1);
  CHECK_HAS(again.err, "expected an exclusion of the ledger from 2026-06-03T02:00:00Z");
  CHECK_HAS(folder.done(assess), "uptime     99.998070987654 %");
  CHECK_FALSE(has(folder.done(list), "the ledger"));
}

TEST_CASE("words that are no exclusion are exit 2 and keep nothing") {
  const Folder folder;
  folder.import();
  const std::string from = "2026-06-03T02:00:00Z";
  struct Row {
    std::vector<std::string> words;
    const char* complaint;
  };
  for (const Row& row :
       {Row{{}, "expected --from and --to, or --list"},
        Row{{"--from", from}, "expected --from and --to, or --list"},
        Row{{"--from", from, "--to", from, "--reason", "x"}, "expected --to after --from"},
        Row{{"--from", from, "--to", "2026-06-04T00:00:00Z"}, "expected a --reason, got none"},
        Row{{"--from", from, "--to", "2026-06-04T00:00:00Z", "--reason", " "},
            "expected a --reason, got none"},
        Row{{"--from", "someday", "--to", from}, "--from"},
        Row{{"--list", "--remove"}, "excludes"}}) {
    auto words = row.words;
    words.insert(words.begin(), {"exclude", "--agreement", "web"});
    const Finished refused = folder.recoup(words);
    INFO(row.complaint);
    CHECK(refused.status == 2);
    CHECK_HAS(refused.err, row.complaint);
  }
  CHECK(folder.recoup({"exclude", "--agreement", "wed", "--list"}).status == 2);
  CHECK_HAS(folder.done({"exclude", "--agreement", "web", "--list"}), "nothing is excluded");
}

TEST_CASE("assess --under shows the same evidence by another version side by side") {
  const Folder folder(
      agreement("[agreement.charges]\nstated = [ { month = \"2026-06\", amount = "
                "\"1845.00\", currency = \"USD\", note = \"invoice 42\" } ]\n"));
  folder.import();
  const std::vector<std::string> under{"assess", "--month", "2026-06", "--under",
                                       "aws-kms@2019-01-16"};
  const std::string text = folder.done(under);
  CHECK_HAS(text, "aws-kms, version of 2022-11-29)");
  CHECK_HAS(text, "aws-kms, version of 2019-01-16)");
  CHECK_HAS(text, "contract   partial, it lacks cycle, formula, error");
  CHECK_HAS(text,
            "difference uptime 99.986496913580 % by both; tier no credit instead of 10 %; credit "
            "0.00 USD (no claim) instead of 184.50 USD");

  auto words = under;
  words.push_back("--json");
  const json verdicts = json::parse(folder.done(words));
  CHECK_FALSE(verdicts.at(0).contains("under"));
  CHECK(verdicts.at(1)["under"] == true);
  REQUIRE(verdicts.size() == 2);
  CHECK(verdicts[0]["version"] == "2022-11-29");
  CHECK(verdicts[0]["met"] == false);
  CHECK(verdicts[1]["version"] == "2019-01-16");
  CHECK(verdicts[1]["met"] == true);
  CHECK(verdicts[0]["monthly_uptime"] == verdicts[1]["monthly_uptime"]);
}

TEST_CASE("an agreement that cannot be judged does not silence the others") {
  const Folder folder(
      "[[agreement]]\nid = \"first\"\nsla = \"aws-dax-multi-az\"\n"
      "account = \"111122223333\"\nregion = \"us-east-1\"\n" +
      agreement());
  folder.import();
  const Finished text = folder.recoup({"assess", "--month", "2010-01"});
  CHECK(text.status == 1);
  CHECK_HAS(text.err, "first: error: expected a month under a known version of aws-dax-multi-az");
  CHECK_HAS(text.err, "web: error: expected a month under a known version of aws-kms");
  const Finished some = folder.recoup({"assess", "--month", "2020-06"});
  CHECK(some.status == 1);
  CHECK_HAS(some.err, "first: error: ");
  CHECK_HAS(some.out, "web: AWS Key Management Service");
  const Finished as_json = folder.recoup({"assess", "--month", "2020-06", "--json"});
  CHECK(as_json.status == 1);
  const json list = json::parse(as_json.out);
  REQUIRE(list.size() == 2);
  CHECK(list[0]["agreement"] == "first");
  CHECK(list[0]["month"] == "2020-06");
  CHECK_HAS(list[0]["error"]["message"].get<std::string>(), "expected a month under");
  CHECK_FALSE(list[1].contains("error"));
  CHECK(list[1]["agreement"] == "web");
}

TEST_CASE("what is judged by a text without a date says so, until the user says the date") {
  const std::string without =
      "[[agreement]]\nid = \"web\"\nsla = \"azure-api-for-fhir\"\naccount = \"1\"\n";
  const Folder folder(without);
  folder.import();
  const std::string text = folder.done({"assess", "--month", "2026-06"});
  CHECK_HAS(text, "(azure-api-for-fhir, text read on 2026-11-01)");
  CHECK_HAS(text, "  By the text read on 2026-11-01; when it came into force is not known.");
  const json one = json::parse(folder.done({"assess", "--month", "2026-06", "--json"})).at(0);
  CHECK(one["version"] == "2026-11-01");
  CHECK(one["read"] == "2026-11-01");
  CHECK(one["effective"].is_null());

  const Folder dated(without + "  [agreement.terms]\n  effective = 2024-01-01\n");
  dated.import();
  const std::string known = dated.done({"assess", "--month", "2026-06"});
  CHECK_HAS(known, "text read on 2026-11-01, in force since 2024-01-01)");
  CHECK_FALSE(has(known, "is not known."));
  const Finished before = dated.recoup({"assess", "--month", "2023-12"});
  CHECK_HAS(before.err, "the oldest known version is effective since 2024-01-01");
}

TEST_CASE("a version that comes into force within a month is shown as another reading") {
  const Folder folder;
  folder.import();
  const std::string text = folder.done({"assess", "--month", "2022-11"});
  CHECK_HAS(text, "(aws-kms, version of 2019-01-16)");
  CHECK_HAS(text, "The version of 2022-11-29 came into force within the billing cycle");
  const json one = json::parse(folder.done({"assess", "--month", "2022-11", "--json"})).at(0);
  REQUIRE(one["other_readings"].size() == 1);
  CHECK(one["other_readings"][0]["version"] == "2022-11-29");
  CHECK_FALSE(json::parse(folder.done({"assess", "--month", "2022-12", "--json"}))
                  .at(0)
                  .contains("other_readings"));
}

TEST_CASE("no uptime is said of silence, nor of a month that has not begun") {
  const Folder folder;
  folder.import();
  const std::string measured = folder.done({"assess", "--month", "2026-06"});
  CHECK_HAS(measured, "COMMITMENT NOT MET; 2 of 8,640 intervals measured\n");
  const std::string silent = folder.done({"assess", "--month", "2026-05"});
  CHECK_HAS(silent, "  uptime     not measured: no Request of the cycle is known\n");
  CHECK_HAS(silent, "  sealed     no: nothing was measured, and no probe was due\n");
  CHECK_HAS(silent, "  no claim   no Request of the billing cycle was measured\n");
  CHECK_FALSE(has(silent, "100.0"));
  CHECK_FALSE(has(silent, " met"));
  const json one = json::parse(folder.done({"assess", "--month", "2026-05", "--json"})).at(0);
  CHECK(one["intervals"]["measured"] == 0);
  CHECK(one["monthly_uptime"].is_null());
  CHECK(one["bounds"].is_null());
  CHECK(one["met"].is_null());
  const std::string ahead = folder.done({"assess", "--month", "2999-01"});
  CHECK_HAS(ahead, ", not begun\n  uptime     nothing to judge: the cycle has not begun\n");
  CHECK_HAS(ahead, "  no claim   the billing cycle has not begun\n");
  CHECK_FALSE(has(ahead, "still running"));
  CHECK_FALSE(has(ahead, " met"));
}

TEST_CASE("an agreement that is there twice is measured with a warning, and not claimed") {
  const std::string charges =
      "[agreement.charges]\nstated = [ { month = \"2026-06\", amount = \"1845.00\", currency = "
      "\"USD\" } ]\n";
  const Folder folder(agreement(charges) +
                      "[[agreement]]\nid = \"again\"\nsla = \"aws-kms\"\naccount = "
                      "\"123456789012\"\nregion = \"us-east-1\"\n" +
                      charges);
  const std::string places =
      "expected one agreement for aws-kms, 123456789012, us-east-1, got 'again' and 'web' at "
      "recoup.toml:1:1\n";
  const Finished checked = folder.recoup({"check"});
  CHECK(checked.status == 2);
  CHECK_HAS(checked.err, "recoup.toml:8:1: error: " + places);
  CHECK_HAS(checked.err, "help: both would claim the credit of one charge");
  write_text(folder.dir.file("counts.csv"), kCounts);
  const Finished imported =
      folder.recoup({"import", "--agreement", "web", "--format", "counts", "counts.csv"});
  CHECK(imported.status == 0);
  CHECK_HAS(imported.err, "recoup.toml:8:1: warning: " + places);
  const Finished assessed = folder.recoup({"assess", "--month", "2026-06"});
  CHECK(assessed.status == 0);
  CHECK_HAS(assessed.err, "recoup.toml:8:1: warning: " + places);
  const auto claim = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"claim",    "--agreement",     "web",      "--month", "2026-06",
                                   "--accept", "missing-records", "--accept", "late"};
    words.insert(words.end(), more.begin(), more.end());
    return folder.recoup(words);
  };
  const Finished claimed = claim({"--out", "claim"});
  CHECK(claimed.status == 1);
  CHECK_HAS(claimed.err, "the agreements web and again have the same contract, account and Region");
  CHECK_HAS(claimed.err, "--accept two-agreements");
  CHECK_FALSE(std::filesystem::exists(folder.dir.file("claim")));
  CHECK_HAS(claim({"--check"}).out, "stops: the agreements web and again");
  CHECK(claim({"--out", "claim", "--accept", "two-agreements"}).status == 0);
}

TEST_CASE("assess --under takes the user's own rules, and says what is near or there") {
  const Folder folder("rules = \"rules\"\n" + agreement());
  std::filesystem::create_directory(folder.dir.path() / "rules");
  std::string rule = read_text(SOURCE_DIR "/rules/sla/aws-kms.toml");
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\"aws-kms\"", "\"mine\""},
                                 {"interval = \"5m\"", "interval = \"1m\""}}) {
    REQUIRE(rule.find(from) != std::string::npos);
    rule.replace(rule.find(from), from.size(), to);
  }
  write_text(folder.dir.file("rules/mine.toml"), rule);
  folder.import();
  const std::string text = folder.done({"assess", "--month", "2026-06", "--under", "mine"});
  CHECK_HAS(text, "(mine, version of 2022-11-29)");
  CHECK_HAS(text, "intervals  43,200: 3 measured");
  CHECK_HAS(folder.done({"rules", "list"}), "mine");

  const auto refused = [&](const std::string& words, const std::string& help) {
    const Finished finished = folder.recoup({"assess", "--under", words});
    CHECK(finished.status == 2);
    CHECK_HAS(finished.err, help);
  };
  refused("aws-kmz", "did you mean 'aws-kms'?");
  refused("something-else-entirely", "`recoup rules list` shows which there are");
  refused("aws-kms@2020-01-01", "there are: 2019-01-16, 2022-11-29");
  refused("aws-kms@", "there are: 2019-01-16, 2022-11-29");
}

TEST_CASE("rules are listed and shown without settings") {
  const TempDir empty;
  const auto recoup = [&](const std::vector<std::string>& words) {
    return recoup_in(empty, words);
  };
  const Finished list = recoup({"rules", "list"});
  CHECK(list.status == 0);
  CHECK_HAS(list.out, "RULE");
  CHECK(std::regex_search(
      list.out,
      std::regex("aws-kms +AWS Key Management Service +99.999 %  2022-11-29 +1  complete\n")));
  // Nothing is cut into a pipe.
  CHECK_HAS(list.out, "Google Cloud Storage (Nearline, Coldline in a region; Durable");
  CHECK_HAS(list.out, "  lacks ");

  const auto count = [&](const std::vector<std::string>& words) {
    const Finished some = recoup(words);
    CHECK(some.status == 0);
    return std::count(some.out.begin(), some.out.end(), '\n') - 1;
  };
  const auto all = count({"rules", "list"});
  const auto complete = count({"rules", "list", "--complete"});
  CHECK(complete >= 20);
  CHECK(complete < all);
  CHECK(count({"rules", "list", "--provider", "aws"}) < all);
  CHECK(count({"rules", "list", "--search", "KEY management"}) >= 2);
  CHECK(count({"rules", "list", "--provider", "aws", "--complete", "--search", "kms"}) == 1);
  CHECK_HAS(recoup({"rules", "list", "--search", "aws-kinesis", "--missing"}).out,
            "lacks formula, error");
  CHECK_HAS(recoup({"rules", "list", "--provider", "awz"}).err, "did you mean 'aws'?");
  CHECK(count({"rules", "list", "--use", "kms", "--provider", "tencent"}) == 1);
  CHECK_HAS(recoup({"rules", "list", "--use", "kmss"}).err, "did you mean 'kms'?");
  const Finished nothing = recoup({"rules", "list", "--search", "no such thing"});
  CHECK(nothing.status == 1);
  CHECK_HAS(nothing.err, "expected contracts that fit, got none");

  const Finished show = recoup({"rules", "show", "aws-kms"});
  CHECK(show.status == 0);
  for (const char* part :
       {"AWS Key Management Service (aws)", "version       2022-11-29 (there are 2019-01-16, ",
        "commitment    99.999 %  [clause commitment; source 1]",
        "sources       1  https://aws.amazon.com/kms/sla/, read 2026-11\n",
        "2  https://aws.amazon.com/kms/sla/, read 2026-11: one published copy of the table lacks "
        "the "
        "10 and the 25",
        "below 95 %: 100 % of the charges  [clause credits; source 2]",
        "below 99 % and at least 95 %: 25 % of the charges",
        "is the average of the Availability of all 5-minute intervals",
        "status 500 or 503; a probe's answer must have the header x-amzn-requestid",
        "by the end of the cycle 2 cycles after the incident's; by the safe reading by the end of "
        "the cycle 1 cycle after",
        "minimum       more than 1.00 USD", "(ii): use of custom key stores"}) {
    CHECK_HAS(show.out, part);
  }
  const Finished old = recoup({"rules", "show", "aws-kms@2019-01-16"});
  CHECK_HAS(old.out, "partial, it lacks cycle, formula, error");
  CHECK_HAS(old.out,
            "status 500 or 503; a probe's answer must have the header x-amzn-requestid "
            "(assumed)");
  CHECK_HAS(old.out, "[agreement.terms]");
  const Finished others = recoup({"rules", "show", "azure-storage"});
  CHECK_HAS(others.out, "(10): licenses that are not paid for  [source 2]");
  CHECK_HAS(others.out,
            "charges       fees actually paid for the affected Service or Service Resource "
            "that apply to the month (assumed)  [clause credits; source 2]");
  CHECK_HAS(others.out,
            "2  an undated copy of the common terms of an earlier edition, read 2026-11-26");
  const json shown = json::parse(recoup({"rules", "show", "aws-kms", "--json"}).out);
  CHECK(shown["id"] == "aws-kms");
  CHECK(shown["status"] == "complete");
  CHECK(shown["commitment"] == "99.999");
  CHECK(shown["sources"]["read"] == "2026-11");
  CHECK(shown["sources"]["credits"]["at"] == "https://aws.amazon.com/kms/sla/");
  CHECK(json::parse(recoup({"rules", "show", "aws-kms@2019-01-16", "--json"}).out)["missing"][0] ==
        "cycle");
  const Finished none = recoup({"rules", "show", "aws-kmz"});
  CHECK(none.status == 2);
  CHECK_HAS(none.err, "did you mean 'aws-kms'?");
}

TEST_CASE("every rule of the catalog is listed and can be shown and planned with") {
  const TempDir empty;
  const auto recoup = [&](const std::vector<std::string>& words) {
    return recoup_in(empty, words);
  };
  const std::string list = recoup({"rules", "list"}).out;
  std::size_t rules = 0;
  for (std::size_t at = list.find('\n'); at + 1 < list.size(); at = list.find('\n', at + 1)) {
    const std::string id = list.substr(at + 3, list.find(' ', at + 3) - at - 3);
    INFO(id);
    ++rules;
    CHECK(recoup({"rules", "show", id}).status == 0);
    const Finished plan = recoup({"plan", "--sla", id});
    CHECK(plan.status == 0);
    CHECK_HAS(plan.out, "% promised");
  }
  CHECK(rules >= 1);
}

TEST_CASE("rules check accepts the catalog's files and complains about wrong ones") {
  const Folder folder;
  const std::string good = SOURCE_DIR "/rules/sla/aws-kms.toml";
  CHECK_HAS(folder.done({"rules", "check", good}),
            good + ": correct: aws-kms, versions of 2019-01-16, 2022-11-29");
  const Finished wrong =
      folder.recoup({"rules", "check", TESTS_DIR "/bad/rule-tier-gap.toml", "none.toml", good});
  CHECK(wrong.status == 2);
  CHECK_HAS(wrong.out, "correct");
  CHECK_HAS(wrong.err, "rule-tier-gap.toml:");
  CHECK_HAS(wrong.err, "none.toml");
}

TEST_CASE("rules check warns with the place, and with scenarios of clauses that none shows") {
  const Folder folder;
  const std::string kms = SOURCE_DIR "/rules/sla/aws-kms.toml";
  const Finished warned = folder.recoup({"rules", "check", kms});
  CHECK(warned.status == 0);
  CHECK_HAS(warned.out, "versions of 2019-01-16, 2022-11-29; 1 warning");
  CHECK_HAS(warned.err,
            ": warning: expected all terms of the contract, got a text that lacks cycle");
  CHECK_HAS(warned.err, "help: no claim is written before they stand here");

  // No month of this folder shows a clause of the contract.
  std::filesystem::create_directories(folder.dir.path() / "tests/scenarios");
  write_text(folder.dir.file("tests/scenarios/other.toml"),
             "rule = \"other\"\nversion = \"2026-01-01\"\n[[month]]\nclause = \"error\"\n");
  CHECK_HAS(folder.recoup({"rules", "check", kms}).out, "; 12 warnings");
  // A folder of that name that is not the rules' is left alone, unless it is named.
  write_text(folder.dir.file("tests/scenarios/browser.toml"), "steps = []\n");
  CHECK_HAS(folder.recoup({"rules", "check", kms}).out, "; 1 warning\n");
  const Finished named = folder.recoup({"rules", "check", "--scenarios", "tests/scenarios", kms});
  CHECK(named.status == 2);
  CHECK_HAS(named.err, "browser.toml:");
  const Finished shown =
      folder.recoup({"rules", "check", "--scenarios", TESTS_DIR "/scenarios", kms, "--json"});
  CHECK(shown.status == 0);
  const json files = json::parse(shown.out);
  REQUIRE(files.size() == 1);
  CHECK(files[0]["correct"] == true);
  CHECK(files[0]["rule"] == "aws-kms");
  CHECK(files[0]["versions"] == json({"2019-01-16", "2022-11-29"}));
  REQUIRE(files[0]["findings"].size() == 1);
  CHECK(files[0]["findings"][0]["severity"] == "warning");
  CHECK(files[0]["findings"][0]["line"] > 1);

  const json wrong = json::parse(
      folder.recoup({"rules", "check", "--json", TESTS_DIR "/bad/rule-tier-gap.toml", "none.toml"})
          .out);
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0]["correct"] == false);
  CHECK(wrong[0]["findings"][0]["severity"] == "error");
  CHECK(wrong[1]["correct"] == false);
  CHECK(wrong[1]["findings"].size() == 1);
  const Finished none = folder.recoup({"rules", "check", "--scenarios", "nowhere", kms});
  CHECK(none.status == 2);
  CHECK_HAS(none.err, "expected a folder of scenarios");
}

TEST_CASE("plan prints the table of how few failed probes are a breach") {
  const TempDir empty;
  const Finished plan = recoup_in(empty, {"plan", "--sla", "aws-kms", "--region", "us-east-1"});
  CHECK(plan.status == 0);
  for (const char* line : {"AWS Key Management Service, us-east-1 (aws-kms, version of 2022-11-29)",
                           "1s 300 2,592,000 7.716 USD 0.000038580246 % 25 / 26 / 27",
                           "5s 60 518,400 1.4952 USD 0.000192901234 % 5 / 6 / 6",
                           "15s 20 172,800 0.4584 USD 0.000578703703 % 2 / 2 / 2",
                           "1m 5 43,200 0.0696 USD 0.002314814814 % 1 / 1 / 1",
                           "5m 1 8,640 0.00 USD 0.011574074074 % 1 / 1 / 1"}) {
    CHECK_HAS(squeezed(plan.out), line);
  }
  // A contract without published prices has no such column.
  const Finished s3 = recoup_in(empty, {"plan", "--sla", "aws-s3-standard"});
  CHECK(s3.status == 0);
  CHECK(std::regex_search(s3.out, std::regex("IN 30 DAYS +SMALLEST LOSS ")));
  const Finished wrong = recoup_in(empty, {"plan", "--sla", "aws-kmz"});
  CHECK(wrong.status == 2);
  CHECK_HAS(wrong.err, "did you mean 'aws-kms'?");
}

TEST_CASE("a cycle that runs shows its budget, and a certain breach says so") {
  const Folder folder;
  folder.import();
  // The running month, whichever it is: the program is asked which.
  const std::string running = folder.done({"assess", "--json"});
  const json cycle = json::parse(running).at(0)["cycle"];
  CHECK(cycle["complete"] == false);
  CHECK_HAS(folder.done({"assess"}),
            "  uptime     not measured yet: no Request of the cycle is known");
  const std::string begin = cycle["begin"];
  folder.import("minute,outcome,count\n" + begin + ",200,1\n");
  const std::string kept = folder.done({"assess"});
  CHECK_HAS(kept, "commitment met so far; 1 of ");
  CHECK_HAS(kept, "more whole intervals of 5m are in it: a breach is not certain");
  folder.import("minute,outcome,count\n" + begin + ",503,1\n");
  const std::string breached = folder.done({"assess"});
  CHECK_HAS(breached, "COMMITMENT NOT MET even if the rest is perfect");
  CHECK_HAS(breached,
            "more whole intervals of 5m are lost than may be: a breach is certain, by what "
            "was read of the intervals until ");
}

TEST_CASE("check says of a partial rule what it lacks and where to supply it") {
  const Folder folder("rules = \"rules\"\n" + agreement());
  std::filesystem::create_directory(folder.dir.path() / "rules");
  std::string rule = read_text(SOURCE_DIR "/rules/sla/aws-kms.toml");
  const std::string complete = "status     = \"complete\"";
  REQUIRE(has(rule, complete));
  rule.replace(rule.find(complete), complete.size(),
               "status = \"partial\"\nmissing = [\"credit_base\"]");
  write_text(folder.dir.file("rules/aws-kms.toml"), rule);
  const std::string text = folder.done({"check"});
  CHECK_HAS(text, "partial: no claim can be written: the rule lacks credit_base");
  CHECK_HAS(text, "[agreement.terms]");
}

TEST_CASE("check says once of the agreements of a block what is the same of them") {
  const Folder folder(R"([[agreement]]
id       = "kms-{account}-{region}"
sla      = "aws-kms"
accounts = ["123456789012", "210987654321", "321098765432"]
regions  = ["us-east-1", "us-gov-west-1", "us-west-2"]
  [[agreement.probe]]
  id    = "own"
  url   = "http://kms.{region}.example/{account}"
  every = "1m"
  [agreement.charges]
  book = "aws-kms"
  keys = 40
  requests = 12_000_000

[[agreement]]
id      = "alone"
sla     = "stedi-public-guides"
account = "a"
)");
  const std::string text = folder.done({"check"});
  INFO(text);
  const auto times = [&](std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  CHECK(times("  cycle: ") == 3);
  CHECK_HAS(text,
            "kms-{account}-{region}: 6 agreements, each like\n"
            "kms-123456789012-us-east-1: AWS Key Management Service, us-east-1, ");
  CHECK_HAS(text, "probe own: GET http://kms.us-east-1.example/123456789012 every 1m");
  // There is no price of GovCloud.
  CHECK_HAS(text,
            "kms-{account}-{region}: 3 agreements, each like\n"
            "kms-123456789012-us-gov-west-1: ");
  CHECK_HAS(text, "no estimate: expected a commercial Region");
  CHECK_HAS(text, "kms-{account}-{region}: in all 388,800 requests of probes in 30 days\n");
  CHECK_HAS(text, "\nalone: ");
}

TEST_CASE("settings in another folder, named by a relative path, keep their ledger beside them") {
  const TempDir dir;
  std::filesystem::create_directory(dir.path() / "settings");
  write_text(dir.file("settings/recoup.toml"), agreement());
  write_text(dir.file("counts.csv"), kCounts);
  const Finished import =
      recoup_in(dir, {"import", "--config", "settings/recoup.toml", "--agreement", "web",
                      "--format", "counts", "counts.csv"});
  INFO(import.err);
  CHECK(import.status == 0);
  CHECK(recoup_in(dir, {"assess", "--config", "settings/recoup.toml"}).status == 0);
  CHECK(std::filesystem::exists(dir.path() / "settings/recoup.db"));
  CHECK(recoup_in(dir, {"demo", "here", "--for", "100ms", "--port", "0"}).status == 0);
  CHECK(std::filesystem::exists(dir.path() / "here/recoup.db"));
}
