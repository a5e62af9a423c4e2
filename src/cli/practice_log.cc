#include "cli/practice_log.h"

#include <array>

#include <fmt/format.h>

namespace recoup::cli {
namespace {

using namespace std::chrono_literals;

constexpr core::Millis kEvery = 30s;
constexpr auto kOutage = 11 * 24h + 14h + 5min;  // after the month's begin: the 12th, 14:05
constexpr auto kOutageLength = 12min;
constexpr core::Millis kSingles[] = {3 * 24h + 9h + 41min, 20 * 24h + 23h + 59min};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int status_at(core::Millis since_begin) {
  for (const core::Millis single : kSingles) {
    if (since_begin == single) return 500;
  }
  const bool outage = since_begin >= kOutage && since_begin < kOutage + kOutageLength;
  const bool every_other = (since_begin / kEvery) % 2 == 0;
  return outage && every_other ? 503 : 200;
}

}  // namespace

std::string practice_log(const core::Interval& month) {
  std::string log;
  for (core::Instant at = month.begin; at < month.end; at += kEvery) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const core::Date date(day);
    const std::chrono::hh_mm_ss time(at - day);
    log += fmt::format(
        "192.0.2.17 - - [{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000] \"POST /kms HTTP/1.1\" {} 62 "
        "\"-\" "
        "\"practice-application/1.0\"\n",
        static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count(), status_at(at - month.begin));
  }
  return log;
}

}  // namespace recoup::cli
