// What is read faster line after line, beside the plain way of it: both come to the same of
// whatever there is.
#include <algorithm>
#include <map>
#include <random>

#include "record/digest.h"
#include "sources/logs/content_digest.h"
#include "sources/logs/formats/combined.h"
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

}  // namespace

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
