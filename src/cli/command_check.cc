#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/price_book.h"
#include "cli/commands.h"
#include "cli/print_charge.h"
#include "cli/probe_cost.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/exposure.h"
#include "core/text.h"
#include "judge/judge.h"
#include "judge/plan.h"
#include "record/redact.h"
#include "service/monitor.h"
#include "service/seal_key.h"
#include "service/system_world.h"
#include "sources/probe/prober.h"

namespace recoup::cli {
namespace {

constexpr std::chrono::days kMonth{30};

std::string resolution_in_words(const core::Version& version, const judge::Resolution& resolution) {
  std::string text =
      fmt::format("{} requests in an interval of {}", resolution.requests.to_shortest(2),
                  core::to_text(core::Millis(version.interval())));
  if (!resolution.failures) return fmt::format("{}; {}", text, resolution.needs);
  text += fmt::format("; {} failed of them in 30 days are a breach",
                      core::grouped(*resolution.failures));
  return resolution.needs.empty() ? text : fmt::format("{}, {}", text, resolution.needs);
}

void print_probes(const billing::PriceShelf& books, const config::AgreementSettings& settings,
                  const core::Version& version) {
  std::vector<core::Millis> periods;
  std::uint64_t requests = 0;
  for (const auto& probe : settings.probes) {
    periods.push_back(probe.every);
    requests += static_cast<std::uint64_t>(kMonth / probe.every);
    say(fmt::format("  probe {}: {} {} every {}, timeout {}{}: {} requests in 30 days", probe.id,
                    probe.method, record::without_secrets(probe.url), core::to_text(probe.every),
                    core::to_text(probe.timeout), probe.sign ? ", signed" : "",
                    core::grouped(static_cast<std::uint64_t>(kMonth / probe.every))));
  }
  if (settings.probes.empty()) {
    say(settings.logs.empty() ? "  no probes: lives on imports" : "  no probes: lives on logs");
    return;
  }
  say("  resolution: " +
      resolution_in_words(version, judge::resolution_of(version, periods, kMonth)));
  const auto cost = cost_of_requests(books, settings.rule->id, settings.agreement.region, requests);
  if (cost) say(fmt::format("  cost: {} in 30 days by published prices", exact_text(*cost)));
}

// Whose attempts are counted as SDKs report them.
void print_sdk_logs(const config::AgreementSettings& settings) {
  for (const config::LogSettings& log : settings.logs) {
    if (!log.listens()) continue;
    const std::string& region = settings.agreement.region;
    say(wrapped(fmt::format(
        "  log {}: attempts of {}{} that AWS SDKs report, {}", log.id, core::listed(log.services),
        region.empty() ? "" : " in " + region,
        log.clients.empty() ? "of every client" : "of the clients " + core::listed(log.clients))));
  }
}

// What a contract that knows Errors by their names asks of logs: there is no key to set for them.
void print_names(const core::Version& version) {
  if (version.error.names.empty()) return;
  const std::string name = fmt::format("{}", fmt::join(version.error.names, " or "));
  say(wrapped(
      fmt::format("  errors: an Error is called {}: counts that are imported need the name, "
                  "like 500/{}; an access log in the combined format has none, and no "
                  "failure in it is counted",
                  name, version.error.names.front())));
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

// Where the charges come from, and what they are for the running month if that can be said.
void print_charges(const config::AgreementSettings& settings, core::Month month) {
  const billing::ChargeSettings& charges = settings.charges;
  if (charges.empty()) {
    return say(
        "  charges: neither stated nor in a bill nor estimated, so no claim can be written "
        "yet: fill in\n    [agreement.charges]");
  }
  for (const billing::StatedCharge& stated : charges.stated) {
    say(fmt::format("  charges: {} stated for {}", exact_text(stated.amount),
                    core::to_text(stated.month)));
  }
  for (const billing::BillSettings& bill : charges.bills) {
    say(fmt::format("  charges: by the bills {}", fmt::join(bill.paths, ", ")));
  }
  if (!charges.book) return;
  config::AgreementSettings by_book = settings;
  by_book.charges.stated.clear();
  by_book.charges.bills.clear();
  const auto estimated = charges_of(by_book, month);
  if (!estimated) {
    say(wrapped("  charges: no estimate: " + estimated.error().message));
    if (!estimated.error().help.empty()) say(wrapped("    " + estimated.error().help));
    return;
  }
  say(fmt::format("  charges: {} estimated for {} from {}", exact_text((*estimated)->amount),
                  core::to_text(month), charges.book->book->id));
}

core::Result<void> print_agreement(const billing::PriceShelf& books,
                                   const config::AgreementSettings& settings, core::Instant now) {
  const auto month = judge::month_at(settings, now);
  if (!month) return month.error();
  const auto terms = judge::cycle_terms(settings, *month);
  if (!terms) return terms.error();
  const core::Version& version = *terms->version;
  say(fmt::format("{}: {}{}{}, {} % promised (version of {})", settings.agreement.id,
                  settings.rule->service, settings.agreement.region.empty() ? "" : ", ",
                  settings.agreement.region, version.commitment_text,
                  core::to_text(version.effective)));
  say(fmt::format("  cycle: {} from {} to {} ({})", core::to_text(*month),
                  core::to_text(terms->cycle.span.begin), core::to_text(terms->cycle.span.end),
                  terms->zone.name()));
  print_status(version);
  print_names(version);
  print_probes(books, settings, version);
  print_sdk_logs(settings);
  print_charges(settings, *month);
  print_lapses(settings);
  return {};
}

// The folder of a ledger that is not there yet.
core::Result<void> check_ledger(const config::Settings& settings) {
  const auto path = settings.ledger.file();
  if (!path) return {};
  const auto folder = std::filesystem::absolute(*path).parent_path();
  std::error_code ignored;
  if (std::filesystem::is_directory(folder, ignored)) return {};
  return core::Error{fmt::format("expected a ledger in a folder that is there, got '{}'", *path),
                     settings.file, fmt::format("make the folder: mkdir -p {}", folder.string())};
}

// All that `recoup run` would refuse to begin with; whether there was nothing.
bool is_fit_to_run(const config::Settings& settings) {
  const auto credentials = sources::probe::credentials_from(environment());
  std::vector<core::Result<void>> checks;
  checks.push_back(sources::probe::check(service::watched_probes(settings), credentials));
  const auto key = service::seal_key(settings);
  checks.push_back(key ? core::Result<void>() : key.error());
  checks.push_back(check_ledger(settings));
  bool fit = true;
  for (const auto& done : checks) {
    if (done) continue;
    complain(done.error(), kWrongWords);
    fit = false;
  }
  return fit;
}

}  // namespace

Exit check(const CheckOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const core::Instant now = service::SystemClock().wall();
  for (const auto& agreement : settings->agreements) {
    if (auto done = print_agreement(*settings->books, agreement, now); !done)
      return complain(done.error(), kWrongWords);
  }
  warn(*settings);
  const bool doubled = complain_of_doubles(*settings);
  if (!is_fit_to_run(*settings) || doubled) return kWrongWords;
  if (const auto warning = config::exposure_warning(*settings)) {
    fmt::print(stderr, "{}\n", *warning);
  }
  const auto& sdk = settings->sdk_listen;
  say(fmt::format("{}: correct; the ledger is {}, the service will listen on {}{}", settings->file,
                  settings->ledger.shown(), config::to_text(settings->listen),
                  sdk ? " and for AWS SDKs on " + config::to_text(*sdk) : ""));
  return kDone;
}

}  // namespace recoup::cli
