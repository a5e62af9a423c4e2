#include "claim/words.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace recoup::claim {

using core::Ratio;

std::string percent_text(const Ratio& share) {
  return (share * Ratio::whole(100)).to_decimal(12, core::Rounding::cut);
}

std::string short_percent(const Ratio& share) {
  return (share * Ratio::whole(100)).to_shortest(12);
}

std::string fraction_text(const Ratio& value) {
  constexpr std::size_t kLongest = 400;
  const std::string text = value.numerator() + " / " + value.denominator();
  if (text.size() <= kLongest) return text;
  return fmt::format("in claim.json ({} characters)", text.size());
}

std::string instant_with_millis(core::Instant at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  std::string text = core::to_text(core::Instant(second));
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, (at - second).count());
}

std::string json_text(const std::string& text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace recoup::claim
