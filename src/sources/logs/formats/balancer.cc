#include "sources/logs/formats/balancer.h"

#include "sources/logs/formats/text.h"
#include "sources/logs/formats/times.h"

namespace recoup::sources {

std::string_view parse_balancer(std::string_view from_time, BalancerLine& out) {
  std::string_view rest = from_time;
  const std::string_view time = take_word(rest);
  take_word(rest);  // the load balancer
  take_word(rest);  // the client
  out.target = take_word(rest);
  for (std::string_view& seconds : out.seconds) seconds = take_word(rest);
  out.status_text = take_word(rest);
  take_word(rest);  // the target's status
  take_word(rest);  // bytes received
  if (take_word(rest).empty()) {
    return "expected the fields of a load balancer's log up to the bytes that were sent";
  }
  const auto at = parse_iso_time(time);
  if (!at || !at->has_offset) return "expected a time like 2026-10-03T02:00:00.186641Z";
  out.at = at->at;
  out.status = status_of(out.status_text);
  out.request = take_quoted(rest);
  out.agent = take_quoted(rest);
  out.rest = rest;
  return {};
}

core::Millis duration_of(const BalancerLine& line) {
  constexpr int kMicros = 6;
  long long micros = 0;
  for (const std::string_view seconds : line.seconds) {
    micros += scaled_number(seconds, kMicros).value_or(0);  // -1: it did not get there
  }
  return std::chrono::floor<core::Millis>(std::chrono::microseconds(micros));
}

}  // namespace recoup::sources
