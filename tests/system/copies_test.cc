// Copies of the ledger of the running program, and what it says of its own.

#include <nlohmann/json.hpp>

#include "ledger/other.h"
#include "support/catch.h"
#include "support/eventually.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE(
    "a ledger is copied while the service writes it, checked, and put back when it is stopped") {
  const Folder folder("listen = \"127.0.0.1:0\"\n" +
                      agreement("  [[agreement.probe]]\n  id = \"p\"\n  every = \"1s\"\n"
                                "  url = \"http://127.0.0.1:1/\"\n"));
  const std::string path = folder.dir.path().string();
  folder.import();
  {
    Process service({"sh", "-c", "cd \"$0\" && exec \"$@\"", path, recoup_binary(), "run"}, path);
    const auto counted = [&] {
      return Other(folder.dir.file("recoup.db"))
                 .text(
                     "SELECT count(*) FROM evidence JOIN series ON series.id = series "
                     "WHERE kind = 'probe'") != "0";
    };
    REQUIRE(eventually(counted, 20s));
    const std::string said = folder.done({"backup", "copy.db"});
    CHECK_HAS(said, "copy.db: a copy of sqlite:");
    CHECK_HAS(said, "checked: file, tables, chains, counts and seals are whole");
    CHECK(folder.recoup({"backup", "copy.db"}).status == 1);
    const Finished refused = folder.recoup({"restore", "--replace", "copy.db"});
    CHECK(refused.status == 1);
    CHECK_HAS(refused.err, "got one that a service writes");
    CHECK_HAS(folder.done({"ledger", "check"}), "whole: sqlite:");
  }
  const std::string said = folder.done({"restore", "--replace", "copy.db"});
  CHECK_HAS(said, "recoup.db: restored from copy.db");
  CHECK_HAS(said, "what was there is ");
  CHECK_HAS(folder.done({"ledger", "check"}),
            "agrees: web: every record of evidence fits its chain");
}

TEST_CASE("what was changed in a ledger is named by its check, and its copy says so too") {
  const Folder folder;
  write_text(
      folder.dir.file("access.log"),
      "192.0.2.1 - - [03/Jun/2026:02:00:36 +0000] \"GET /a HTTP/1.1\" 503 2 \"-\" \"curl\"\n");
  folder.done({"import", "--agreement", "web", "--format", "combined", "access.log"});
  folder.done({"backup", "before.db"});
  Other(folder.dir.file("recoup.db")).run("UPDATE evidence SET detail = 'another' WHERE tie >= 0");
  const Finished checked = folder.recoup({"ledger", "check"});
  CHECK(checked.status == 1);
  CHECK_HAS(checked.out, "differs: web: evidence of the log import (");
  CHECK_HAS(checked.err, "of what was checked does not hold");
  const Finished copied = folder.recoup({"backup", "after.db"});
  CHECK(copied.status == 1);
  CHECK_HAS(copied.err, "it was so in what was copied");
  CHECK(folder.recoup({"ledger", "check", "after.db"}).status == 1);
  CHECK_HAS(folder.done({"ledger", "check", "sqlite:before.db"}), "whole: sqlite:before.db");
  const json told = json::parse(folder.done({"ledger", "check", "--json", "before.db"}));
  CHECK(told.at("whole") == true);
  CHECK(told.at("agreements").at(0).at("agreement") == "web");
}

TEST_CASE("a ledger says how large it is, by table, agreement and month") {
  const Folder folder;
  folder.import();
  const std::string text = folder.done({"ledger", "size"});
  CHECK_HAS(text, "tally");
  CHECK_HAS(text, "2026-06");
  const json told = json::parse(folder.done({"ledger", "size", "--json"}));
  CHECK(told.at("bytes").get<std::uint64_t>() > 100'000);
  CHECK(told.at("agreements").at(0).at("agreement") == "web");
  CHECK(told.at("agreements").back().at("agreement").is_null());
  CHECK(told.at("months").at(0).at("month") == "2026-06");
  CHECK(told.at("growth_per_month").at("rows").get<std::uint64_t>() > 0);
}
