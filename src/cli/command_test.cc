#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/classify.h"
#include "documents/near.h"
#include "record/redact.h"
#include "report/exchange_json.h"
#include "service/monitor.h"
#include "service/system_world.h"
#include "sources/probe/once.h"
#include "sources/probe/signer.h"

namespace recoup::cli {
namespace {

using record::Exchange;
using sources::probe::Probe;

constexpr const char* kNotCounted =
    "not counted: it was sent beside the probe's schedule, by which its Requests are "
    "due; `recoup run` counts those";

// What was tested, and what became of it.
struct Tested {
  const config::AgreementSettings& agreement;
  const sources::probe::ProbeSettings& probe;
  const core::Version& version;
  std::string signed_how;  // empty: it is not
  Exchange exchange;

  core::Classified counts_as() const { return core::classify(version, exchange.result.outcome); }
};

core::Result<std::shared_ptr<const Probe>> find_probe(const config::Settings& settings,
                                                      const std::string& target) {
  std::vector<std::string> names;
  for (auto& probe : service::watched_probes(settings)) {
    std::string name = probe->agreement + '/' + probe->settings.id;
    if (name == target) return probe;
    names.push_back(std::move(name));
  }
  constexpr std::size_t kMost = 10;
  std::string help = "there are none: an agreement has them as [[agreement.probe]]";
  if (!names.empty()) {
    const std::size_t more = names.size() - std::min(names.size(), kMost);
    std::vector<std::string> first(names.begin(), names.end() - static_cast<std::ptrdiff_t>(more));
    help = documents::did_you_mean(target, names,
                                   fmt::format("there are: {}{}", fmt::join(first, ", "),
                                               more == 0 ? "" : fmt::format(" and {} more", more)));
  }
  return core::Error{fmt::format("expected AGREEMENT/PROBE of {}, got '{}'", settings.file, target),
                     "", help};
}

std::string signing_words(const Probe& probe, const sources::probe::Keyring& keys) {
  if (!probe.settings.sign) return {};
  const rules::Signing& how = *probe.settings.sign;
  const std::string by(sources::probe::find_signer(how.by)->name);
  std::string words = by;
  if (!how.service.empty()) words += " for " + how.service;
  if (!how.region.empty()) words += " in " + how.region;
  for (const auto& state : keys.states()) {
    if (state.signer != by || state.profile != how.profile) continue;
    words += fmt::format(", with the keys of {}", state.from);
    if (state.ends) words += fmt::format(", which end {}", core::to_text(*state.ends));
  }
  return words;
}

// The text's lines, each behind a mark.
std::string marked(std::string_view mark, const std::string& text) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.empty()) out += fmt::format("  {} {}\n", mark, line);
  }
  if (!out.empty()) out.pop_back();
  return out;
}

void step(std::string_view name, std::string_view words) {
  constexpr std::size_t kWordsAt = 11;
  const std::string text = fmt::format("{:<11}{}", name, words);
  const auto width = output_width();
  say(width ? wrapped(text, *width, kWordsAt) : text);
}

void say_server(const Exchange& exchange) {
  const auto& server = exchange.result.server;
  if (!server) return;
  step("TLS", fmt::format("{}, {}; the server is {}, by {}; its certificates hold until {}",
                          server->version, server->cipher, server->subject, server->issuer,
                          core::to_text(server->earliest_end)));
}

void say_answer(const Exchange& exchange) {
  const record::ProbeResult& result = exchange.result;
  step("came back", fmt::format("{} after {}{}", core::to_text(result.outcome),
                                record::millis_text(result.duration),
                                exchange.peer.empty() ? "" : ", from " + exchange.peer));
  step("time", record::phases_text(result.phases));
  say_server(exchange);
  if (!exchange.why.empty()) step("because", exchange.why);
  if (!exchange.answered.empty()) say(marked("<", exchange.answered));
  if (!exchange.body.empty()) say(marked("|", exchange.body));
  if (exchange.body_is_cut) say("  | … (the first kilobyte)");
}

void say_steps(const Tested& tested) {
  const Exchange& exchange = tested.exchange;
  step("probe", fmt::format("{}/{}, under {} of {}", tested.agreement.agreement.id, tested.probe.id,
                            tested.agreement.rule->id, core::to_text(tested.version.date())));
  step("sent", fmt::format("to {}", record::without_secrets(tested.probe.url)));
  say(marked(">", exchange.asked));
  if (!tested.probe.body.empty()) {
    say(fmt::format("  > and a body of {} bytes", tested.probe.body.size()));
  }
  step("signed", tested.signed_how.empty() ? "no: the probe has no 'sign'" : tested.signed_how);
  say_answer(exchange);
  const core::Classified counts_as = tested.counts_as();
  step("counts as", fmt::format("{}: {}", core::to_text(counts_as.verdict), counts_as.clause));
  step("expected", exchange.result.expected ? "yes"
                                            : "no: such a request has evidence, and shows "
                                              "under \"Why requests fail\"");
  for (const record::CheckResult& one : exchange.result.checks) {
    step("check", fmt::format("{}: {}", one.check, one.failed() ? "fails: " + one.why : "holds"));
  }
  step("ledger", kNotCounted);
}

report::Json json_of(const Tested& tested) {
  const core::Classified counts_as = tested.counts_as();
  report::Json json = {{"agreement", tested.agreement.agreement.id},
                       {"sla", tested.agreement.rule->id},
                       {"version", core::to_text(tested.version.date())},
                       {"url", record::without_secrets(tested.probe.url)},
                       {"body_bytes_sent", tested.probe.body.size()},
                       {"signed", tested.signed_how.empty() ? report::Json(nullptr)
                                                            : report::Json(tested.signed_how)},
                       {"counts_as", std::string(core::to_text(counts_as.verdict))},
                       {"clause", counts_as.clause},
                       {"counted_in_ledger", false},
                       {"success", tested.exchange.result.success()}};
  json.update(report::exchange_json(tested.exchange));
  return json;
}

}  // namespace

Exit test(const TestOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto probe = find_probe(*settings, options.target);
  if (!probe) return complain(probe.error(), kWrongWords);

  const core::World world = service::system_world();
  const auto keys = std::make_shared<sources::probe::Keyring>(
      environment(), world, [](const std::string& news) { fmt::print(stderr, "{}\n", news); });
  if (const auto can = sources::probe::check({*probe}, keys.get()); !can) {
    return complain(can.error(), kWrongWords);
  }
  const sources::probe::Identity identity{"recoup/" RECOUP_VERSION, keys};
  const auto exchange = sources::probe::send_once(*probe, identity, world.clock);
  if (!exchange) {
    return complain({"no request was sent: " + exchange.error().message, options.target},
                    kCouldNot);
  }
  const config::AgreementSettings& agreement = *settings->find((*probe)->agreement);
  const std::chrono::year_month_day today(
      std::chrono::floor<std::chrono::days>(world.clock.wall()));
  const core::Version* version = agreement.rule->in_force(today.year() / today.month());
  if (version == nullptr) version = &agreement.rule->versions.back();
  const Tested tested{agreement, (*probe)->settings, *version, signing_words(**probe, *keys),
                      exchange->shown(sources::probe::RawExchange::To::owner)};
  if (options.json) {
    say(report::indented(json_of(tested)));
  } else {
    say_steps(tested);
  }
  return tested.exchange.result.success() ? kDone : kCouldNot;
}

}  // namespace recoup::cli
