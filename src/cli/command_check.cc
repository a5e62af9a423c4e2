#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/agreement_paragraph.h"
#include "cli/commands.h"
#include "cli/print_charge.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/exposure.h"
#include "core/text.h"
#include "report/json.h"
#include "service/monitor.h"
#include "service/seal_key.h"
#include "service/system_world.h"
#include "sources/probe/prober.h"

namespace recoup::cli {
namespace {

// Those of one [[agreement]] that are alike.
struct Alike {
  const config::AgreementSettings* first;
  Paragraph paragraph;
  std::size_t count = 0;
};

void print_block(const std::vector<Alike>& block) {
  std::size_t all = 0;
  std::uint64_t requests = 0;
  std::optional<core::Money> cost = core::Money{};
  for (const auto& [first, paragraph, count] : block) {
    if (count > 1) {
      say(fmt::format("{}: {} agreements, each like", first->pattern, core::grouped(count)));
    }
    say(prose(fmt::format("{}: {}", first->agreement.id, paragraph.title)));
    for (const std::string& line : paragraph.lines) say(prose(line));
    print_lapses(*first);
    all += count;
    requests += count * paragraph.requests;
    if (cost && paragraph.cost) {
      cost = core::Money{cost->amount + paragraph.cost->amount * core::Ratio::whole(count),
                         paragraph.cost->currency};
    } else {
      cost = std::nullopt;
    }
  }
  if (all == 1 || requests == 0) return;
  say(prose(fmt::format("{}: in all {} requests of probes in 30 days{}",
                        block.front().first->pattern, core::grouped(requests),
                        cost ? fmt::format(", {} by published prices", exact_text(*cost)) : "")));
}

// Of agreements that are one [[agreement]] each paragraph is printed once that says more of them
// than where they are.
core::Result<void> print_agreements(const config::Settings& settings, core::Instant now) {
  std::vector<Alike> block;
  for (const config::AgreementSettings& agreement : settings.agreements) {
    auto paragraph = paragraph_of(*settings.books, agreement, now);
    if (!paragraph) return paragraph.error();
    const bool goes_on = !block.empty() && !agreement.pattern.empty() &&
                         block.front().first->pattern == agreement.pattern;
    if (!goes_on && !block.empty()) {
      print_block(block);
      block.clear();
    }
    const auto same = std::find_if(block.begin(), block.end(), [&](const Alike& each) {
      return each.paragraph.alike == paragraph->alike;
    });
    if (same != block.end()) {
      ++same->count;
    } else {
      block.push_back({&agreement, *std::move(paragraph), 1});
    }
  }
  if (!block.empty()) print_block(block);
  return {};
}

// Without the blanks and line breaks that are for people.
std::string on_a_line(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n') {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

report::Json agreement_json(const config::AgreementSettings& settings, const Paragraph& paragraph) {
  const core::Agreement& agreement = settings.agreement;
  report::Json said = report::Json::array();
  for (const std::string& line : paragraph.lines) said.push_back(on_a_line(line));
  const core::Version& version = *paragraph.version;
  return {{"agreement", agreement.id},
          {"sla", settings.rule->id},
          {"version", core::to_text(version.date())},
          {"service", settings.rule->service},
          {"provider", settings.rule->provider},
          {"region", agreement.region},
          {"commitment", version.commitment_text},
          {"missing", version.missing},
          {"month", core::to_text(paragraph.month)},
          {"cycle",
           {{"begin", core::to_text(paragraph.cycle.span.begin)},
            {"end", core::to_text(paragraph.cycle.span.end)}}},
          {"time_zone", paragraph.zone},
          {"requests_in_30_days", paragraph.requests},
          {"cost_in_30_days", report::money_json(paragraph.cost)},
          {"said", std::move(said)}};
}

core::Result<report::Json> agreements_json(const config::Settings& settings, core::Instant now) {
  report::Json rows = report::Json::array();
  for (const config::AgreementSettings& agreement : settings.agreements) {
    const auto paragraph = paragraph_of(*settings.books, agreement, now);
    if (!paragraph) return paragraph.error();
    rows.push_back(agreement_json(agreement, *paragraph));
  }
  return rows;
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
  sources::probe::Keyring keys(environment(), service::system_world(), {});
  std::vector<core::Result<void>> checks;
  checks.push_back(sources::probe::check(service::watched_probes(settings), &keys));
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

Exit check_as_json(const config::Settings& settings, core::Instant now) {
  const auto agreements = agreements_json(settings, now);
  if (!agreements) return complain(agreements.error(), kWrongWords);
  const bool doubled = complain_of_doubles(settings);
  const bool correct = is_fit_to_run(settings) && !doubled;
  const auto exposed = config::exposure_warning(settings);
  say(report::indented(
      {{"file", settings.file},
       {"correct", correct},
       {"ledger", settings.ledger.shown()},
       {"listen", config::to_text(settings.listen)},
       {"sdk_listen", settings.sdk_listen ? report::Json(config::to_text(*settings.sdk_listen))
                                          : report::Json(nullptr)},
       {"role", std::string(record::to_text(settings.role))},
       {"vantage", settings.vantage},
       {"tells",
        settings.notify.empty() ? report::Json(nullptr) : report::Json(settings.notify.shown())},
       {"warnings",
        settings.warnings.empty() ? report::Json(nullptr) : report::Json(settings.warnings)},
       {"exposure", exposed ? report::Json(*exposed) : report::Json(nullptr)},
       {"agreements", *agreements}}));
  return correct ? kDone : kWrongWords;
}

// What the service will do.
void print_service(const config::Settings& settings) {
  const auto& sdk = settings.sdk_listen;
  say(prose(fmt::format("{}: correct; the ledger is {}, the service will listen on {}{}",
                        settings.file, settings.ledger.shown(), config::to_text(settings.listen),
                        sdk ? " and for AWS SDKs on " + config::to_text(*sdk) : "")));
  if (settings.role == record::Role::prober) {
    say(prose(
        fmt::format("   as a prober it counts from {}; another process, recoup run --role judge, "
                    "judges, seals and tells",
                    settings.vantage)));
  } else if (settings.role == record::Role::judge) {
    say(
        prose("   as a judge it sends no probe and follows no log: recoup run --role prober does, "
              "with a vantage of its own each"));
  }
  if (!settings.notify.empty()) {
    say(prose(fmt::format("   it tells {} what there is to know; recoup notify --test tries that",
                          settings.notify.shown())));
  }
}

}  // namespace

Exit check(const CheckOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const core::Instant now = service::SystemClock().wall();
  if (options.json) return check_as_json(*settings, now);
  if (auto done = print_agreements(*settings, now); !done) {
    return complain(done.error(), kWrongWords);
  }
  warn(*settings);
  const bool doubled = complain_of_doubles(*settings);
  if (!is_fit_to_run(*settings) || doubled) return kWrongWords;
  if (const auto warning = config::exposure_warning(*settings)) {
    fmt::print(stderr, "{}\n", *warning);
  }
  print_service(*settings);
  return kDone;
}

}  // namespace recoup::cli
