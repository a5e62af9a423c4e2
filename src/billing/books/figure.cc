#include "billing/books/figure.h"
#include "core/text.h"

namespace recoup::billing {
namespace {

using core::Ratio;

constexpr int kMostPlaces = 8;

}  // namespace

std::string plain(const Ratio& number) { return number.to_shortest(kMostPlaces); }

std::string figure(const Ratio& number) {
  const std::string text = plain(number);
  if (*Ratio::parse(text) == number) return core::grouped(text);
  return "about " + core::grouped(number.to_decimal(2, core::Rounding::half_even));
}

std::string plural(const std::string& unit) {
  const bool word = !unit.empty() && unit.back() >= 'a' && unit.back() <= 'z';
  return word ? unit + "s" : unit;
}

Ratio rounded_up(const Ratio& number) {
  const Ratio whole = *Ratio::parse(number.to_decimal(0, core::Rounding::cut));
  return whole < number ? whole + Ratio::whole(1) : whole;
}

}  // namespace recoup::billing
