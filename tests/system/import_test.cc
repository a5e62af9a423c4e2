// `recoup import` as a user meets it: what is read again, and what is no log of the format.
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

std::string access_log(int begin, int end, const std::string& line_end = "\n") {
  std::string log;
  for (int i = begin; i < end; ++i) {
    log += fmt::format(
        "192.0.2.1 - - [03/Oct/2026:02:{:02}:{:02} +0000] \"GET /{} HTTP/1.1\" 200 12{}",
        i / 60 % 60, i % 60, i, line_end);
  }
  return log;
}

// Without what is said at the end of the months that got something, and of taking it back.
Finished of_files(Finished import) {
  const auto end = std::min({import.out.find("  the first at "), import.out.find("  web 2026-10: "),
                             import.out.find("taken back ")});
  if (end != std::string::npos) import.out.resize(end);
  return import;
}

// A folder with settings and a ledger, in which files of log lines are imported.
struct Place {
  Folder folder;

  Place() { folder.import(); }

  Finished import(const std::string& name, const std::string& content,
                  const std::string& format = "combined") const {
    write_text(folder.dir.file(name), content);
    return of_files(folder.recoup({"import", "--agreement", "web", "--format", format, name}));
  }
};

}  // namespace

TEST_CASE("import says of each file what was new and what was read before") {
  const Place place;
  CHECK(place.import("good.log", access_log(0, 2000)).out ==
        "good.log: 2,000 lines, 2,000 requests\n");
  CHECK(place.import("first.log", access_log(0, 700)).out ==
        "first.log: 700 lines were read before; nothing new\n");
  const Finished last = place.import("last.log", access_log(1200, 2000));
  CHECK(last.status == 0);
  CHECK(last.out == "last.log: 800 lines were read before; nothing new\n");
  CHECK(place.import("grown.log", access_log(1500, 2001)).out ==
        "grown.log: 501 lines, 1 request, 500 lines were read before\n");
  CHECK(place.import("crlf.log", access_log(0, 2001, "\r\n")).out ==
        "crlf.log: 2,001 lines were read before; nothing new\n");
}

TEST_CASE("import shows the first malformed lines with what was expected, and how many more") {
  const Place place;
  const Finished import =
      place.import("a.log", access_log(0, 2) + "x\ny\nz password=hunter2\nv\nw\n");
  CHECK(import.status == 1);
  CHECK(import.err ==
        "recoup: error: expected a tenth malformed at most, got 5 malformed records of 7\n"
        "help: what could be read was counted; see `--format`\n");
  const std::string expected = "expected a time like [03/Oct/2026:02:00:00 +0000], got ";
  CHECK(import.out == "a.log: 7 lines, 2 requests, 5 malformed\n   line 3: " + expected +
                          "x\n   line 4: " + expected + "y\n   line 5: " + expected +
                          "z password=****\n   and 2 more\n");
}

TEST_CASE("a file in another format is refused, named, and read in its own afterwards") {
  const Place place;
  const std::string counts = "minute,outcome,count\n2026-10-03T02:00Z,200,7\n";
  const Finished wrong = place.import("counts.csv", counts);
  CHECK(wrong.status == 2);
  CHECK(wrong.out.empty());
  CHECK(wrong.err ==
        "counts.csv: error: expected lines of the format combined, got none in 2 lines: line 1: "
        "expected a time like [03/Oct/2026:02:00:00 +0000], got minute,outcome,count\n"
        "help: it looks like counts, CSV minute,outcome,count: import it with --format counts; "
        "nothing was kept\n");
  CHECK(place.import("counts.csv", counts, "counts").out == "counts.csv: 2 lines, 7 requests\n");

  const Finished other = place.import("trail.json", "{\"Records\":[{\"eventVersion\":\"1.08\"}]}");
  CHECK(other.status == 2);
  CHECK_HAS(
      other.err,
      "help: it looks like a CloudTrail log file: import it with --format cloudtrail; nothing was "
      "kept\n");
  const Finished returns = place.import("cr.log", access_log(0, 1000, "\r"));
  CHECK(returns.status == 2);
  CHECK_HAS(returns.err, "help: its lines end with carriage returns alone");
  CHECK(place.import("empty.log", "\n").status == 0);
}

TEST_CASE("a log tells its format, and the import says which it took") {
  const Place place;
  const std::string balanced =
      "2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 "
      "200 0 29 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.38.0\" - -\n";
  const std::string connection =
      "2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 - - 0 "
      "29 \"- - - \" \"-\" - -\n";
  CHECK(place.import("elb.log", balanced + connection, "auto").out ==
        "elb.log: as elb, 2 lines, 1 request, 1 that is no request\n");
  CHECK(place.import("again.log", balanced, "elb").out ==
        "again.log: 1 line was read before; nothing new\n");
  write_text(place.folder.dir.file("access.log"), access_log(0, 3));
  CHECK(of_files(place.folder.recoup({"import", "--agreement", "web", "access.log"})).out ==
        "access.log: as combined, 3 lines, 3 requests\n");
  const Finished other = place.import("boot.log", "Oct  3 02:00:00 host kernel: hello\n", "auto");
  CHECK(other.status == 1);
  CHECK_HAS(other.err, "boot.log: error: expected a log in one of the formats alb, elb, ");
  CHECK_HAS(other.err, "got lines of none: Oct  3 02:00:00 host kernel: hello\n");
}

TEST_CASE("JSON lines are read by the keys that the user names") {
  const Place place;
  write_text(place.folder.dir.file("app.log"),
             "{\"when\":\"2026-10-03 04:00:00\",\"answer\":{\"code\":503}}\n");
  const std::vector<std::string> import{"import", "--agreement", "web"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = import;
    words.insert(words.end(), more.begin(), more.end());
    return place.folder.recoup(words);
  };
  const Finished unnamed = with({"app.log"});
  CHECK(unnamed.status == 2);
  CHECK_HAS(unnamed.err,
            "line 1: expected the keys of a request's time and status; name them with "
            "--field time=… and --field status=…, got {");
  const Finished zoneless =
      with({"--field", "time=when", "--field", "status=answer.code", "app.log"});
  CHECK(zoneless.status == 2);
  CHECK_HAS(zoneless.err, "or the zone of such times with --time-zone, got {");
  CHECK(of_files(with({"--field", "time=when", "--field", "status=answer.code", "--time-zone",
                       "Europe/Zurich", "app.log"}))
            .out == "app.log: as json, 1 line, 1 request\n");
}

TEST_CASE("options of formats are refused where they are wrong") {
  const Place place;
  write_text(place.folder.dir.file("access.log"), access_log(0, 3));
  const auto refused = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"import", "--agreement", "web"});
    words.push_back("access.log");
    const Finished finished = place.folder.recoup(words);
    CHECK(finished.status != 0);
    CHECK(finished.out.empty());
    return finished.err;
  };
  CHECK_HAS(
      refused({"--field", "when=ts"}),
      "--field: expected a field and its key like time=ts, got 'when=ts'\nhelp: the fields are ");
  CHECK_HAS(refused({"--time-zone", "Mars"}), "--time-zone: expected a time zone, got 'Mars'");
  CHECK_HAS(refused({"--request-id", "0"}), "--request-id");
  CHECK_HAS(refused({"--field", "time=ts", "--field", "status=code"}),
            "access.log: error: expected no key of a field for the format combined, got one");
}

TEST_CASE("import says what the months came to, lists what was read, and takes it back") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 300));
  CHECK(place.folder.done({"import", "--agreement", "web", "a.log"}) ==
        "a.log: as combined, 300 lines, 300 requests\n"
        "  the first at 2026-10-03T02:00:00Z, the last at 2026-10-03T02:04:59Z; 200: 300\n"
        "  web 2026-10: uptime 100 %, by Requests in 1 of 8,928 intervals\n"
        "taken back again by: recoup imports remove DIGEST (see recoup imports)\n");
  const auto list = nlohmann::json::parse(place.folder.done({"imports", "--json"}));
  REQUIRE(list.size() == 2);
  CHECK(list[1]["file"] == "a.log");
  CHECK(list[1]["requests"] == 300);
  CHECK(list[1]["errors"] == 0);
  CHECK(list[1]["from"] == "2026-10-03T02:00:00Z");
  CHECK(list[1]["to"] == "2026-10-03T02:05:00Z");
  CHECK(list[0]["errors"] == 6);
  const std::string digest = list[1]["digest"];
  CHECK_HAS(place.folder.done({"imports"}), digest.substr(0, 12) + "  web");

  const std::string removed = place.folder.done({"imports", "remove", digest.substr(0, 12)});
  CHECK_HAS(removed,
            "web: took back a.log, which changes 2026-10-03T02:00:00Z to 2026-10-03T02:05:00Z\n");
  CHECK(nlohmann::json::parse(place.folder.done({"imports", "--json"})).size() == 1);
  const Finished again = place.folder.recoup({"imports", "remove", digest});
  CHECK(again.status == 2);
  CHECK_HAS(again.err, "expected the digest of a file that was read, got '" + digest + "'");
  const std::string anew = place.folder.done({"import", "--agreement", "web", "a.log"});
  CHECK_HAS(anew, "300 requests\n");
}

TEST_CASE("import tells programs what became of each file") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 300));
  const auto said = [&] {
    return nlohmann::json::parse(
        place.folder.done({"import", "--agreement", "web", "--json", "a.log"}));
  };
  const auto first = said();
  CHECK(first["files"][0]["format"] == "combined");
  CHECK(first["files"][0]["new"] == true);
  CHECK(first["total"]["requests"] == 300);
  const auto second = said();
  CHECK(second["files"][0]["new"] == false);
  CHECK(second["total"]["duplicates"] == 300);
  CHECK(place.folder.recoup({"import", "--agreement", "web", "--strict", "a.log"}).status == 0);
  write_text(place.folder.dir.file("b.log"), access_log(300, 600) + "x\n");
  CHECK(place.folder.recoup({"import", "--agreement", "web", "--strict", "b.log"}).status == 1);
}

TEST_CASE("standard input is read like a file, plain and packed, and in part where it is known") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 300));
  write_text(place.folder.dir.file("b.log"), access_log(200, 400));
  const std::string path = place.folder.dir.path().string();
  const auto sh = [&](const std::string& script) {
    return of_files(run({"sh", "-c", "cd \"$0\" && " + script, path, recoup_binary()}, path));
  };
  CHECK(sh("cat a.log | gzip | \"$1\" import --agreement web -").out ==
        "-: as combined, 300 lines, 300 requests\n");
  CHECK(sh("cat b.log | \"$1\" import --agreement web -").out ==
        "-: as combined, 200 lines, 100 requests, 100 lines were read before\n");
  CHECK(sh("\"$1\" import --agreement web - < a.log").out ==
        "-: as combined, 300 lines were read before; nothing new\n");
  const Finished bad = sh("printf 'a\\n' | \"$1\" import --agreement web --format combined -");
  CHECK(bad.status == 2);
  CHECK_HAS(bad.err, "-: error: expected lines of the format combined, got none in 1 line");
}

TEST_CASE("patterns in quotes and folders name logs of lines") {
  const Place place;
  std::filesystem::create_directories(place.folder.dir.file("logs/web/old"));
  write_text(place.folder.dir.file("logs/web/a.log"), access_log(0, 300));
  write_text(place.folder.dir.file("logs/web/old/b.log"), access_log(300, 500));
  write_text(place.folder.dir.file("logs/web/old/notes.txt"), "no log\n");
  const auto with = [&](const std::string& file) {
    return place.folder.recoup({"import", "--agreement", "web", file});
  };
  const Finished some = with("logs/**/*.log");
  CHECK(some.status == 0);
  CHECK_HAS(some.out, "logs/web/a.log: as combined, 300 lines, 300 requests\n");
  CHECK_HAS(some.out, "logs/web/old/b.log: as combined, 200 lines, 200 requests\n");
  CHECK_HAS(some.out, "2 files: 500 Requests, 0 Errors");
  const Finished all = with("logs");
  CHECK(all.status == 1);
  CHECK_HAS(all.err, "logs/web/old/notes.txt: error: expected a log in one of the formats");
  CHECK_HAS(all.out, "nothing new");
  CHECK_HAS(with("logs/*.gz").err,
            "logs/*.gz: error: expected files that fit the pattern, got none");
}

TEST_CASE("a dry run says what would become of a log of lines, and leaves the ledger as it is") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 300));
  write_text(place.folder.dir.file("b.log"), access_log(200, 400));
  place.folder.done({"import", "--agreement", "web", "a.log"});
  const std::string before = place.folder.done({"imports", "--json"});
  const auto dry = nlohmann::json::parse(
      place.folder.done({"import", "--agreement", "web", "--dry-run", "--json", "b.log"}));
  CHECK(dry["total"]["requests"] == 100);
  CHECK(dry["total"]["duplicates"] == 100);
  CHECK(dry["total"]["new"] == true);
  const std::string words =
      place.folder.done({"import", "--agreement", "web", "--dry-run", "b.log"});
  CHECK_HAS(words, "b.log: as combined, 200 lines, 100 requests, 100 lines were read before\n");
  CHECK_HAS(words, "  web 2026-10: uptime 100 %, by Requests in 2 of 8,928 intervals\n");
  CHECK_HAS(words, "nothing was kept: --dry-run\n");
  CHECK(words.find("taken back") == std::string::npos);
  CHECK(place.folder.done({"imports", "--json"}) == before);
}

TEST_CASE("a time is picked from a log of lines, and the rest is not counted behind one's back") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 300));
  const auto import = [&](const std::string& from, const std::string& to) {
    return place.folder.recoup(
        {"import", "--agreement", "web", "--from", from, "--to", to, "a.log"});
  };
  const Finished part = import("2026-10-03T02:01:00Z", "2026-10-03T02:02:00Z");
  CHECK(part.status == 0);
  CHECK_HAS(part.out, "300 lines, 60 requests, 240 outside the time asked for\n");
  CHECK_HAS(part.out,
            "the first at 2026-10-03T02:01:00Z, the last at 2026-10-03T02:01:59Z; 200: 60");
  CHECK_HAS(import("2026-10-03T02:01:10Z", "2026-10-03T02:01:20Z").out,
            "60 lines were read before; nothing new\n");
  const Finished whole = place.folder.recoup({"import", "--agreement", "web", "a.log"});
  CHECK(whole.status == 1);
  const std::string digest =
      nlohmann::json::parse(place.folder.done({"imports", "--json"}))[1]["digest"];
  CHECK(whole.err ==
        "a.log: error: expected a file of which nothing was read, got one that was read from "
        "2026-10-03T02:01:00Z to 2026-10-03T02:02:00Z alone\n"
        "help: take it back with `recoup imports remove " +
            digest.substr(0, 12) + "` and import all that is wanted of it at once\n");
  place.folder.done({"imports", "remove", digest});
  CHECK_HAS(place.folder.done({"import", "--agreement", "web", "a.log"}), "300 requests\n");
}

TEST_CASE("what a packed file may hold is a limit that the message names") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 3000));
  const std::string path = place.folder.dir.path().string();
  REQUIRE(run({"sh", "-c", "cd \"$0\" && gzip -k a.log", path}, path).status == 0);
  const Finished refused =
      place.folder.recoup({"import", "--agreement", "web", "--max-unpacked", "100KB", "a.log.gz"});
  CHECK(refused.status == 1);
  CHECK_HAS(refused.err,
            "a.log.gz: error: expected at most 102,400 bytes in the gzip data, got more");
  CHECK_HAS(refused.err, "help: --max-unpacked allows more; or unpack it first, with gzip -d\n");
  CHECK_HAS(
      place.folder.done({"import", "--agreement", "web", "--max-unpacked", "10MB", "a.log.gz"}),
      "3,000 requests\n");
  // What is known as it lies is not unpacked again, and what is packed anew is known by what is in
  // it.
  CHECK_HAS(
      place.folder.done({"import", "--agreement", "web", "--max-unpacked", "100KB", "a.log.gz"}),
      "a.log.gz: as combined, 3,000 lines were read before; nothing new\n");
  REQUIRE(run({"sh", "-c", "cd \"$0\" && gzip -1 < a.log > again.gz", path}, path).status == 0);
  CHECK_HAS(place.folder.done({"import", "--agreement", "web", "again.gz"}),
            "again.gz: as combined, 3,000 lines were read before; nothing new\n");
}

TEST_CASE("a terminal shows bytes, rate, records and Errors while a log is read") {
  const Place place;
  write_text(place.folder.dir.file("a.log"), access_log(0, 30'000));
  const std::string path = place.folder.dir.path().string();
  const Finished shown = run(
      {"sh", "-c",
       "cd \"$0\" && script -qec \"$1 import --agreement web --format combined a.log\" /dev/null",
       path, recoup_binary()},
      path);
  CHECK(shown.status == 0);
  CHECK_HAS(shown.out, "a.log: 1.0 of 2.");
  CHECK_HAS(shown.out, " MB/s, 0 records, 0 Errors");
  CHECK_HAS(shown.out, "a.log: 30,000 lines, ");
}

TEST_CASE("more than a tenth malformed is a failure, a tenth is none, and with --strict one is") {
  const Place place;
  const auto import = [&](int good, const std::vector<std::string>& more) {
    write_text(place.folder.dir.file("a.log"), access_log(0, good) + "x\n");
    std::vector<std::string> words{"import", "--agreement", "web", "--dry-run", "a.log"};
    words.insert(words.end(), more.begin(), more.end());
    return place.folder.recoup(words);
  };
  CHECK(import(8, {}).status == 1);
  CHECK_HAS(import(8, {}).err, "expected a tenth malformed at most, got 1 malformed records of 9");
  CHECK(import(9, {}).status == 0);
  CHECK(import(500, {"--strict"}).status == 1);
  CHECK_HAS(import(500, {"--strict"}).err,
            "expected none malformed, got 1 malformed records of 501");
}

TEST_CASE(
    "what SDKs reported is sorted by service and Region, and is the word of local processes") {
  const auto kms = [](const std::string& id, const std::string& region, const std::string& more) {
    return "[[agreement]]\nid = \"" + id + "\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n" +
           "region = \"" + region + "\"\n" + more;
  };
  const Folder folder(kms("us", "us-east-1", "") + kms("eu", "eu-west-1", ""));
  std::string log;
  for (int i = 0; i < 40; ++i) {
    log += fmt::format(
        R"({{"Version":1,"Type":"ApiCallAttempt","Service":"{}","Region":"{}","Api":"Decrypt",)"
        R"("ClientId":"app","AccessKey":"AKIAIOSFODNN7EXAMPLE","Timestamp":{},)"
        R"("HttpStatusCode":{},"XAmznRequestId":"id-{}"}})"
        "\n",
        i % 10 == 9 ? "S3" : "KMS", i % 2 == 0 ? "us-east-1" : "eu-west-1",
        1'790'992'800'000 + i * 1000, i % 8 == 0 ? 503 : 200, i);
  }
  write_text(folder.dir.file("sdk.log"), log);
  const std::string said = folder.done({"import", "sdk.log"});
  CHECK_HAS(said, "sdk.log: us: as csm, 40 lines, 20 requests, 20 of other services, Regions or ");
  CHECK_HAS(said, "sdk.log: eu: as csm, 40 lines, 16 requests, 24 of other services, Regions or ");
  CHECK_HAS(said,
            "the first at 2026-10-03T02:00:00Z, the last at 2026-10-03T02:00:38Z; "
            "200: 31, 503: 5\n");
  const auto assessed = [&](const std::string& agreement) {
    return nlohmann::json::parse(
        folder.done({"assess", "--agreement", agreement, "--month", "2026-10", "--json"}))[0];
  };
  CHECK(assessed("us")["requests"] == 20);
  CHECK(assessed("us")["errors"] == 5);
  CHECK_HAS(folder.done({"assess", "--agreement", "us", "--month", "2026-10"}),
            "Reported by local processes, through AWS SDKs: 5 of 5");
  const auto json = nlohmann::json::parse(folder.done({"import", "--json", "sdk.log"}));
  CHECK(json["files"].size() == 1);
  CHECK(json["total"]["duplicates"] == 36);
  CHECK(json["total"]["new"] == false);
  CHECK(json["total"]["evidence_dropped"] == 0);
  for (const char* file : {"recoup.db", "recoup.db-wal"}) {
    if (!std::filesystem::exists(folder.dir.file(file))) continue;
    CHECK_FALSE(has(read_text(folder.dir.file(file)), "AKIAIOSFODNN7EXAMPLE"));
  }

  const Folder twice(kms("a", "us-east-1", "") + kms("b", "us-east-1", ""));
  write_text(twice.dir.file("sdk.log"), log);
  const Finished refused = twice.recoup({"import", "sdk.log"});
  CHECK(refused.status == 1);
  CHECK_HAS(refused.err,
            "expected --agreement, since attempts of KMS in us-east-1 could be of a and of b");
  CHECK_HAS(twice.done({"import", "--agreement", "b", "sdk.log"}), "20 requests");
}

TEST_CASE("a line that cannot be read is in the bounds of its interval, and a claim says so") {
  const Folder folder(
      agreement("[agreement.charges]\nstated = [ { month = \"2026-10\", amount = \"1845.00\", "
                "currency = \"USD\" } ]\n"));
  std::string log;
  for (int i = 0; i < 300; ++i) {
    log +=
        fmt::format("192.0.2.1 - - [03/Oct/2026:03:{:02}:{:02} +0000] \"GET /{} HTTP/1.1\" {} 12\n",
                    i / 60, i % 60, i, i % 2 == 1 ? 503 : 200);
    if (i % 100 == 50) log += "not a line of a log\n";
  }
  write_text(folder.dir.file("holes.log"), log);
  folder.done({"import", "--agreement", "web", "holes.log"});
  const auto json = nlohmann::json::parse(
      folder.done({"assess", "--agreement", "web", "--month", "2026-10", "--json"}))[0];
  CHECK(json["lines_unread"] == 3);
  CHECK(json["bounds"]["lower"] != json["bounds"]["upper"]);
  CHECK_HAS(folder.done({"assess", "--agreement", "web", "--month", "2026-10"}),
            "if every line of a log that could not be read had failed or been served");
  CHECK_HAS(folder.done({"explain", "--agreement", "web", "2026-10-03T03:00:00Z"}),
            "unread       3  unread");
  folder.done({"claim", "--agreement", "web", "--month", "2026-10", "--out", "claim"});
  CHECK_HAS(read_text(folder.dir.file("claim/body.md")),
            "Not counted: 3 lines of logs that could not be read and may be a Request each.");
  CHECK(folder.recoup({"verify", "claim"}).status == 0);
  std::string claim = read_text(folder.dir.file("claim/claim.json"));
  const std::string counts = "1 x 300 150 0 0 0 0 0 0 0 3";
  REQUIRE(claim.find(counts) != std::string::npos);
  claim.replace(claim.find(counts), counts.size(), "1 x 300 150 0 0 0 0 0 0 0 2");
  write_text(folder.dir.file("claim/claim.json"), claim);
  CHECK(folder.recoup({"verify", "claim"}).status == 1);
}
