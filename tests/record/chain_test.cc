#include "record/chain.h"

#include "record/hex.h"
#include "support/catch.h"

using namespace recoup::core;
using namespace recoup::record;
using namespace std::chrono_literals;

namespace {

const Instant kAt = *parse_instant("2026-10-01T00:00:00Z");

const Evidence kFirst{kAt, 0, Answered{503, "SlowDown"}, "req-0", 84ms, "192.0.2.7:443", "GET /"};
const Evidence kSecond{kAt + 1s, 1, Failed{NoAnswer::timeout}, "", 0ms, "", "GET /\xc3\xa4"};

std::string chained(const std::vector<Evidence>& records) {
  std::string link = first_link("kms", "probe", "generate", "berlin");
  Linker linker;
  for (const Evidence& one : records) linker.advance(link, one);
  return to_hex(link);
}

}  // namespace

// The expected links were computed with Python's hashlib over the lines that the headers describe.
TEST_CASE("a chain's links are the SHA-256 of the link before and the record's line") {
  CHECK(chained({}) == "0c205b6c7938d8d2441d8a1ae7359c9199435ddcfd4c521df1b0e36ae7bd8b49");
  CHECK(chained({kFirst}) == "16e44d2001a296c83f9552b40b71bfa6e8f7df5e20cdb794280f8a5118cee731");
  CHECK(chained({kFirst, kSecond}) ==
        "6b59ced3319ce075d4dc23341cee056a64f38c0da12b8776c2130dc881ab532a");
}

TEST_CASE("no field of a record can change without changing its link") {
  const auto changed = [](auto change) {
    Evidence one = kFirst;
    change(one);
    return chained({one});
  };
  const std::vector<std::string> links{
      chained({kFirst}), changed([](Evidence& e) { e.at += 1ms; }),
      changed([](Evidence& e) { e.tie = 1; }), changed([](Evidence& e) {
        e.outcome = Answered{503, "SlowDown", true};
      }),
      changed([](Evidence& e) { e.request_id = "req-1"; }),
      changed([](Evidence& e) { e.duration = 85ms; }),
      changed([](Evidence& e) { e.peer = "192.0.2.8:443"; }),
      changed([](Evidence& e) { e.detail = "GET /x"; }),
      // What moves from one field to the next changes it too.
      changed([](Evidence& e) { std::swap(e.peer, e.detail); }), changed([](Evidence& e) {
        e.request_id = "req-0 13:192.0.2.7:443";
        e.peer = "";
      })};
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      INFO(i << " and " << k);
      CHECK(links[i] != links[k]);
    }
  }
}

TEST_CASE("every series begins its chain with a link of its own") {
  const std::string link = first_link("kms", "probe", "generate", "berlin");
  CHECK(link.size() == 32);
  CHECK(link != first_link("kms", "log", "generate", "berlin"));
  CHECK(link != first_link("s3", "probe", "generate", "berlin"));
  CHECK(first_link("a", "probe", "b c", "d") != first_link("a", "probe", "b", "c d"));
}

TEST_CASE("bytes come back from their hexadecimal digits, and nothing from other text") {
  const std::string bytes("\x00\x7f\xff\n", 4);
  CHECK(to_hex(bytes) == "007fff0a");
  CHECK(from_hex("007fff0a") == bytes);
  CHECK(from_hex("") == "");
  for (const char* text : {"0", "0g", "0A", " 00", "0x00"}) CHECK_FALSE(from_hex(text).has_value());
}
