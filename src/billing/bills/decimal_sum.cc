#include "billing/bills/decimal_sum.h"

#include <cassert>
#include <string>

namespace recoup::billing {
namespace {

constexpr int kMostDigits = 18;    // that surely fit into 64 bits
constexpr int kMostExponent = 99;  // beyond it, Ratio decides

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Short is a decimal of few digits: number / 10^digits.
struct Short {
  std::int64_t number = 0;
  int digits = 0;
  bool valid = false;  // false: no number, or not a short one
};

// The exponent, digits after an optional sign; false where it is none or a large one.
bool read_exponent(std::string_view text, int& exponent) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_digit(c) || exponent > kMostExponent) return false;
    exponent = 10 * exponent + (c - '0');
  }
  if (negative) exponent = -exponent;
  return true;
}

Short read_short(std::string_view text) {
  Short out;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int count = 0;
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (++count > kMostDigits) return out;
    out.number = 10 * out.number + (text[i] - '0');
  }
  if (i == 0) return out;
  if (i < text.size() && text[i] == '.') {
    const std::size_t point = i;
    for (++i; i < text.size() && is_digit(text[i]); ++i) {
      if (++count > kMostDigits) return out;
      out.number = 10 * out.number + (text[i] - '0');
    }
    out.digits = static_cast<int>(i - point - 1);
    if (out.digits == 0) return out;
  }
  if (i < text.size()) {
    int exponent = 0;
    if ((text[i] != 'e' && text[i] != 'E') || !read_exponent(text.substr(i + 1), exponent)) {
      return out;
    }
    out.digits -= exponent;
  }
  if (negative) out.number = -out.number;
  out.valid = true;
  return out;
}

}  // namespace

bool DecimalSum::add(std::string_view decimal) {
  if (const Short number = read_short(decimal); number.valid) {
    add_whole(number.number, number.digits);
    return true;
  }
  const auto parsed = core::Ratio::parse(decimal);
  if (parsed) long_ += *parsed;
  return parsed.ok();
}

void DecimalSum::add_whole(std::int64_t number, int digits) {
  for (Scaled& scaled : scaled_) {
    if (scaled.digits == digits) {
      scaled.sum += number;
      return;
    }
  }
  scaled_.push_back({digits, number});
}

// 128 bits have no conversion to text: in two halves.
core::Ratio DecimalSum::ratio_of(const Scaled& scaled) {
  constexpr std::uint64_t kHalf = 1'000'000'000'000'000'000;
  const bool negative = scaled.sum < 0;
  const Whole size = negative ? -scaled.sum : scaled.sum;
  core::Ratio ratio = core::Ratio::whole(static_cast<std::uint64_t>(size / kHalf));
  ratio *= core::Ratio::whole(kHalf);
  ratio += core::Ratio::whole(static_cast<std::uint64_t>(size % kHalf));
  const auto unit = core::Ratio::parse("1e" + std::to_string(-scaled.digits));
  assert(unit);
  ratio *= *unit;
  return negative ? core::Ratio() - ratio : ratio;
}

core::Ratio DecimalSum::total() const {
  core::Ratio sum = long_;
  for (const Scaled& scaled : scaled_) sum += ratio_of(scaled);
  return sum;
}

}  // namespace recoup::billing
