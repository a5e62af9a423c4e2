#include "claim/verify/json_reader.h"

#include <fmt/format.h>

namespace recoup::claim {

using core::Error;
using core::Ratio;

std::string JsonReader::text(const char* place) {
  const Json& value = find(place);
  if (value.is_string()) return value.get<std::string>();
  expected(place, "a text", value);
  return {};
}

bool JsonReader::truth(const char* place) {
  const Json& value = find(place);
  if (value.is_boolean()) return value.get<bool>();
  expected(place, "true or false", value);
  return false;
}

std::vector<std::string> JsonReader::texts(const char* place) {
  std::vector<std::string> all;
  each(place, [&](JsonReader& one) { all.push_back(one.text("")); });
  return all;
}

core::Month JsonReader::month(const char* place) {
  const auto value = core::parse_month(text(place));
  if (value) return *value;
  expected(place, "a month", find(place));
  return {};
}

core::Date JsonReader::date(const char* place) {
  const auto value = core::parse_date(text(place));
  if (value) return *value;
  expected(place, "a date", find(place));
  return {};
}

std::uint64_t JsonReader::number(const char* place) {
  const Json& value = find(place);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  expected(place, "a whole number", value);
  return 0;
}

core::Instant JsonReader::instant(const char* place) {
  const auto value = core::parse_instant(text(place));
  if (value) return *value;
  expected(place, "an instant", find(place));
  return {};
}

std::chrono::minutes JsonReader::minutes(const char* place) {
  const auto value = core::parse_duration(text(place));
  if (value && *value % std::chrono::minutes(1) == core::Millis(0) &&
      *value <= std::chrono::days(1)) {
    return std::chrono::floor<std::chrono::minutes>(*value);
  }
  expected(place, "whole minutes, at most a day", find(place));
  return std::chrono::minutes(1);
}

std::chrono::seconds JsonReader::seconds(const char* place) {
  return std::chrono::floor<std::chrono::seconds>(duration(place));
}

core::Millis JsonReader::duration(const char* place) {
  if (const auto value = core::parse_duration(text(place))) return *value;
  expected(place, "a duration", find(place));
  return std::chrono::seconds(1);
}

Ratio JsonReader::threshold(const char* place) {
  constexpr std::size_t kMostDigits = 12;
  const Ratio value = percent(place);
  if (value.numerator().size() <= kMostDigits && value.denominator().size() <= kMostDigits &&
      value >= Ratio()) {
    return value;
  }
  expected(place, "a percentage of at most 10 digits", find(place));
  return {};
}

Ratio JsonReader::percent(const char* place) {
  const auto value = Ratio::parse(text(place));
  if (value) return *value / Ratio::whole(100);
  expected(place, "a percentage", find(place));
  return {};
}

Ratio JsonReader::fraction(const std::string& place) {
  const auto value = Ratio::parse_fraction(text((place + "/numerator").c_str()),
                                           text((place + "/denominator").c_str()));
  if (value) return *value;
  expected(place, "a fraction", find(place));
  return {};
}

std::optional<core::Money> JsonReader::money(const std::string& place) {
  if (is_null(place.c_str())) return std::nullopt;
  return core::Money{fraction(place), text((place + "/currency").c_str())};
}

std::optional<core::DeadlineDates> JsonReader::deadline(const std::string& place) {
  if (is_null(place.c_str())) return std::nullopt;
  return core::DeadlineDates{instant((place + "/safe").c_str()),
                             instant((place + "/literal").c_str())};
}

const JsonReader::Json& JsonReader::find(const std::string& place) {
  static const Json kNothing = Json::value_t::discarded;
  const Json::json_pointer pointer(place);
  return json_.contains(pointer) ? json_.at(pointer) : kNothing;
}

void JsonReader::expected(const std::string& place, std::string_view what, const Json& got) {
  if (error_) return;
  const std::string shown =
      got.is_discarded() ? "nothing" : got.dump(-1, ' ', true, Json::error_handler_t::replace);
  error_ = Error{fmt::format("expected {} at {}{}, got {}", what, at_, place, shown.substr(0, 120)),
                 "claim.json"};
}

int JsonReader::small(const char* place, int least, int most) {
  const Json& value = find(place);
  if (value.is_number_integer()) {
    const auto got = value.get<std::int64_t>();
    if (got >= least && got <= most) return static_cast<int>(got);
  }
  expected(place, fmt::format("a number from {} to {}", least, most), value);
  return least;
}

Ratio JsonReader::decimal(const char* place) {
  const auto value = Ratio::parse(text(place));
  if (value) return *value;
  expected(place, "a number", find(place));
  return {};
}

std::optional<core::Instant> JsonReader::instant_or_null(const char* place) {
  if (is_null(place)) return std::nullopt;
  return instant(place);
}

}  // namespace recoup::claim
