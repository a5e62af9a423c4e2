// How a day of counts stands as bytes: small, in one form, and nothing else is taken for one.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ledger/tables/folded_day.h"
#include "record/digest.h"
#include "record/hex.h"
#include "support/catch.h"

namespace {

using recoup::ledger::DayCount;
using recoup::ledger::fold_day;
using recoup::ledger::kMinutesOfDay;
using recoup::ledger::unfold_day;
using Day = std::vector<DayCount>;

// A day of one outcome that has `counts` again and again from minute `begin` on.
Day repeated(const std::vector<std::uint64_t>& counts, int begin = 0, int end = kMinutesOfDay) {
  Day day;
  for (int minute = begin; minute < end; ++minute) {
    const std::uint64_t count = counts[static_cast<std::size_t>(minute - begin) % counts.size()];
    if (count > 0) day.push_back({1, minute, count});
  }
  return day;
}

void check_same(const Day& day) {
  const auto unfolded = unfold_day(fold_day(day));
  INFO((unfolded ? "" : unfolded.error().message));
  REQUIRE(unfolded.ok());
  CHECK(*unfolded == day);
}

// The bytes with the digest that belongs to them.
std::string closed(std::string bytes) {
  const std::string hex = recoup::record::sha256_hex(bytes);
  for (std::size_t i = 0; i < 4; ++i) {
    bytes += static_cast<char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  return bytes;
}

std::string refusal(const std::string& bytes) {
  const auto unfolded = unfold_day(bytes);
  return unfolded ? "" : unfolded.error().message;
}

TEST_CASE("a day of counts is folded to few bytes and comes back as it was") {
  // Every 10 s, 7 s, 90 s, 5 min and hour, from the begin of the day or later.
  CHECK(fold_day(repeated({6})).size() == 12);
  CHECK(fold_day(repeated({9, 9, 8, 9, 8, 9, 8})).size() == 18);
  CHECK(fold_day(repeated({1, 1, 0})).size() <= 15);
  CHECK(fold_day(repeated({1, 0, 0, 0, 0}, 3)).size() <= 17);
  std::vector<std::uint64_t> hourly(60);
  hourly[0] = 1;
  CHECK(fold_day(repeated(hourly, 17)).size() <= 72);
  for (const Day& day :
       {Day{}, repeated({6}), repeated({9, 9, 8, 9, 8, 9, 8}), repeated({1, 0, 0, 0, 0}, 3),
        repeated(hourly, 17), repeated({1}, 1439), repeated({UINT64_MAX >> 1}, 700, 701)}) {
    check_same(day);
  }
}

TEST_CASE("a day with failures in it stays small") {
  Day day = repeated({6});
  for (const int minute : {3, 4, 5, 700, 1439}) {
    day[static_cast<std::size_t>(minute)].count = 2;
    day.push_back({7, minute, 4});
  }
  check_same(day);
  CHECK(fold_day(day).size() <= 60);
}

TEST_CASE("any day comes back as it was folded") {
  std::mt19937_64 random(20261003);
  const auto below = [&](std::uint64_t end) { return random() % end; };
  for (int round = 0; round < 300; ++round) {
    Day day;
    std::int64_t outcome = 0;
    for (std::uint64_t outcomes = below(4); outcomes > 0; --outcomes) {
      outcome += 1 + static_cast<std::int64_t>(below(300));
      const std::uint64_t sparse = 1 + below(9), most = 1 + (below(2) == 0 ? 1 : below(1'000'000));
      const std::uint64_t period = 1 + below(70);
      std::vector<std::uint64_t> counts(period);
      for (auto& count : counts) count = below(sparse) == 0 ? 1 + below(most) : 0;
      for (int minute = 0; minute < kMinutesOfDay; ++minute) {
        std::uint64_t count = counts[static_cast<std::size_t>(minute) % period];
        if (below(200) == 0) count = below(3);
        if (count > 0) day.push_back({outcome, minute, count});
      }
    }
    check_same(day);
  }
}

TEST_CASE("each byte that is another one is refused and said") {
  Day day = repeated({6});
  day[10].count = 3;
  day.push_back({4, 10, 3});
  const std::string bytes = fold_day(day);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = bytes;
      other[i] = static_cast<char>(other[i] ^ (1 << bit));
      CHECK(refusal(other).starts_with("byte "));
    }
    CHECK(refusal(bytes.substr(0, i)).starts_with("byte "));
  }
  CHECK(refusal(bytes + '\0') != "");
}

TEST_CASE("bytes with a digest of their own are refused where they are no day") {
  using namespace std::string_literals;
  // Version, outcome, stretches, then each: minutes before it, length - 1, period - 1, counts.
  CHECK(refusal(closed("\x01\x01\x01\x05\x00\x00\x06"s)) == "");
  CHECK(refusal("") == "byte 0: expected version 1");
  CHECK(refusal(closed("\x02"s)) == "byte 0: expected version 1");
  CHECK(refusal("\x01"s) == "byte 1: expected four bytes of a digest");
  CHECK(refusal("\x01____"s) == "byte 1: expected the digest of what stands before it");
  CHECK(refusal(closed("\x01\x00\x01\x05\x00\x00\x06"s)) ==
        "byte 1: expected an outcome's step of 1 to 9223372036854775807");
  CHECK(refusal(closed("\x01\x01\x00"s)) == "byte 2: expected a number of stretches of 1 to 1440");
  CHECK(refusal(closed("\x01\x01\x01"s)) ==
        "byte 3: expected minutes without a count of 0 to 1439");
  // In more bytes than it needs, behind the day, and a count that does not end.
  CHECK(
      refusal(closed("\x01\x81\x00\x01\x05\x00\x00\x06"s)).starts_with("byte 1: expected an out"));
  CHECK(refusal(closed("\x01\x01\x01\x9f\x0b\x01\x00\x06"s)) ==
        "byte 5: expected a stretch's length - 1 of 0 to 0");
  CHECK(refusal(closed("\x01\x01\x01\x05\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s))
            .starts_with("byte 6: expected a count"));
  CHECK(refusal(closed("\x01\x01\x02\x9f\x0b\x00\x00\x06\x00\x00\x00\x06"s)) ==
        "byte 8: expected no stretch behind the end of the day");
  // The same minutes in another form.
  CHECK(refusal(closed("\x01\x01\x01\x05\x01\x01\x06\x00"s)) ==
        "byte 8: expected what these minutes are folded to");
  CHECK(refusal(closed("\x01\x01\x02\x05\x00\x00\x06\x00\x00\x00\x06"s)) ==
        "byte 11: expected what these minutes are folded to");
  // An outcome after the last that there can be.
  CHECK(refusal(closed("\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00\x00\x00\x01\x01"s)) ==
        "byte 15: expected an outcome's step of 1 to 0");
}

}  // namespace
