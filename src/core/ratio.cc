#include "core/ratio.h"

#include <charconv>
#include <cmath>
#include <new>
#include <vector>

#include <fmt/format.h>
#include <gmp.h>

#include "core/ensure.h"

namespace recoup::core {

struct Ratio::Impl {
  mpq_t q;
};

namespace {

constexpr long kLargestExponent = 400;

static_assert(sizeof(long) == sizeof(std::int64_t), "GMP's _si and _ui functions take long");

// Integer owns one GMP integer.
class Integer {
 public:
  Integer() { mpz_init(z_); }
  ~Integer() { mpz_clear(z_); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  operator mpz_ptr() { return z_; }

 private:
  mpz_t z_;
};

std::string text_of(mpz_srcptr z) {
  std::vector<char> buffer(mpz_sizeinbase(z, 10) + 2);
  return mpz_get_str(buffer.data(), 10, z);
}

void power_of_ten(mpz_ptr z, long exponent) {
  mpz_ui_pow_ui(z, 10, static_cast<unsigned long>(exponent));
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// value * 10^digits as a whole number, rounded as asked.
void scaled(mpz_ptr out, mpq_srcptr value, int digits, Rounding rounding) {
  Integer numerator;
  Integer remainder;
  power_of_ten(out, digits);
  mpz_mul(numerator, out, mpq_numref(value));
  mpz_tdiv_qr(out, remainder, numerator, mpq_denref(value));
  if (rounding == Rounding::cut) return;
  mpz_mul_2exp(remainder, remainder, 1);
  const int half = mpz_cmpabs(remainder, mpq_denref(value));
  if (half < 0 || (half == 0 && mpz_even_p(out))) return;
  if (mpq_sgn(value) < 0) {
    mpz_sub_ui(out, out, 1);
  } else {
    mpz_add_ui(out, out, 1);
  }
}

}  // namespace

Ratio::Ratio(std::int64_t numerator, std::uint64_t denominator) {
  static_assert(sizeof(Impl) == kSize);
  RECOUP_ENSURE(denominator != 0);
  mpq_init((new (storage_) Impl)->q);
  mpq_set_si(impl()->q, numerator, denominator);
  mpq_canonicalize(impl()->q);
}

Ratio Ratio::whole(std::uint64_t value) {
  Ratio ratio;
  mpq_set_ui(ratio.impl()->q, value, 1);
  return ratio;
}

Ratio::Ratio(const Ratio& other) : Ratio() { mpq_set(impl()->q, other.impl()->q); }
Ratio::Ratio(Ratio&& other) noexcept : Ratio() { mpq_swap(impl()->q, other.impl()->q); }

Ratio& Ratio::operator=(const Ratio& other) {
  mpq_set(impl()->q, other.impl()->q);
  return *this;
}

Ratio& Ratio::operator=(Ratio&& other) noexcept {
  mpq_swap(impl()->q, other.impl()->q);
  return *this;
}

Ratio::~Ratio() { mpq_clear(impl()->q); }

Ratio& Ratio::operator+=(const Ratio& other) {
  mpq_add(impl()->q, impl()->q, other.impl()->q);
  return *this;
}

Ratio& Ratio::operator-=(const Ratio& other) {
  mpq_sub(impl()->q, impl()->q, other.impl()->q);
  return *this;
}

Ratio& Ratio::operator*=(const Ratio& other) {
  mpq_mul(impl()->q, impl()->q, other.impl()->q);
  return *this;
}

Ratio& Ratio::operator/=(const Ratio& other) {
  RECOUP_ENSURE(mpq_sgn(other.impl()->q) != 0);
  mpq_div(impl()->q, impl()->q, other.impl()->q);
  return *this;
}

int Ratio::compare(const Ratio& other) const { return mpq_cmp(impl()->q, other.impl()->q); }

std::string Ratio::numerator() const { return text_of(mpq_numref(impl()->q)); }
std::string Ratio::denominator() const { return text_of(mpq_denref(impl()->q)); }

Result<Ratio> Ratio::parse(std::string_view decimal) {
  const Error wrong{fmt::format("expected a decimal number, like 99.999, got '{}'", decimal)};
  std::string_view rest = decimal;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);

  long exponent = 0;
  if (const auto e = rest.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = rest.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto [end, code] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (code != std::errc{} || end != power.data() + power.size()) return wrong;
    if (exponent < -kLargestExponent || exponent > kLargestExponent) return wrong;
    rest = rest.substr(0, e);
  }

  std::string digits(rest.substr(0, rest.find('.')));
  if (!all_digits(digits)) return wrong;
  if (digits.size() < rest.size()) {
    const std::string_view fraction = rest.substr(digits.size() + 1);
    if (!all_digits(fraction) || fraction.size() > kLargestExponent) return wrong;
    digits += fraction;
    exponent -= static_cast<long>(fraction.size());
  }

  Ratio ratio;
  mpq_ptr q = ratio.impl()->q;
  mpz_set_str(mpq_numref(q), digits.c_str(), 10);
  Integer power;
  power_of_ten(power, std::abs(exponent));
  if (exponent >= 0) {
    mpz_mul(mpq_numref(q), mpq_numref(q), power);
  } else {
    mpz_set(mpq_denref(q), power);
  }
  if (negative) mpq_neg(q, q);
  mpq_canonicalize(q);
  return ratio;
}

Result<Ratio> Ratio::parse_fraction(std::string_view numerator, std::string_view denominator) {
  std::string_view size = numerator;
  if (size.starts_with('-')) size.remove_prefix(1);
  Ratio ratio;
  mpq_ptr q = ratio.impl()->q;
  if (!all_digits(size) || !all_digits(denominator) ||
      mpz_set_str(mpq_numref(q), std::string(numerator).c_str(), 10) != 0 ||
      mpz_set_str(mpq_denref(q), std::string(denominator).c_str(), 10) != 0 ||
      mpz_sgn(mpq_denref(q)) == 0) {
    mpq_set_ui(q, 0, 1);
    return Error{
        fmt::format("expected a fraction of whole numbers, got '{}/{}'", numerator, denominator)};
  }
  mpq_canonicalize(q);
  return ratio;
}

std::string Ratio::to_decimal(int digits, Rounding rounding) const {
  RECOUP_ENSURE(digits >= 0);
  Integer z;
  scaled(z, impl()->q, digits, rounding);
  std::string text = text_of(z);
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const auto places = static_cast<std::size_t>(digits);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  if (places > 0) text.insert(text.size() - places, 1, '.');
  if (negative) text.insert(text.begin(), '-');
  return text;
}

std::string Ratio::to_shortest(int most) const {
  std::string text = to_decimal(most, Rounding::cut);
  if (most == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

double Ratio::to_double() const {
  // mpq_get_d cuts; of the two neighbours the nearer one is the metric.
  const auto low = mpq_get_d(impl()->q);
  const auto away = std::nextafter(low, mpq_sgn(impl()->q) < 0 ? -HUGE_VAL : HUGE_VAL);
  Ratio below;
  Ratio above;
  mpq_set_d(below.impl()->q, low);
  mpq_set_d(above.impl()->q, away);
  const Ratio to_low = mpq_sgn(impl()->q) < 0 ? below - *this : *this - below;
  const Ratio to_away = mpq_sgn(impl()->q) < 0 ? *this - above : above - *this;
  return to_away < to_low ? away : low;
}

}  // namespace recoup::core
