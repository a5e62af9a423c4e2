// What is read faster line after line, beside the plain way of it: both come to the same of
// whatever there is.
#include <algorithm>
#include <map>
#include <random>

#include "record/digest.h"
#include "sources/logs/content_digest.h"
#include "sources/logs/formats/combined.h"
#include "sources/logs/formats/marks.h"
#include "sources/logs/formats/text.h"
#include "sources/logs/log_counts.h"
#include "support/catch.h"

using namespace recoup;
using namespace recoup::sources;

namespace {

std::size_t below(std::mt19937& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

// A line of an access log, of which a byte or two are often something else.
std::string some_line(std::mt19937& random) {
  const char* const users[] = {"- -", "- anna", "id -", "-  -", "a b c"};
  std::string line = fmt::format(
      R"(192.0.2.{} {} [03/Oct/2026:10:{:02}:0{} +0{}00] "GET /{}" {} {} "-" "{}")",
      below(random, 256), users[below(random, 5)], below(random, 61), below(random, 2),
      below(random, 3), std::string_view(R"(a\"b\\"c)").substr(below(random, 8)),
      200 + below(random, 400), below(random, 99), below(random, 2) == 0 ? "recoup/1" : "curl/8");
  for (std::size_t changes = below(random, 3); changes > 0; --changes) {
    const char bytes[] = {'[', ']', '"', '\\', ' ', '0', '9', '-', 'x', '\t', '\0', '\xa0'};
    line[below(random, line.size())] = bytes[below(random, sizeof bytes)];
  }
  return line;
}

// Lines as servers write them, some of which are as some_line() is, with all kinds of ends.
std::string some_log(std::mt19937& random) {
  std::string log;
  std::string again;
  for (std::size_t lines = 1 + below(random, 300); lines > 0; --lines) {
    if (again.empty() || below(random, 3) == 0) again = some_line(random);
    std::string line = fmt::format(
        R"(198.51.100.{} - - [03/Oct/2026:10:00:0{} +0000] "GET /{} HTTP/1.1" {} {} "https://{}/" "{}")",
        below(random, 256), lines / 40 % 10, std::string(below(random, 90), 'a'),
        below(random, 30) == 0 ? 503 : 200, below(random, 99'999),
        below(random, 9) == 0 ? "[::1]" : "shop.example",
        below(random, 20) == 0 ? "recoup/1" : R"(curl/8 "x" "y")");
    if (below(random, 8) == 0) line = again;
    if (below(random, 60) == 0) line = std::string(below(random, 3), ' ');
    if (below(random, 200) == 0) line += std::string(700, '"');
    const char* const ends[] = {"\n", "\n", "\n", "\r\n", "\r\r\n", " \n"};
    log += line + ends[below(random, below(random, 6) + 1)];
  }
  if (below(random, 3) == 0) log.pop_back();
  return log;
}

// What the reader makes of the log, given in pieces.
LogContent read_in_pieces(Reader& reader, const std::string& log,
                          const std::vector<std::size_t>& ends,
                          const std::vector<RecordSpan>& left_out) {
  Intake intake("log", left_out, nullptr);
  ContentDigest digest({});
  intake.digest(digest);
  std::size_t at = 0;
  for (const std::size_t end : ends) {
    const std::string piece = log.substr(at, end - at);
    digest.lay_out(piece);
    REQUIRE(reader.take(piece, intake).ok());
    digest.take_left();
    at = end;
  }
  REQUIRE(reader.finish(intake).ok());
  CHECK(digest.hex() == record::sha256_hex(log));
  return std::move(intake.content());
}

}  // namespace

TEST_CASE("bytes are marked where they stand, whatever stands around them") {
  if (!Marks::are_quick()) return;  // this processor has not the instructions
  std::mt19937 random(5);
  const auto marks = std::make_unique<Marks>();
  for (int round = 0; round < 300; ++round) {
    std::string text(below(random, 20'000), '\0');
    const std::size_t rare = 1 + below(random, 60);
    const std::string_view often = "\n\"[\\\r\x8a\x0b";
    for (char& c : text) {
      const bool is_often = below(random, rare) == 0;
      c = is_often ? often[below(random, often.size())] : static_cast<char>(below(random, 256));
    }
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (std::string_view("\n\"[\\\r").find(text[i]) != std::string_view::npos) {
        expected.push_back(i);
      }
    }
    std::vector<std::uint32_t> got;
    std::size_t turns = 0;
    marks->lay_out(text);
    for (marks->fill([&] { ++turns; }); marks->size() > 0; marks->fill([&] { ++turns; })) {
      const std::size_t take = 1 + below(random, marks->size());
      got.insert(got.end(), marks->begin(), marks->begin() + take);
      marks->pass(marks->begin() + take);
    }
    REQUIRE(got == expected);
    CHECK(turns == (text.size() + 255) / 256);
  }
}

TEST_CASE("a log that is read by its marks is the one that is read line by line") {
  std::mt19937 random(20261128);
  std::uint64_t requests = 0;
  std::uint64_t malformed = 0;
  for (int round = 0; round < 400; ++round) {
    const std::string log = some_log(random);
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < log.size(); ends.push_back(at)) {
      at += 1 + below(random, below(random, 4) == 0 ? 500 : log.size());
      at = std::min(at, log.size());
    }
    std::vector<RecordSpan> left_out;
    if (below(random, 4) == 0) left_out.push_back({below(random, 20), 20 + below(random, 99)});
    const auto quick = combined_reader(0, true);
    const auto plain = combined_reader(0, false);
    const LogContent by_marks = read_in_pieces(*quick, log, ends, left_out);
    const LogContent by_line = read_in_pieces(*plain, log, ends, left_out);
    INFO(log);
    REQUIRE(by_marks.lines == by_line.lines);
    REQUIRE(by_marks.empty == by_line.empty);
    REQUIRE(by_marks.requests == by_line.requests);
    REQUIRE(by_marks.malformed == by_line.malformed);
    REQUIRE(by_marks.own == by_line.own);
    REQUIRE(by_marks.read_before == by_line.read_before);
    REQUIRE(by_marks.cut == by_line.cut);
    REQUIRE(by_marks.first == by_line.first);
    REQUIRE(by_marks.last == by_line.last);
    REQUIRE(by_marks.nearby.minute == by_line.nearby.minute);
    REQUIRE(by_marks.nearby.counts == by_line.nearby.counts);
    REQUIRE(by_marks.nearby.unread == by_line.nearby.unread);
    REQUIRE(by_marks.records.prints() == by_line.records.prints());
    REQUIRE(by_marks.records.identity() == by_line.records.identity());
    REQUIRE(by_marks.counts.minutes() == by_line.counts.minutes());
    for (const core::Minute minute : by_line.counts.minutes()) {
      REQUIRE(by_marks.counts.of(minute) == by_line.counts.of(minute));
    }
    REQUIRE(by_marks.failures.size() == by_line.failures.size());
    for (std::size_t i = 0; i < by_line.failures.size(); ++i) {
      const auto one = by_marks.failures.at(i, by_marks.counts.outcomes());
      const auto other = by_line.failures.at(i, by_line.counts.outcomes());
      REQUIRE(one.tie == other.tie);
      REQUIRE(one.at == other.at);
      REQUIRE(one.detail == other.detail);
    }
    requests += by_line.requests;
    malformed += by_line.malformed;
  }
  CHECK(requests > 30'000);
  CHECK(malformed > 1'000);
}

TEST_CASE("the hashes of four texts at once are those of each") {
  std::mt19937 random(4);
  for (int round = 0; round < 2'000; ++round) {
    std::array<std::string, 4> texts;
    for (std::string& text : texts) {
      text.resize(below(random, below(random, 2) == 0 ? 40 : 400));
      for (char& c : text) c = static_cast<char>(below(random, 256));
    }
    const auto hashes = text_hashes({texts[0], texts[1], texts[2], texts[3]});
    for (std::size_t i = 0; i < texts.size(); ++i) REQUIRE(hashes[i] == text_hash(texts[i]));
  }
}

TEST_CASE("a line is read the same whatever line was read before it") {
  std::mt19937 random(20261003);
  ClfTimes times;
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = some_line(random);
    const auto alone = parse_combined(line);
    const auto after = parse_combined(line, times);
    INFO(line);
    REQUIRE(alone.has_value() == after.has_value());
    if (!alone) continue;
    ++read;
    REQUIRE(alone->at == after->at);
    REQUIRE(alone->status == after->status);
    REQUIRE(alone->is_own == after->is_own);
    REQUIRE(alone->request == after->request);
    REQUIRE(alone->before == after->before);
    REQUIRE(alone->rest == after->rest);
  }
  CHECK(read > 5'000);
  CHECK(read < 19'000);
}

TEST_CASE("a word ends at the first white space, wherever that stands") {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(below(random, 70), '\0');
    const bool dense = below(random, 4) == 0;
    for (char& c : text) {
      c = dense || below(random, 40) == 0 ? static_cast<char>(below(random, 256)) : 'x';
    }
    const char* const end = text.data() + text.size();
    const char* const begin = text.data();
    REQUIRE(find_space(begin, end) == std::find_if(begin, end, is_space));
  }
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string(20, 'x') + static_cast<char>(c) + std::string(20, 'x');
    const char* const end = text.data() + text.size();
    INFO(c);
    CHECK((find_space(text.data(), end) == text.data() + 20) == is_space(static_cast<char>(c)));
  }
}

TEST_CASE(
    "a digest in turns with a reader is that of the bytes, and so is that of what begins them") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string content(1 + below(random, 5'000), '\0');
    for (char& c : content) c = static_cast<char>(below(random, 256));
    const std::size_t known = below(random, content.size());
    const std::string begin = record::sha256_hex(content.substr(0, known));
    ContentDigest digest({{begin, known}});
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t size = 1 + below(random, content.size() - at);
      const std::string_view part = std::string_view(content).substr(at, size);
      digest.lay_out(part);
      for (std::size_t reached = 0; reached < size; reached += below(random, 700)) {
        digest.reach(part.data() + reached);
      }
      digest.take_left();
      at += size;
    }
    REQUIRE(digest.bytes() == content.size());
    REQUIRE(digest.hex() == record::sha256_hex(content));
    if (known > 0) REQUIRE(digest.prefix() == begin);
  }
}

TEST_CASE("requests add up by minute and outcome in whatever order they come") {
  std::mt19937 random(3);
  LogCounts counts;
  std::map<core::Minute, std::map<int, std::uint64_t>> expected;
  std::map<int, std::uint64_t> totals;
  for (int i = 0; i < 5'000; ++i) {
    const core::Minute minute(std::chrono::minutes(below(random, 4)));
    const int status = 200 + static_cast<int>(below(random, 3));
    const std::uint64_t by = 1 + below(random, 5);
    counts.add(minute, counts.outcomes().answered(status), by);
    expected[minute][status] += by;
    totals[status] += by;
  }
  REQUIRE(counts.minutes().size() == expected.size());
  for (const auto& [minute, by_status] : expected) {
    std::map<int, std::uint64_t> got;
    for (const core::OutcomeCount& one : counts.of(minute)) {
      got[std::get<core::Answered>(one.outcome).status] += one.count;
    }
    CHECK(got == by_status);
  }
  for (const auto& [status, total] : totals) {
    CHECK(counts.total(counts.outcomes().answered(status)) == total);
  }
}
