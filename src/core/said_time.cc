#include "core/said_time.h"

#include <string>

#include <fmt/format.h>

namespace recoup::core {
namespace {

// A time of day, as clocks show it.
std::optional<Millis> parse_time_of_day(std::string_view text) {
  const Date any{std::chrono::year(2000), std::chrono::January, std::chrono::day(1)};
  const auto at = parse_instant(fmt::format("{}T{}Z", to_text(any), text));
  if (!at) return std::nullopt;
  return *at - Instant(std::chrono::sys_days(any));
}

// "today" and "yesterday" at the begin of the text; takes the word off it.
std::optional<SaidDay> take_word(std::string_view& text) {
  constexpr std::string_view kWords[] = {"today", "yesterday"};
  for (int before = 0; before < 2; ++before) {
    const std::string_view word = kWords[before];
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return SaidDay{std::nullopt, before};
  }
  return std::nullopt;
}

std::optional<SaidTime> parse_day_and_clock(std::string_view text) {
  if (auto day = take_word(text)) {
    if (text.empty()) return *day;
    if (text.front() != ' ' && text.front() != 'T') return std::nullopt;
    const auto time = parse_time_of_day(text.substr(1));
    if (!time) return std::nullopt;
    return SaidClock{*day, *time};
  }
  if (const auto date = parse_date(text)) return SaidDay{*date};
  if (const auto time = parse_time_of_day(text)) return SaidClock{SaidDay{}, *time};
  const auto as_utc = parse_instant(fmt::format("{}Z", text));
  if (!as_utc) return std::nullopt;
  const auto midnight = std::chrono::floor<std::chrono::days>(*as_utc);
  return SaidClock{SaidDay{Date(midnight)}, *as_utc - midnight};
}

// "2026-10-25T02:30:00".
std::string clock_text(Instant as_utc) {
  std::string text = to_text(as_utc);
  text.pop_back();
  return text;
}

// The instant at which clocks of the zone show that.
Result<Instant> shown_at(const Zone& zone, Instant as_utc) {
  // Further than any zone is from UTC, and nearer than two changes of its clocks are.
  constexpr std::chrono::hours kFar{15};
  const Instant early = as_utc - zone.offset_at(as_utc - kFar);
  const Instant late = as_utc - zone.offset_at(as_utc + kFar);
  const auto shows = [&](Instant at) { return at + zone.offset_at(at) == as_utc; };
  if (early == late || !shows(late)) {
    if (shows(early)) return early;
    return Error{
        fmt::format("expected a time that clocks of {} showed, got {}: they were set forward over "
                    "it",
                    zone.name(), clock_text(as_utc)),
        "", "say it with its offset from UTC, or in UTC as in 2026-10-03T02:00:00Z"};
  }
  if (!shows(early)) return late;
  return Error{fmt::format("expected a time that clocks of {} showed once, got {}: they were set "
                           "back",
                           zone.name(), clock_text(as_utc)),
               "", fmt::format("say which one: {} or {}", to_text(early), to_text(late))};
}

}  // namespace

Result<SaidTime> parse_said_time(std::string_view text) {
  if (text == "now") return SaidTime(Now{});
  if (const auto at = parse_instant(text)) return SaidTime(*at);
  if (const auto said = parse_day_and_clock(text)) return *said;
  return Error{fmt::format("expected a time, got '{}'", text), "",
               "it is like 2026-10-03T02:00:00Z; without an offset like 2026-10-03T02:00, "
               "2026-10-03, 14:20, 'yesterday 14:20', yesterday or today, by the clock of the "
               "billing cycle; or now"};
}

Result<SaidMonth> parse_said_month(std::string_view text) {
  if (text == "now") return SaidMonth{std::nullopt, 0};
  if (text == "last") return SaidMonth{std::nullopt, 1};
  if (const auto month = parse_month(text)) return SaidMonth{*month};
  return Error{fmt::format("expected a month like 2026-10, or now or last, got '{}'", text)};
}

Date day_in(const Zone& zone, const SaidDay& said, Instant now) {
  if (said.date) return *said.date;
  return std::chrono::sys_days(zone.day_of(now)) - std::chrono::days(said.before);
}

Result<Instant> instant_in(const Zone& zone, const SaidTime& said, Instant now) {
  if (const auto* at = std::get_if<Instant>(&said)) return *at;
  if (const auto* day = std::get_if<SaidDay>(&said)) {
    return zone.begin_of(day_in(zone, *day, now));
  }
  if (const auto* clock = std::get_if<SaidClock>(&said)) {
    const Date date = day_in(zone, clock->day, now);
    return shown_at(zone, Instant(std::chrono::sys_days(date)) + clock->time);
  }
  return now;
}

Month month_in(const Zone& zone, const SaidMonth& said, Instant now) {
  return said.month ? *said.month : zone.month_after(zone.month_of(now), -said.before);
}

Instant roughly(const SaidTime& said, Instant now) {
  const auto near = instant_in(Zone::utc(), said, now);
  return near ? *near : now;
}

}  // namespace recoup::core
