#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "monitor/judge.h"

namespace recoup::cli {
namespace {

using core::Ratio;

constexpr core::Millis kMonth = std::chrono::days(30);

Ratio per(core::Millis span, core::Millis every) {
  return Ratio(span.count(), static_cast<std::uint64_t>(every.count()));
}

std::string whole(const Ratio& value) { return value.to_decimal(0, core::Rounding::cut); }

// How many failed probes, each in an interval that is otherwise good, fall below the commitment in
// a month of 30 days: the loss must be more than (1 - commitment) × intervals.
std::string failures_for_breach(const core::Version& version, core::Millis interval,
                                const Ratio& sampled) {
  const Ratio allowed = (Ratio(1, 1) - version.commitment) * per(kMonth, interval) * sampled;
  return whole(allowed + Ratio(1, 1));
}

void print_probes(const config::AgreementSettings& settings, const core::Version& version,
                  core::Millis interval) {
  Ratio sampled;
  for (const auto& probe : settings.probes) {
    sampled += per(interval, probe.every);
    say(fmt::format("  probe {}: {} {} every {}, timeout {}{}: {} requests in 30 days", probe.id,
                    probe.method, probe.url, core::to_text(probe.every),
                    core::to_text(probe.timeout), probe.sign ? ", signed" : "",
                    grouped(static_cast<std::uint64_t>(kMonth / probe.every))));
  }
  if (settings.probes.empty()) {
    say("  no probes: lives on imports");
    return;
  }
  say(fmt::format(
      "  resolution: {} requests in an interval of {}; {} failed of them in 30 days are a breach",
      sampled.to_shortest(2), core::to_text(interval),
      failures_for_breach(version, interval, sampled)));
}

core::Result<void> print_agreement(const config::AgreementSettings& settings, core::Instant now) {
  const auto month = monitor::month_at(settings, now);
  if (!month) return month.error();
  const auto bench = monitor::bench_for(settings, *month);
  if (!bench) return bench.error();
  const core::Version& version = *bench->version;
  say(fmt::format("{}: {}{}{}, {} % promised (version of {})", settings.agreement.id,
                  settings.rule->service, settings.agreement.region.empty() ? "" : ", ",
                  settings.agreement.region, version.commitment_text,
                  core::to_text(version.effective)));
  say(fmt::format("  cycle: {} from {} to {} ({})", core::to_text(*month),
                  core::to_text(bench->cycle.span.begin), core::to_text(bench->cycle.span.end),
                  bench->zone.name()));
  const core::Millis interval =
      std::visit([](const auto& family) { return core::Millis(family.interval); }, version.formula);
  print_probes(settings, version, interval);
  std::string charges;
  for (const auto& charge : settings.charges) charges += ' ' + core::to_text(charge.month);
  say(charges.empty() ? "  charges: none stated, so no claim can be written yet"
                      : "  charges: stated for" + charges);
  return {};
}

}  // namespace

Exit check(const CheckOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const core::Instant now = SystemClock().wall();
  for (const auto& agreement : settings->agreements) {
    if (auto done = print_agreement(agreement, now); !done)
      return complain(done.error(), kWrongWords);
  }
  say(fmt::format("{}: correct; the ledger is {}, the service will listen on {}:{}", settings->file,
                  settings->ledger, settings->listen.host, settings->listen.port));
  return kDone;
}

}  // namespace recoup::cli
