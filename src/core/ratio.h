#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace recoup::core {

// What becomes of the digits that are not shown.
enum class Rounding {
  cut,        // towards zero: a shown percentage is never better than the measured one
  half_even,  // to the nearest, ties to the even digit
};

// Ratio is an exact rational number of any size: availabilities, percentages, money. Made from
// whole numbers or from text, never from a float; compared exactly; shown by to_decimal().
// A value type; distinct objects may be used from different threads.
class Ratio {
 public:
  Ratio() : Ratio(0, 1) {}

  // numerator / denominator; the denominator is not 0.
  Ratio(std::int64_t numerator, std::uint64_t denominator);
  template <std::floating_point T>
  Ratio(T, auto) = delete;

  static Ratio whole(std::uint64_t value);
  static Ratio whole(std::floating_point auto) = delete;

  // A plain decimal, "99.999" or "-0.5"; with an exponent ("1.5E-7") as bills write it.
  static Result<Ratio> parse(std::string_view decimal);

  // What numerator() and denominator() printed.
  static Result<Ratio> parse_fraction(std::string_view numerator, std::string_view denominator);

  Ratio(const Ratio&);
  Ratio(Ratio&&) noexcept;
  Ratio& operator=(const Ratio&);
  Ratio& operator=(Ratio&&) noexcept;
  ~Ratio();

  Ratio& operator+=(const Ratio&);
  Ratio& operator-=(const Ratio&);
  Ratio& operator*=(const Ratio&);
  Ratio& operator/=(const Ratio&);  // the divisor is not 0
  friend Ratio operator+(Ratio a, const Ratio& b) { return a += b; }
  friend Ratio operator-(Ratio a, const Ratio& b) { return a -= b; }
  friend Ratio operator*(Ratio a, const Ratio& b) { return a *= b; }
  friend Ratio operator/(Ratio a, const Ratio& b) { return a /= b; }

  bool operator==(const Ratio& other) const { return compare(other) == 0; }
  std::strong_ordering operator<=>(const Ratio& other) const { return compare(other) <=> 0; }

  // In lowest terms; the sign is the numerator's.
  std::string numerator() const;
  std::string denominator() const;

  // "99.998842592592" for 12 digits after the point.
  std::string to_decimal(int digits, Rounding rounding) const;

  // As few digits as hold the exact value ("99.999"); cut after `most` digits.
  std::string to_shortest(int most) const;

  // For metrics alone; nearest double.
  double to_double() const;

 private:
  int compare(const Ratio& other) const;

  static constexpr std::size_t kSize = 32;  // of GMP's mpq_t, which stays out of this header
  struct Impl;
  Impl* impl() { return reinterpret_cast<Impl*>(storage_); }
  const Impl* impl() const { return reinterpret_cast<const Impl*>(storage_); }
  alignas(8) std::byte storage_[kSize];
};

}  // namespace recoup::core
