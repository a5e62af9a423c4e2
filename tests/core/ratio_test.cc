#include "core/ratio.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.h"

using recoup::core::Ratio;
using recoup::core::Rounding;

TEST_CASE("a ratio is kept in lowest terms") {
  const Ratio half(-2, 4);
  CHECK(half.numerator() == "-1");
  CHECK(half.denominator() == "2");
}

TEST_CASE("a decimal is read exactly") {
  CHECK(*Ratio::parse("99.999") == Ratio(99999, 1000));
  CHECK(*Ratio::parse("-0.5") == Ratio(-1, 2));
  CHECK(*Ratio::parse("1.5E-7") == Ratio(15, 100000000));
  CHECK(*Ratio::parse("2e3") == Ratio(2000, 1));
  CHECK(*Ratio::parse("7") == Ratio(7, 1));
}

TEST_CASE("what is not a plain decimal is refused") {
  for (const char* text : {"", "-", ".", "1.", ".5", "1,000.00", "1e", "e5", "0x10", "1.2.3", "NaN",
                           "+1", "1 ", "1e99999999999", "99.999%"}) {
    INFO(text);
    CHECK_FALSE(Ratio::parse(text).ok());
  }
}

TEST_CASE("an exponent is taken up to 400, and what no number can hold is refused") {
  CHECK(Ratio::parse("1e400").ok());
  CHECK(*Ratio::parse("1e400") * *Ratio::parse("1e-400") == Ratio(1, 1));
  CHECK(Ratio::parse("0." + std::string(400, '0')).ok());
  for (const std::string& text : std::vector<std::string>{
           "1e401", "1e-401", "1e9223372036854775807", "1e-9223372036854775807",
           "1e-9223372036854775808", "1e-9223372036854775809", "0." + std::string(401, '0')}) {
    INFO(text);
    CHECK_FALSE(Ratio::parse(text).ok());
  }
}

TEST_CASE("a shown decimal is cut, never rounded up") {
  CHECK(Ratio(2, 3).to_decimal(4, Rounding::cut) == "0.6666");
  CHECK(Ratio(-2, 3).to_decimal(4, Rounding::cut) == "-0.6666");
  CHECK(Ratio(1, 1).to_decimal(3, Rounding::cut) == "1.000");
  CHECK(Ratio(1, 2000).to_decimal(3, Rounding::cut) == "0.000");
}

TEST_CASE("half even rounds ties to the even digit, on both sides of zero") {
  CHECK(Ratio(5, 1000).to_decimal(2, Rounding::half_even) == "0.00");
  CHECK(Ratio(15, 1000).to_decimal(2, Rounding::half_even) == "0.02");
  CHECK(Ratio(-15, 1000).to_decimal(2, Rounding::half_even) == "-0.02");
  CHECK(Ratio(16, 1000).to_decimal(2, Rounding::half_even) == "0.02");
}

TEST_CASE("half even rounds what is above a half away from zero, and what is below towards it") {
  CHECK(Ratio(-16, 1000).to_decimal(2, Rounding::half_even) == "-0.02");
  CHECK(Ratio(-14, 1000).to_decimal(2, Rounding::half_even) == "-0.01");
  CHECK(Ratio(-5, 1000).to_decimal(2, Rounding::half_even) == "0.00");
  CHECK(Ratio(-25, 1000).to_decimal(2, Rounding::half_even) == "-0.02");
  CHECK(Ratio(-35, 1000).to_decimal(2, Rounding::half_even) == "-0.04");
  CHECK(Ratio(-995, 1000).to_decimal(2, Rounding::half_even) == "-1.00");
  CHECK(Ratio(995, 1000).to_decimal(2, Rounding::half_even) == "1.00");
  CHECK(Ratio(-3, 2).to_decimal(0, Rounding::half_even) == "-2");
}

TEST_CASE("the shortest decimal holds the value") {
  CHECK(Ratio(99999, 1000).to_shortest(12) == "99.999");
  CHECK(Ratio(10, 1).to_shortest(12) == "10");
  CHECK(Ratio(1, 3).to_shortest(3) == "0.333");
}

TEST_CASE("a fraction survives being printed and read") {
  const Ratio uptime(63809061231703, 63820311488640);
  CHECK(*Ratio::parse_fraction(uptime.numerator(), uptime.denominator()) == uptime);
  CHECK_FALSE(Ratio::parse_fraction("1", "0").ok());
  CHECK_FALSE(Ratio::parse_fraction("1", "-2").ok());
  CHECK_FALSE(Ratio::parse_fraction("", "2").ok());
}

TEST_CASE("a month of 8,928 intervals at exactly 99.9 % is exactly 99.9 %") {
  Ratio sum;
  for (int i = 0; i < 8928; ++i) sum += Ratio(999, 1000);
  CHECK(sum / Ratio::whole(8928) == *Ratio::parse("0.999"));
}

TEST_CASE("the metric is the nearest double") {
  CHECK(Ratio(1, 10).to_double() == 0.1);
  CHECK(Ratio(99999, 100000).to_double() == 0.99999);
  CHECK(Ratio(-1, 10).to_double() == -0.1);
  CHECK(Ratio(0, 1).to_double() == 0.0);
}

TEST_CASE("what the program takes for granted is looked at in every build") {
  CHECK_THROWS_WITH(Ratio(1, 0),
                    "a mistake in recoup: 'denominator != 0' does not hold in Ratio(); please "
                    "report it");
  CHECK_THROWS_AS(Ratio(1, 2) / Ratio(), std::logic_error);
}
