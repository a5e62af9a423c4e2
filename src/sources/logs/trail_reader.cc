#include "sources/logs/trail_reader.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <simdjson.h>

#include "sources/logs/formats/text.h"

#define RECOUP_MAKE_TRAIL_READER make_plain_trail_reader
#include "sources/logs/trail_reader_code.h"

#ifdef __x86_64__
// In trail_reader_avx2.cc.
extern "C" recoup::sources::TrailReader* recoup_avx2_trail_reader(
    bool keys, recoup::sources::TrailReader::Takes* takes);
#endif

namespace recoup::sources {

bool TrailRecord::is_indirect() const {
  return !invoked_by.empty() || source_address.ends_with(".amazonaws.com") ||
         source_address.starts_with("AWS Internal") || caller_type == "AWSService";
}

bool parse_event_time(std::string_view text, core::Instant& at) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == '0' ? !is_digit(text[i]) : text[i] != kShape[i]) return false;
  }
  const char* const p = text.data();
  const std::chrono::year_month_day date{
      std::chrono::year(two_digits(p) * 100 + two_digits(p + 2)),
      std::chrono::month(static_cast<unsigned>(two_digits(p + 5))),
      std::chrono::day(static_cast<unsigned>(two_digits(p + 8)))};
  const int hour = two_digits(p + 11);
  const int minute = two_digits(p + 14);
  const int second = two_digits(p + 17);
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return false;
  at = core::Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
       std::chrono::minutes(minute) + std::chrono::seconds(second);
  return true;
}

#ifdef __x86_64__
std::unique_ptr<TrailReader> TrailReader::make(bool keys, Takes takes, For processors) {
  const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                        __builtin_cpu_supports("bmi2") != 0 &&
                        __builtin_cpu_supports("pclmul") != 0 &&
                        __builtin_cpu_supports("popcnt") != 0;
  if (processors == For::any || !has_avx2) return make_plain_trail_reader(keys, std::move(takes));
  return std::unique_ptr<TrailReader>(recoup_avx2_trail_reader(keys, &takes));
}
#else
std::unique_ptr<TrailReader> TrailReader::make(bool keys, Takes takes, For /*processors*/) {
  return make_plain_trail_reader(keys, std::move(takes));
}
#endif

}  // namespace recoup::sources
