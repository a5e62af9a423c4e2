#include "cli/said.h"

#include <algorithm>

#include <fmt/format.h>

#include "judge/cycles.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::Instant;
using core::Result;

// The zone that held then. Before the oldest version of a contract it is the one of now.
Result<core::Zone> zone_then(const config::AgreementSettings& agreement, const core::SaidTime& said,
                             Instant now) {
  auto zone = judge::zone_at(agreement, core::roughly(said, now));
  return zone ? zone : judge::zone_at(agreement, now);
}

}  // namespace

Result<core::Month> month_of(const config::AgreementSettings& agreement,
                             const core::SaidMonth& said, Instant now) {
  if (said.month) return *said.month;
  const auto zone = judge::zone_at(agreement, now);
  if (!zone) return zone.error();
  return core::month_in(*zone, said, now);
}

Result<Instant> instant_of(const config::AgreementSettings& agreement, const core::SaidTime& said,
                           Instant now) {
  const auto zone = zone_then(agreement, said, now);
  if (!zone) return zone.error();
  return core::instant_in(*zone, said, now);
}

Result<Instant> instant_of(const config::Settings& settings,
                           const std::vector<std::string>& agreements, const core::SaidTime& said,
                           Instant now) {
  if (const auto* at = std::get_if<Instant>(&said)) return *at;
  std::optional<Instant> found;
  for (const config::AgreementSettings& one : settings.agreements) {
    const std::string& id = one.agreement.id;
    const bool is_meant = agreements.empty() ||
                          std::find(agreements.begin(), agreements.end(), id) != agreements.end();
    if (!is_meant) continue;
    const auto at = instant_of(one, said, now);
    if (!at) return at.error();
    if (found && *found != *at) {
      return Error{
          "expected a time with its offset from UTC, got one without: the agreements' "
          "billing cycles have different clocks",
          "", "say it in UTC, as in 2026-10-03T02:00:00Z, or name one --agreement"};
    }
    found = *at;
  }
  return found.value_or(now);
}

}  // namespace recoup::cli
