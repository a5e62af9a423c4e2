#include "report/svg.h"

#include <fmt/format.h>

namespace recoup::report {
namespace {

constexpr std::int64_t kThousandths = 100'000;

std::int64_t thousandths(core::Millis at, core::Millis axis) {
  return at.count() * kThousandths / axis.count();
}

// "33.333%", "25%".
std::string text(std::int64_t number) {
  std::string digits = fmt::format("{}.{:03}", number / 1000, number % 1000);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits + '%';
}

}  // namespace

std::string percent_of(core::Millis at, core::Millis axis) { return text(thousandths(at, axis)); }

std::string percent_between(core::Millis from, core::Millis to, core::Millis axis) {
  return text(thousandths(to, axis) - thousandths(from, axis));
}

}  // namespace recoup::report
