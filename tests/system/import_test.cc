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
  const auto end = std::min(import.out.find("  web 2026-10: "), import.out.find("taken back "));
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
  CHECK_HAS(refused({"--field", "when=ts"}),
            "--field: expected a field and its key like time=ts, got 'when=ts'; the fields are ");
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
