#include "core/text.h"

#include "support/catch.h"

using namespace recoup;

TEST_CASE("only the letters A to Z have a lower case") {
  CHECK(core::lower_case("Content-TYPE [É]") == "content-type [É]");
  CHECK(core::equal_but_for_case("ETag", "etAG"));
  CHECK_FALSE(core::equal_but_for_case("ETag", "ETags"));
  CHECK_FALSE(core::equal_but_for_case("[", "{"));
}

TEST_CASE("blanks around a text are cut off, and those inside stay") {
  CHECK(core::trimmed(" \t a b\r\n") == "a b");
  CHECK(core::trimmed(" \r\n").empty());
  CHECK(core::trimmed("").empty());
}

TEST_CASE("a list is read as a sentence says it") {
  CHECK(core::listed({}) == "");
  CHECK(core::listed({"a"}) == "a");
  CHECK(core::listed({"a", "b"}) == "a and b");
  CHECK(core::listed({"a", "b", "c"}, "or") == "a, b or c");
}

TEST_CASE("thousands stand in groups before the point alone") {
  CHECK(core::grouped(std::uint64_t{0}) == "0");
  CHECK(core::grouped(std::uint64_t{999}) == "999");
  CHECK(core::grouped(std::uint64_t{1000}) == "1,000");
  CHECK(core::grouped("-1234567.8901") == "-1,234,567.8901");
  CHECK(core::grouped("-123.4") == "-123.4");
  CHECK(core::counted(1, "minute") == "1 minute");
  CHECK(core::counted(2000, "minute") == "2,000 minutes");
}

TEST_CASE("a percentage is cut, never rounded") {
  const core::Ratio two_thirds(2, 3);
  CHECK(core::percent_text(two_thirds) == "66.666666666666");
  CHECK(core::percent_text(core::Ratio(1, 1)) == "100.000000000000");
  CHECK(core::short_percent(core::Ratio(99999, 100000)) == "99.999");
  CHECK(core::short_percent(core::Ratio(1, 10)) == "10");
}
