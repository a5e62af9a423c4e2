#include "rules/zones.h"

#include <cctype>
#include <optional>

#include <date/tz.h>
#include <fmt/format.h>

namespace recoup::rules {
namespace {

using core::Zone;

constexpr auto kFirst = std::chrono::sys_days(std::chrono::year(1970) / 1 / 1);
constexpr auto kLast = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);

// "+05:30" or "-0700".
std::optional<Zone> parse_offset(std::string_view text) {
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits(text.substr(1));
  if (digits.size() == 5 && digits[2] == ':') digits.erase(2, 1);
  if (digits.size() != 4) return std::nullopt;
  for (const char c : digits) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
  }
  const int hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int minutes = (digits[2] - '0') * 10 + (digits[3] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  const std::chrono::minutes east(hours * 60 + minutes);
  return Zone::fixed(text[0] == '-' ? -east : east);
}

Zone all_offsets(const std::string& name, const date::time_zone& zone) {
  std::vector<Zone::Offset> offsets;
  auto at = std::chrono::time_point_cast<std::chrono::seconds>(kFirst);
  while (at < kLast) {
    const date::sys_info info = zone.get_info(at);
    if (offsets.empty() || offsets.back().east != info.offset) offsets.push_back({at, info.offset});
    if (info.end <= at) break;
    at = info.end;
  }
  return Zone(name, std::move(offsets));
}

}  // namespace

core::Result<Zone> find_zone(const std::string& name) {
  if (name == "UTC") return Zone::utc();
  if (auto fixed = parse_offset(name)) return *fixed;
  try {
    return all_offsets(name, *date::locate_zone(name));
  } catch (const std::exception&) {
    return core::Error{fmt::format("expected a time zone, got '{}'", name), "",
                       "write UTC, an offset like +05:30, or a name like Europe/Zurich"};
  }
}

}  // namespace recoup::rules
