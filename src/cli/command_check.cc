#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/rule_words.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "monitor/judge.h"
#include "monitor/plan.h"

namespace recoup::cli {
namespace {

constexpr std::chrono::days kMonth{30};

std::string resolution_in_words(const core::Version& version,
                                const monitor::Resolution& resolution) {
  std::string text =
      fmt::format("{} requests in an interval of {}", resolution.requests.to_shortest(2),
                  core::to_text(core::Millis(version.interval())));
  if (!resolution.failures) return fmt::format("{}; {}", text, resolution.needs);
  text += fmt::format("; {} failed of them in 30 days are a breach", grouped(*resolution.failures));
  return resolution.needs.empty() ? text : fmt::format("{}, {}", text, resolution.needs);
}

void print_probes(const config::AgreementSettings& settings, const core::Version& version) {
  std::vector<core::Millis> periods;
  for (const auto& probe : settings.probes) {
    periods.push_back(probe.every);
    say(fmt::format("  probe {}: {} {} every {}, timeout {}{}: {} requests in 30 days", probe.id,
                    probe.method, probe.url, core::to_text(probe.every),
                    core::to_text(probe.timeout), probe.sign ? ", signed" : "",
                    grouped(static_cast<std::uint64_t>(kMonth / probe.every))));
  }
  if (settings.probes.empty()) {
    say("  no probes: lives on imports");
    return;
  }
  say("  resolution: " +
      resolution_in_words(version, monitor::resolution_of(version, periods, kMonth)));
}

// What the contract's text lacks, and where the user can say it.
void print_status(const core::Version& version) {
  if (!version.supplied.empty()) say("  you supplied: " + listed(version.supplied));
  if (version.status == core::Status::complete) return;
  say(fmt::format("  partial: no claim can be written: the rule lacks {}",
                  listed(version.missing)));
  say("    supply them in recoup.toml, from your own contract, under [agreement.terms]; "
      "`recoup rules\n    show` has what is known");
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
  print_status(version);
  print_probes(settings, version);
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
