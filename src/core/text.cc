#include "core/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::core {
namespace {

constexpr int kPercentDigits = 12;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string listed(const std::vector<std::string>& items, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? fmt::format(" {} ", last) : ", ";
    text += items[i];
  }
  return text;
}

std::string grouped(std::string decimal) {
  const std::size_t first = decimal.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(decimal.find('.'), decimal.size()); at > first + 3;) {
    at -= 3;
    decimal.insert(at, 1, ',');
  }
  return decimal;
}

std::string grouped(std::uint64_t number) { return grouped(std::to_string(number)); }

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string percent_text(const Ratio& share) {
  return (share * Ratio::whole(100)).to_decimal(kPercentDigits, Rounding::cut);
}

std::string short_percent(const Ratio& share) {
  return (share * Ratio::whole(100)).to_shortest(kPercentDigits);
}

}  // namespace recoup::core
