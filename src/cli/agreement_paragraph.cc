#include "cli/agreement_paragraph.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/price_book.h"
#include "billing/request_cost.h"
#include "cli/print_charge.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/exposure.h"
#include "core/text.h"
#include "judge/judge.h"
#include "judge/plan.h"
#include "record/redact.h"
#include "report/contract_words.h"
#include "service/follow/followed_files.h"
#include "sources/logs/format.h"
#include "sources/logs/sight.h"
#include "sources/probe/probe_list.h"

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

// After how long so many requests are sent, cut: in days, or where that is less than two of them in
// hours or minutes.
std::string spent_in_words(const config::AgreementSettings& settings, std::uint64_t most) {
  // So that what is sent once an hour has a pace, too.
  constexpr std::chrono::days kLong{1000};
  const std::uint64_t sent = std::max<std::uint64_t>(1, config::requests_in(settings, kLong));
  __extension__ using Wide = unsigned __int128;
  const auto minutes = static_cast<std::uint64_t>(
      Wide{most} * static_cast<std::uint64_t>(std::chrono::minutes(kLong).count()) / sent);
  constexpr std::uint64_t kHour = 60, kDay = 24 * kHour;
  if (minutes >= 2 * kDay) return core::counted(minutes / kDay, "day");
  if (minutes >= 2 * kHour) return core::counted(minutes / kHour, "hour");
  return minutes == 0 ? "less than a minute" : core::counted(minutes, "minute");
}

// Where the probes have to stop, by what the agreement may send.
void add_most(const config::AgreementSettings& settings, std::uint64_t most, Paragraph& out) {
  std::string text =
      fmt::format("  budget: at most {} requests in a billing cycle", core::grouped(most));
  text += out.requests <= most ? ": more than these probes send"
                               : fmt::format(
                                     ": spent after {}, then no request is sent until the next "
                                     "cycle, and what was due is missed (budget)",
                                     spent_in_words(settings, most));
  out.add(wrapped(text));
}

// All probes of a list at once.
std::string targets_in_words(const config::AgreementSettings& settings,
                             const sources::probe::ProbeSettings& probe) {
  const auto targets = static_cast<std::uint64_t>(
      std::count_if(settings.probes.begin(), settings.probes.end(),
                    [&](const auto& one) { return one.list == probe.list; }));
  const auto& pattern = probe.list->pattern;
  return fmt::format(
      "  probe {}: {} {} to {}{} every {}, timeout {}{}: {} requests in 30 days", pattern.id,
      pattern.method, record::without_secrets(pattern.url), core::counted(targets, "target"),
      probe.list->by_target ? ", each a series of its own," : ", one series,",
      core::to_text(probe.every), core::to_text(probe.timeout), probe.sign ? ", signed" : "",
      core::grouped(targets * static_cast<std::uint64_t>(kMonth / probe.every)));
}

void add_probes(const billing::PriceShelf& books, const config::AgreementSettings& settings,
                const core::Version& version, Paragraph& out) {
  // Of several resources each by itself; the first one stands for all.
  std::vector<core::Millis> periods;
  std::shared_ptr<const sources::probe::ProbeList> last;  // that was said
  for (const auto& probe : settings.probes) {
    if (probe.resource == settings.probes.front().resource) periods.push_back(probe.every);
    const auto requests = static_cast<std::uint64_t>(kMonth / probe.every);
    out.requests += requests;
    if (probe.list) {
      if (probe.list == last) continue;
      last = probe.list;
      out.add(targets_in_words(settings, probe));
      continue;
    }
    const std::string asked =
        fmt::format("  probe {}{}{}: {}", probe.id, probe.resource.empty() ? "" : " of ",
                    probe.resource, probe.method);
    const std::string rest = fmt::format("every {}, timeout {}{}: {} requests in 30 days",
                                         core::to_text(probe.every), core::to_text(probe.timeout),
                                         probe.sign ? ", signed" : "", core::grouped(requests));
    out.add(fmt::format("{} {} {}", asked, record::without_secrets(probe.url), rest), asked + rest);
  }
  if (settings.probes.empty()) {
    out.add(settings.logs.empty() ? "  no probes: lives on imports" : "  no probes: lives on logs");
    return;
  }
  out.add("  resolution: " +
          resolution_in_words(version, judge::resolution_of(version, periods, kMonth)));
  if (settings.probes.size() > 1) {
    out.add(fmt::format("  probes: {} requests in 30 days together", core::grouped(out.requests)));
  }
  if (const auto most = settings.max_requests_per_month) add_most(settings, *most, out);
  out.cost =
      billing::cost_of_requests(books, settings.rule->id, settings.agreement.region, out.requests);
  if (out.cost) {
    out.add(fmt::format("  cost: {} in 30 days by published prices", exact_text(*out.cost)));
  }
}

// Whose attempts are counted as SDKs report them.
void add_sdk_logs(const config::AgreementSettings& settings, Paragraph& out) {
  for (const config::LogSettings& log : settings.logs) {
    if (!log.listens()) continue;
    const std::string& region = settings.agreement.region;
    const std::string what =
        fmt::format("  log {}: attempts of {}", log.id, core::listed(log.services));
    const std::string whose = fmt::format(
        " that AWS SDKs report, of {}",
        log.clients.empty() ? "every client" : "the clients " + core::listed(log.clients));
    out.add(wrapped(what + (region.empty() ? "" : " in " + region) + whose), what + whose);
  }
}

// Which files are followed, and how many of them are there.
void add_followed_logs(const config::AgreementSettings& settings, Paragraph& out) {
  for (const config::LogSettings& log : settings.logs) {
    if (!log.follows()) continue;
    const auto found = service::found_files(log.path);
    const std::string rest =
        fmt::format("{}, silent after {}",
                    found ? core::counted(found->size(), "file") + " now" : found.error().message,
                    log.silent_after ? core::to_text(*log.silent_after) : "no time");
    const std::string what = fmt::format("  log {}: follows ", log.id);
    out.add(wrapped(fmt::format("{}{}: {}", what, log.path, rest)), what + rest);
  }
}

// Which logs are not counted, and what each kind of source cannot see.
void add_sight(const config::AgreementSettings& settings, Paragraph& out) {
  std::vector<std::string> kinds;
  if (!settings.probes.empty()) kinds.emplace_back("probe");
  for (const config::LogSettings& log : settings.logs) {
    if (log.corroborates) {
      out.add(fmt::format("  log {}: compared with the others, and not counted", log.id));
    }
    if (log.format != sources::kAutoFormat) kinds.push_back(log.format);
  }
  for (const config::QuerySettings& query : settings.queries) {
    const std::string engine(to_text(query.query.engine));
    out.add(fmt::format("  query {}: asks {} every {}{}", query.id, engine,
                        core::to_text(query.every),
                        query.corroborates ? "; compared with the others, and not counted" : ""));
    kinds.push_back(engine);
  }
  for (auto kind = kinds.begin(); kind != kinds.end(); ++kind) {
    if (std::find(kinds.begin(), kind, *kind) != kind) continue;
    out.add(wrapped(fmt::format("  sight: {}", sources::sight_of(*kind).cannot_see)));
  }
}

// What a contract that knows Errors by their names asks of logs: there is no key to set for them.
void add_names(const core::Version& version, Paragraph& out) {
  if (!version.operations.empty()) {
    out.add(
        wrapped(fmt::format("  operations: the contract counts {} alone: probe with these, and "
                            "give it no log of others",
                            fmt::join(version.operations, ", "))));
  }
  if (!version.error.or_names.empty()) {
    out.add(
        wrapped(fmt::format("  errors: an answer with the error {} is one whatever its status: "
                            "probes and logs without names see none of these",
                            fmt::join(version.error.or_names, " or "))));
  }
  if (version.error.names.empty()) return;
  const std::string name = fmt::format("{}", fmt::join(version.error.names, " or "));
  out.add(wrapped(
      fmt::format("  errors: an Error is called {}: counts that are imported need the name, "
                  "like 500/{}; an access log in the combined format has none, and no "
                  "failure in it is counted",
                  name, version.error.names.front())));
}

// What the contract's text lacks, and where the user can say it.
void add_status(const core::Version& version, Paragraph& out) {
  if (!version.supplied.empty()) out.add("  you supplied: " + listed(version.supplied));
  if (version.status == core::Status::complete) return;
  out.add(fmt::format("  partial: no claim can be written: the rule lacks {}",
                      listed(version.missing)));
  out.add(
      wrapped("    supply them in recoup.toml, from your own contract, under [agreement.terms]; "
              "`recoup rules show` has what is known"));
}

// Where the charges come from, and what they are for the running month if that can be said.
void add_charges(const config::AgreementSettings& settings, core::Month month, Paragraph& out) {
  const billing::ChargeSettings& charges = settings.charges;
  if (charges.empty()) {
    return out.add(
        wrapped("  charges: neither stated nor in a bill nor estimated, so no claim can be written "
                "yet: fill in [agreement.charges]"));
  }
  for (const billing::StatedCharge& stated : charges.stated) {
    out.add(fmt::format("  charges: {} stated for {}", exact_text(stated.amount),
                        core::to_text(stated.month)));
  }
  for (const billing::BillSettings& bill : charges.bills) {
    out.add(fmt::format("  charges: by the bills {}", fmt::join(bill.paths, ", ")));
  }
  if (!charges.book) return;
  config::AgreementSettings by_book = settings;
  by_book.charges.stated.clear();
  by_book.charges.bills.clear();
  const auto estimated = charges_of(by_book, month);
  if (!estimated) {
    out.add(wrapped("  charges: no estimate: " + estimated.error().message));
    if (!estimated.error().help.empty()) out.add(wrapped("    " + estimated.error().help));
    return;
  }
  out.add(fmt::format("  charges: {} estimated for {} from {}", exact_text((*estimated)->amount),
                      core::to_text(month), charges.book->book->id));
}

}  // namespace

core::Result<Paragraph> paragraph_of(const billing::PriceShelf& books,
                                     const config::AgreementSettings& settings, core::Instant now) {
  const auto month = judge::month_at(settings, now);
  if (!month) return month.error();
  const auto terms = judge::cycle_terms(settings, *month);
  if (!terms) return terms.error();
  const core::Version& version = *terms->version;
  Paragraph out;
  out.month = *month;
  out.version = terms->version;
  out.cycle = terms->cycle;
  out.zone = terms->zone.name();
  const std::string& region = settings.agreement.region;
  out.title =
      fmt::format("{}{}{}, {} % promised ({})", settings.rule->service, region.empty() ? "" : ", ",
                  region, version.commitment_text, report::version_words(version));
  out.add(fmt::format("  cycle: {} from {} to {} ({})", core::to_text(*month),
                      core::to_text(terms->cycle.span.begin), core::to_text(terms->cycle.span.end),
                      terms->zone.name()));
  add_status(version, out);
  add_names(version, out);
  add_probes(books, settings, version, out);
  add_sdk_logs(settings, out);
  add_followed_logs(settings, out);
  add_sight(settings, out);
  add_charges(settings, *month, out);
  return out;
}

}  // namespace recoup::cli
