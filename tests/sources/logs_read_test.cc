// Whole log files: plain and packed, good and bad, seen before and grown.
#include <algorithm>
#include <map>
#include <utility>

#include "sources/logs/format.h"
#include "sources/logs/formats/lines.h"
#include "sources/logs/read_log.h"
#include "support/catch.h"
#include "support/packed.h"
#include "support/temp_dir.h"

namespace {

using recoup::core::to_text;
using recoup::documents::Progress;
using recoup::record::sha256_hex;
using recoup::sources::Intake;
using recoup::sources::KnownFile;
using recoup::sources::Line;
using recoup::sources::LineReader;
using recoup::sources::LogContent;
using recoup::sources::read_log;
using recoup::test::kPackings;
using recoup::test::packed;
using recoup::test::TempDir;

std::string request(const std::string& time, int status, const std::string& line = "GET / HTTP/1.1",
                    const std::string& agent = "curl/8") {
  return "192.0.2.1 - - [03/Oct/2026:" + time + " +0000] \"" + line + "\" " +
         std::to_string(status) + " 12 \"-\" \"" + agent + "\"\n";
}

LogContent read(const std::string& path, const std::vector<KnownFile>& known = {},
                const std::string& format = "combined") {
  auto content = read_log(path, {format, known});
  INFO((content ? "" : content.error().message));
  REQUIRE(content.ok());
  return *std::move(content);
}

recoup::core::Error refused(const std::string& path, const std::string& format = "combined") {
  const auto content = read_log(path, {format});
  REQUIRE_FALSE(content.ok());
  return content.error();
}

std::vector<std::string> rows(const LogContent& content) {
  std::vector<std::string> rows;
  for (const recoup::core::Minute minute : content.counts.minutes()) {
    for (const auto& [outcome, count] : content.counts.of(minute)) {
      rows.push_back(to_text(recoup::core::Instant(minute)).substr(11, 5) + ' ' + to_text(outcome) +
                     ' ' + std::to_string(count));
    }
  }
  return rows;
}

using Rows = std::vector<std::string>;

// Collector keeps the lines that it is given, each in its place.
class Collector final : public LineReader {
 public:
  std::vector<std::string> lines;

 private:
  bool line(const Line& line, Intake& intake) override {
    lines.resize(line.number);
    lines.back() = line.text;
    return intake.record(line.text, {}, line.open);
  }
  std::string_view expected_of(std::string_view) const override { return {}; }
};

struct Collected {
  std::vector<std::string> lines;  // empty where a line was not given
  LogContent content;
};

// The lines of a text that is read in parts of that size.
Collected lines_of(std::string_view text, std::size_t part) {
  const std::vector<recoup::sources::RecordSpan> none;
  Intake intake("log", none, nullptr);
  Collector collector;
  for (; !text.empty(); text.remove_prefix(std::min(part, text.size()))) {
    REQUIRE(collector.take(text.substr(0, part), intake).ok());
  }
  REQUIRE(collector.finish(intake).ok());
  collector.lines.resize(intake.content().lines);
  return {collector.lines, std::move(intake.content())};
}

}  // namespace

TEST_CASE("requests are counted by minute and outcome, in whatever order they come") {
  const TempDir dir;
  const auto content = read(dir.write(
      "log", request("02:01:59", 200) + request("02:00:00", 200) + request("02:00:59", 503) +
                 request("02:01:00", 200) + request("02:00:30", 200)));
  CHECK(rows(content) == Rows{"02:00 200 2", "02:00 503 1", "02:01 200 2"});
  CHECK(content.requests == 5);
  CHECK(content.lines == 5);
  CHECK(content.malformed == 0);
}

TEST_CASE("our own requests are counted apart, as are empty and malformed lines") {
  const TempDir dir;
  const auto content = read(dir.write(
      "log", request("02:00:00", 200) + "\n" + request("02:00:01", 500, "GET /", "recoup/0.1.0") +
                 " \t\r\n" + "garbage from 192.0.2.77\n" + request("02:00:02", 200)));
  CHECK(rows(content) == Rows{"02:00 200 2", "02:00 unread 1"});
  CHECK(content.lines == 6);
  CHECK(content.requests == 2);
  CHECK(content.own == 1);
  CHECK(content.empty == 2);
  CHECK(content.malformed == 1);
  CHECK(content.failures.size() == 0);
  REQUIRE(content.examples.size() == 1);
  CHECK(content.examples[0].number == 5);
  CHECK(content.examples[0].text.find("garbage from ") == 0);
  CHECK(content.examples[0].text.find("192.0.2.77") == std::string::npos);
}

TEST_CASE("a status that is none means that the server gave no answer") {
  const TempDir dir;
  const auto content = read(dir.write("log", "a - - [03/Oct/2026:02:00:00 +0000] \"-\" 000 0\n"));
  CHECK(rows(content) == Rows{"02:00 other 1"});
  CHECK(content.requests == 1);
}

TEST_CASE("failures are kept with their line, method and path, redacted and without the query") {
  struct Row {
    std::string line;
    std::string detail;
  };
  const std::vector<Row> table{
      {"GET /a/b?token=hunter2 HTTP/1.1", "GET /a/b"},
      {"POST / HTTP/2.0", "POST /"},
      {"GET https://svc:hunter2pw@host/x HTTP/1.1", "GET https://****@host/x"},
      {"GET /keys/1234abcd-12ab-34cd-56ef-1234567890ab HTTP/1.1", "GET /keys/****"},
      {"GET /\xc3\xa4\x01 HTTP/1.1", "GET /\\xc3\\xa4\\x01"},
      {"-", "-"},
      {"", ""},
      {"\\x16\\x03?\\x01", "\\x16\\x03"},
      {"GET /" + std::string(300, 'a') + '/' + std::string(400, 'b'),
       "GET /" + std::string(300, 'a')},
  };
  const TempDir dir;
  std::string log = request("02:00:00", 499);
  for (const Row& row : table) log += request("02:00:07", 502, row.line);
  const auto content = read(dir.write("log", log));
  REQUIRE(content.malformed == 0);
  REQUIRE(content.failures.size() == table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    INFO(table[i].line);
    const auto evidence = content.failures.at(i, content.counts.outcomes());
    CHECK(evidence.detail == table[i].detail);
    CHECK(evidence.tie == i + 2);
    CHECK(to_text(evidence.at) == "2026-10-03T02:00:07Z");
    CHECK(to_text(evidence.outcome) == "502");
  }
}

TEST_CASE(
    "the same failure again and again, and ten thousand different ones, come back as they were") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 20000; ++i) {
    log += request(i < 10000 ? "02:00:00" : "02:05:00", 500,
                   i % 2 == 0 ? "GET /same" : "GET /p-" + std::to_string(i) + "-p");
  }
  const auto content = read(dir.write("log", log));
  REQUIRE(content.failures.size() == 20000);
  int wrong = 0;
  for (std::size_t i = 0; i < 20000; ++i) {
    const std::string expected = i % 2 == 0 ? "GET /same" : "GET /p-" + std::to_string(i) + "-p";
    if (content.failures.at(i, content.counts.outcomes()).detail != expected) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE(
    "a record is kept of what failed, and of what a contract may call an "
    "Error") {
  const TempDir dir;
  std::string log;
  for (const int status : {200, 404, 500, 404, 403, 200}) log += request("02:00:00", status);
  log += "a - - [03/Oct/2026:02:00:00 +0000] \"-\" 000 0\n";
  const std::string path = dir.write("log", log);
  const auto kept = [](const LogContent& content) {
    Rows texts;
    for (std::size_t i = 0; i < content.failures.size(); ++i) {
      texts.push_back(to_text(content.failures.at(i, content.counts.outcomes()).outcome));
    }
    return texts;
  };
  CHECK(kept(read(path)) == Rows{"500", "other"});
  std::vector<std::string> asked;
  recoup::sources::LogReading reading{"combined"};
  reading.worth = [&](const recoup::core::Outcome& outcome) {
    asked.push_back(to_text(outcome));
    return outcome == recoup::core::Outcome(recoup::core::Answered{404});
  };
  const auto content = read_log(path, reading);
  REQUIRE(content.ok());
  CHECK(kept(*content) == Rows{"404", "500", "404", "other"});
  // Once each, however many lines have it.
  CHECK(asked == Rows{"200", "404", "403"});
  CHECK(rows(*content) == rows(read(path)));
}

TEST_CASE("records that find no room are counted, and the others stay as they were") {
  recoup::core::OutcomeTable outcomes;
  const auto down = outcomes.answered(503);
  recoup::sources::Failures failures(10'000);
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    failures.add({recoup::core::Instant() + i * std::chrono::hours(1), i, down,
                  "GET /" + std::to_string(i), "id-1", "192.0.2.1", recoup::core::Millis(84)});
  }
  REQUIRE(failures.size() > 50);
  CHECK(failures.size() < 200);
  CHECK(failures.size() + failures.dropped() == 1000);
  const auto last = failures.at(failures.size() - 1, outcomes);
  CHECK(last.tie == failures.size());
  CHECK(last.detail == "GET /" + std::to_string(failures.size()));
  CHECK(last.request_id == "id-1");
  CHECK(last.peer == "192.0.2.1");
  CHECK(last.duration == recoup::core::Millis(84));
}

TEST_CASE("a flood of failures in one interval leaves room for the records of all others") {
  recoup::core::OutcomeTable outcomes;
  const auto down = outcomes.answered(503);
  recoup::sources::Failures failures(100'000);
  std::uint64_t place = 0;
  const auto fail = [&](int interval, int times) {
    for (int i = 0; i < times; ++i) {
      failures.add({recoup::core::Instant() + interval * recoup::sources::Failures::kInterval,
                    ++place, down, "GET /" + std::to_string(place), "id-" + std::to_string(place)});
    }
  };
  fail(0, 20'000);
  fail(1, 3);
  fail(2, 20'000);
  fail(3, 7);
  std::map<recoup::core::Instant, std::vector<std::uint64_t>> kept;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const auto one = failures.at(i, outcomes);
    CHECK(one.detail == "GET /" + std::to_string(one.tie));
    CHECK(one.request_id == "id-" + std::to_string(one.tie));
    kept[one.at].push_back(one.tie);
  }
  REQUIRE(kept.size() == 4);
  const auto of = [&](int interval) {
    return kept[recoup::core::Instant() + interval * recoup::sources::Failures::kInterval];
  };
  CHECK(of(1) == std::vector<std::uint64_t>{20'001, 20'002, 20'003});
  CHECK(of(3).size() == 7);
  CHECK(of(0).size() == failures.most_of_interval());
  CHECK(of(2).size() == failures.most_of_interval());
  CHECK(of(0).back() == failures.most_of_interval());  // the first that there were
  CHECK(failures.size() + failures.dropped() == 40'010);
}

TEST_CASE("a log comes in pieces that are together all of it") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 40'000; ++i) {
    log += request("02:" + std::to_string(10 + i / 8'000 * 10) + ":00", 500,
                   "GET /" + std::to_string(i));
  }
  const auto content = read(dir.write("log", log));
  recoup::sources::FileSource source({"kms", recoup::record::SeriesKind::file, "web", "d1"},
                                     content);
  std::size_t pieces = 0, records = 0, minutes = 0;
  for (bool more = true; more; ++pieces) {
    const auto piece = source.take(nullptr);
    REQUIRE(piece.ok());
    CHECK(piece->evidence.size() <= 20'000);
    records += piece->evidence.size();
    minutes += piece->minutes.size();
    more = piece->more;
  }
  CHECK(pieces == 3);
  CHECK(records == 40'000);
  CHECK(minutes == 5);
}

TEST_CASE(
    "only a newline ends a line, and the last line needs none, wherever "
    "parts end") {
  const std::size_t part = GENERATE(1, 2, 3, 1000);
  const auto lines = [&](std::string_view text) { return lines_of(text, part).lines; };
  CHECK(lines("") == Rows{});
  CHECK(lines("\n") == Rows{""});
  CHECK(lines("a\nb") == Rows{"a", "b"});
  CHECK(lines("d\r\n\r\ne\r") == Rows{"d", "", "e"});
  CHECK(lines("a\vb\fc\xe2\x80\xa8"
              "e\n\n") == Rows{"a\vb\fc\xe2\x80\xa8"
                               "e",
                               ""});
  CHECK(lines("\xef\xbb\xbf"
              "a\n\xef\xbb\xbf"
              "b") == Rows{"a",
                           "\xef\xbb\xbf"
                           "b"});
  CHECK(lines_of("a\nb", part).content.cut);
  CHECK_FALSE(lines_of("a\nb\n", part).content.cut);
}

TEST_CASE(
    "a line of 1 MiB is a line, and a longer one is malformed wherever "
    "its pieces fall") {
  const std::string fits(LineReader::kLongestLine, 'x');
  for (const std::size_t before : {std::size_t{0}, std::size_t{1}, (std::size_t{1} << 20) - 3}) {
    for (const std::size_t size : {LineReader::kLongestLine + 1, 5 * LineReader::kLongestLine}) {
      INFO(before << " bytes before a line of " << size);
      const auto [lines, content] = lines_of(
          std::string(before, 'a') + '\n' + std::string(size, 'y') + "\n" + fits + "\nlast",
          std::size_t{1} << 18);
      REQUIRE(lines.size() == 4);
      CHECK(lines[0].size() == before);
      CHECK(content.malformed == 1);
      CHECK(content.examples.at(0).number == 2);
      CHECK(lines[2] == fits);
      CHECK(lines[3] == "last");
    }
  }
  const TempDir dir;
  const auto content = read(dir.write("log", request("02:00:00", 200) + std::string(3 << 20, 'y')));
  CHECK(content.requests == 1);
  CHECK(content.malformed == 1);
  CHECK(content.examples.at(0).text.size() <= 200);
}

TEST_CASE("binary garbage is malformed lines and no requests") {
  const TempDir dir;
  std::string garbage;
  std::uint32_t state = 1;
  for (int i = 0; i < 300000; ++i) {
    state = state * 1664525 + 1013904223;
    garbage += static_cast<char>(state >> 24);
  }
  const auto content = read(dir.write("log", 'x' + garbage + std::string(5000, '\0')));
  CHECK(content.requests == 0);
  CHECK(content.malformed > 100);
  CHECK(content.malformed + content.empty == content.lines);
  REQUIRE(content.examples.size() == 20);
  for (const auto& example : content.examples) {
    CHECK(example.text.size() <= 200);
    CHECK(std::all_of(example.text.begin(), example.text.end(),
                      [](char c) { return c >= ' ' && c <= '~'; }));
  }
}

TEST_CASE("an empty file is a log without lines") {
  const TempDir dir;
  const auto content = read(dir.write("log", ""));
  CHECK(content.lines == 0);
  CHECK(content.bytes == 0);
  CHECK(content.digest == sha256_hex(""));
}

TEST_CASE("a packed log is known by what is in it, whatever it is called") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 50000; ++i) log += request("02:00:00", 200, "GET /" + std::to_string(i));
  const auto half = static_cast<std::size_t>(log.size() / 2);
  const auto is_the_log = [&](const std::string& path) {
    const auto content = read(path);
    CHECK(content.digest == sha256_hex(log));
    CHECK(content.bytes == log.size());
    CHECK(rows(content) == Rows{"02:00 200 50000"});
  };
  is_the_log(dir.write("log.gz", log));
  for (const std::string& how : kPackings) {
    INFO(how);
    is_the_log(dir.write("log.txt", packed(how, log)));
    is_the_log(dir.write(
        "log", packed(how, log.substr(0, half)) + packed(how, "") + packed(how, log.substr(half))));
  }
}

TEST_CASE("a packed log that ends too early is an error that says how far it could be read") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 50000; ++i) log += request("02:00:00", 200, "GET /" + std::to_string(i));
  for (const std::string& how : kPackings) {
    const std::string whole = packed(how, log);
    for (const std::size_t missing :
         {std::size_t{1}, std::size_t{8}, whole.size() / 2, whole.size() - 5}) {
      INFO(missing << " bytes of " << how << " are missing");
      const std::string path = dir.write("log", whole.substr(0, whole.size() - missing));
      const auto error = refused(path);
      CHECK(error.where == path);
      CHECK(error.message.find("expected the rest of the " + how +
                               " data, got the end of the file") == 0);
      CHECK(error.help == "copy the file again, or wait until it is written");
      CHECK((error.message.find(" lines and ") != std::string::npos) ==
            (missing < whole.size() - 5));
    }
  }
}

TEST_CASE("a bomb is refused at the limit, by a message that says what raises it") {
  const TempDir dir;
  const std::string nothing(8 << 20, '\0');
  for (const std::string& how : kPackings) {
    INFO(how);
    recoup::sources::LogReading reading{"combined"};
    reading.limit = {3 << 20, "--max-unpacked"};
    const std::string path = dir.write("bomb", packed(how, nothing));
    const auto content = read_log(path, reading);
    REQUIRE_FALSE(content.ok());
    CHECK(content.error().where == path);
    CHECK(content.error().message.find("expected at most 3,145,728 bytes in the " + how +
                                       " data, got more") == 0);
    CHECK(content.error().help ==
          "--max-unpacked allows more; or unpack it first, with " + how + " -d");
    reading.limit.most = 8 << 20;
    REQUIRE(read_log(path, reading).ok());
    // What is not packed is no bomb.
    reading.limit.most = 10;
    REQUIRE(read_log(dir.write("plain", nothing), reading).ok());
  }
}

TEST_CASE("a line of 100 MB, NUL bytes and invalid UTF-8 are malformed lines between requests") {
  const TempDir dir;
  const std::string good = request("02:00:00", 503);
  const auto content =
      read(dir.write("log", good + std::string(100'000'000, 'x') + '\n' + std::string(500, '\0') +
                                '\n' + good + "\xff\xfe\xc3(\n" +
                                request("02:00:01", 200, "GET /\xff\xc0\xaf HTTP/1.1") + good));
  CHECK(rows(content) == Rows{"02:00 503 3", "02:00 unread 3", "02:00 200 1"});
  CHECK(content.malformed == 3);
  CHECK(content.examples.at(0).number == 2);
  CHECK(content.examples.at(1).number == 3);
  CHECK(content.examples.at(2).number == 5);
}

TEST_CASE("a file that grows while it is read is the lines that were in it at the end") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 40'000; ++i) log += request("02:00:00", 200);
  const std::string path = dir.write("log", log);
  bool has_grown = false;
  recoup::sources::LogReading reading{"combined"};
  reading.progress = [&](const Progress&, const LogContent&) {
    if (std::exchange(has_grown, true)) return;
    dir.write("log", log + request("02:01:00", 503));
  };
  const auto content = read_log(path, reading);
  REQUIRE(content.ok());
  CHECK(rows(*content) == Rows{"02:00 200 40000", "02:01 503 1"});
  CHECK(content->digest == sha256_hex(log + request("02:01:00", 503)));
}

TEST_CASE("of a time that is asked for the others are passed over, and are no records") {
  const TempDir dir;
  const std::string log = request("02:00:59", 200) + request("02:01:00", 503) + "x\n" +
                          request("02:01:59", 200) + request("02:02:00", 503);
  recoup::sources::LogReading reading{"combined"};
  reading.only = {*recoup::core::parse_instant("2026-10-03T02:01:00Z"),
                  *recoup::core::parse_instant("2026-10-03T02:02:00Z")};
  const auto content = read_log(dir.write("log", log), reading);
  REQUIRE(content.ok());
  CHECK(rows(*content) == Rows{"02:01 503 1", "02:01 unread 1", "02:01 200 1"});
  CHECK(content->outside == 2);
  CHECK(content->malformed == 1);
  CHECK(content->records.prints().size() == 2);
  CHECK(to_text(content->first) == "2026-10-03T02:01:00Z");
  CHECK(to_text(content->last) == "2026-10-03T02:01:59Z");
  CHECK(content->failures.size() == 1);
}

TEST_CASE(
    "a line that cannot be read is of the time of the record before it, or of the first one") {
  const TempDir dir;
  const std::string log = "x\ny\n" + request("02:00:00", 200) + request("02:03:00", 503) + "z\n" +
                          request("02:01:00", 200) + request("02:04:00", 200);
  CHECK(rows(read(dir.write("log", log))) == Rows{"02:00 unread 2", "02:00 200 1", "02:01 200 1",
                                                  "02:03 503 1", "02:03 unread 1", "02:04 200 1"});
  // The last line may be half of one, and what was read before was counted then.
  CHECK(rows(read(dir.write("cut", request("02:00:00", 200) + "half"))) == Rows{"02:00 200 1"});
  const std::vector<recoup::sources::RecordSpan> before{{0, 2}};
  const auto rest = read_log(dir.write("log", log), {"combined", {}, before});
  REQUIRE(rest.ok());
  CHECK(rest->malformed == 3);
  CHECK(rows(*rest) == Rows{"02:01 200 1", "02:04 200 1"});
  // No record says when it was.
  CHECK(rows(read(dir.write("none", "x\ny\n"))).empty());
}

TEST_CASE("packed data that is damaged, or followed by something else, is an error") {
  const TempDir dir;
  for (const std::string& how : kPackings) {
    INFO(how);
    const std::string whole = packed(how, request("02:00:00", 200) + std::string(1000, 'x'));
    std::string damaged = whole;
    damaged[whole.size() / 2] ^= 1;
    // A length that is damaged may reach beyond the end.
    const auto error = refused(dir.write("a", damaged));
    CHECK(error.message.find("expected ") == 0);
    CHECK(error.message.find(how + " data, got ") != std::string::npos);
    CHECK(error.help.find("copy the file again") == 0);

    const std::string path = dir.write("b", whole + "a tail that is longer than a header");
    const auto behind = refused(path);
    CHECK(behind.message.find("expected " + how + " data, got bytes that are none (") == 0);
    CHECK(behind.where == path);
    CHECK(behind.help == "copy the file again; " + how + " -dc unpacks what is whole of it");
  }
}

TEST_CASE("what cannot be read says why") {
  const TempDir dir;
  CHECK(refused(dir.file("none")).message == "could not read the file: no such file or directory");
  CHECK(refused(dir.file("none")).where == dir.file("none"));
  CHECK(refused(dir.path()).message == "could not read the file: is a directory");
  const auto error = refused(dir.write("log", ""), "combimed");
  CHECK(error.message == "expected a log format, got 'combimed'");
  CHECK(error.help == "the formats are " + recoup::sources::format_names() + " and auto");
}

TEST_CASE("a file that is known, or a longer copy of one, is recognised") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 30000; ++i) log += request("02:00:00", 200, "GET /" + std::to_string(i));
  const auto prefix = [&](std::size_t size) {
    return KnownFile{sha256_hex(std::string_view(log).substr(0, size)), size};
  };
  const KnownFile unrelated{sha256_hex("unrelated"), 1000};
  const KnownFile small = prefix(1000);
  const KnownFile large = prefix(log.size() - 1);
  const KnownFile whole = prefix(log.size());
  const KnownFile longer{sha256_hex(log + "x"), log.size() + 1};
  const std::string plain = dir.write("log", log);
  const std::string zipped = dir.write("log.gz", packed("gzip", log));
  for (const std::string& path : {plain, zipped}) {
    INFO(path);
    CHECK(read(path, {unrelated, longer}).replaces.empty());
    CHECK(read(path, {small, unrelated}).replaces == small.digest);
    CHECK(read(path, {small, large, unrelated}).replaces == large.digest);
    CHECK(read(path, {large, prefix(0), small}).replaces == large.digest);
    CHECK_FALSE(read(path, {small, large, longer}).known);
    const auto again = read(path, {small, whole});
    CHECK(again.known);
    CHECK(again.digest == whole.digest);
  }
  CHECK(read(dir.write("empty", ""), {{sha256_hex(""), 0}}).known);
}

TEST_CASE("progress goes up to the size of the file") {
  const TempDir dir;
  std::string log;
  for (int i = 0; i < 40000; ++i) log += request("02:00:00", 200);
  const std::string path = dir.write("log", log);
  std::vector<std::uint64_t> steps;
  recoup::sources::LogReading reading{"combined"};
  reading.progress = [&](const Progress& progress, const LogContent&) {
    CHECK(progress.size == log.size());
    steps.push_back(progress.read);
  };
  REQUIRE(read_log(path, reading).ok());
  CHECK(std::is_sorted(steps.begin(), steps.end()));
  CHECK(steps.size() > 3);
  CHECK(steps.back() == log.size());
}

TEST_CASE("counts of another engine add up, and its header is no malformed line") {
  const TempDir dir;
  const auto content = read(
      dir.write("counts.csv",
                "minute,outcome,count\r\n2026-10-03T02:01Z,200,40\r\n2026-10-03T02:00Z,200,2\r\n"
                "2026-10-03T02:01Z,200,2\r\n2026-10-03T02:01Z,503/"
                "SlowDown,1\r\n\r\nminute,outcome,count\r\n"
                "2026-10-03T02:01Z,timeout,3"),
      {}, "counts");
  CHECK(rows(content) == Rows{"02:00 200 2", "02:01 200 42", "02:01 503/SlowDown 1",
                              "02:01 unread 1", "02:01 timeout 3"});
  CHECK(content.lines == 8);
  CHECK(content.requests == 48);
  CHECK(content.empty == 1);
  CHECK(content.malformed == 1);
  CHECK(content.failures.size() == 0);
}
