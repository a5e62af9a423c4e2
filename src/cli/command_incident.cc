#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/incident_rows.h"
#include "cli/input_files.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "incidents/incident_file.h"
#include "incidents/one_line.h"
#include "judge/provider_incidents.h"
#include "record/digest.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::ProviderIncident;
using core::Result;
using incidents::IncidentFile;

// What is read of a file, plain or packed.
Result<std::string> content_of(const documents::InputFile& file) {
  constexpr std::size_t kMost = incidents::kLargestIncidentFile;
  documents::Content content(file, nullptr, {kMost, ""});
  std::string text;
  for (std::array<char, 65536> part; text.size() <= kMost;) {
    const std::size_t got = content.read(part.data(), part.size());
    if (got == 0) break;
    text.append(part.data(), got);
  }
  if (!content.state()) return content.state().error();
  if (text.size() <= kMost) return text;
  return Error{fmt::format("expected a file of at most {} bytes, got a larger one", kMost),
               file.name};
}

std::string read_words(const std::string& name, const IncidentFile& file) {
  std::string text = fmt::format("{}: {}: {}", name, incidents::to_text(file.form),
                                 core::counted(file.incidents.size(), "incident"));
  if (!file.left_out.empty()) text += fmt::format(", {} left out", file.left_out.size());
  if (file.unreadable > 0) text += fmt::format(", {} could not be read", file.unreadable);
  return text;
}

void say_left_out(const IncidentFile& file) {
  constexpr std::size_t kMost = 10;
  for (std::size_t i = 0; i < std::min(kMost, file.left_out.size()); ++i) {
    const auto& [what, why] = file.left_out[i];
    say(fmt::format("  left out: {}: {}", cut(what, 60), why));
  }
  if (file.left_out.size() > kMost) {
    say(fmt::format("  left out: {} more", file.left_out.size() - kMost));
  }
}

// ImportedIncidents is what all files held, and whether all of it could be read.
struct ImportedIncidents {
  std::vector<ProviderIncident> incidents;
  Exit exit = kDone;
};

void read_one(const documents::InputFile& input, const IncidentImportOptions& options,
              ImportedIncidents& into) {
  const auto content = content_of(input);
  if (!content) {
    into.exit = complain(content.error(), kCouldNot);
    return;
  }
  const std::string provider = options.provider.empty() ? "" : judge::provider_id(options.provider);
  auto file = incidents::read_incident_file(input.name, *content, record::sha256_hex(*content),
                                            {provider, options.agreements});
  if (!file) {
    into.exit = complain(file.error(), kCouldNot);
    return;
  }
  for (const std::string& complaint : file->complaints) complain({complaint}, kCouldNot);
  if (file->unreadable > 0) into.exit = kCouldNot;
  if (!options.json) {
    say(read_words(input.name, *file));
    say_left_out(*file);
  }
  for (ProviderIncident& one : file->incidents) {
    one.provider = judge::provider_id(one.provider);
    into.incidents.push_back(std::move(one));
  }
}

// Where to look at what they do.
void say_next(const config::Settings& settings, const std::vector<IncidentRow>& rows) {
  for (const IncidentRow& row : rows) {
    if (row.touched.empty()) continue;
    const auto month = judge::month_at(*settings.find(row.touched.front()), row.incident.begin);
    if (!month) continue;
    return say(fmt::format("see it beside what was lost: recoup assess --agreement {} --month {}",
                           row.touched.front(), core::to_text(*month)));
  }
}

struct IncidentPlace {
  config::Settings settings;
  std::unique_ptr<ledger::Ledger> ledger;
};

// The settings, which must have these agreements, and their ledger; what is wrong is the exit.
std::variant<IncidentPlace, Exit> open_place(const std::string& config,
                                             const std::vector<std::string>& agreements) {
  auto settings = load(config);
  if (!settings) return complain(settings.error(), kWrongWords);
  for (const std::string& id : agreements) {
    if (const auto picked = pick(*settings, id); !picked) {
      return complain(picked.error(), kWrongWords);
    }
  }
  auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  return IncidentPlace{*std::move(settings), *std::move(ledger)};
}

// When it was, as the command line says it.
Result<void> take_times(const config::Settings& settings, const IncidentAddOptions& options,
                        ProviderIncident& incident) {
  const core::Instant now = service::SystemClock().wall();
  const auto instant = [&](const core::SaidTime& said) {
    return instant_of(settings, incident.agreements, said, now);
  };
  const auto begin = instant(options.begin);
  if (!begin) return begin.error();
  incident.begin = *begin;
  for (const auto& [said, into] : {std::pair(&options.end, &incident.end),
                                   std::pair(&options.announced, &incident.announced)}) {
    if (!*said) continue;
    const auto at = instant(**said);
    if (!at) return at.error();
    *into = *at;
  }
  if (incident.end && *incident.end < incident.begin) {
    return Error{fmt::format("expected --end behind --begin, got {} to {}",
                             core::to_text(incident.begin), core::to_text(*incident.end))};
  }
  return {};
}

Result<void> check_by_hand(const ProviderIncident& incident) {
  if (!incident.url.empty() && !incident.url.starts_with("https://") &&
      !incident.url.starts_with("http://")) {
    return Error{
        fmt::format("expected an address like https://… behind --url, got '{}'", incident.url)};
  }
  if (incidents::one_line(incident.title).empty()) {
    return Error{"expected a --title, got none", "", "the page and the claim show it"};
  }
  return {};
}

}  // namespace

Exit incident_import(const IncidentImportOptions& options) {
  auto place = open_place(options.config, options.agreements);
  if (const Exit* exit = std::get_if<Exit>(&place)) return *exit;
  const auto& [settings, ledger] = std::get<IncidentPlace>(place);
  const auto inputs = InputFiles::of(options.files);
  if (!inputs) return complain(inputs.error(), kWrongWords);
  ImportedIncidents read;
  for (const documents::InputFile& input : inputs->files()) read_one(input, options, read);
  const auto rows = keep_incidents(settings, *ledger, read.incidents);
  if (!rows) return complain(rows.error(), kCouldNot);
  if (options.json) {
    say(report::indented(incident_rows_json(*rows)));
  } else {
    print_incident_rows(*rows);
    say_next(settings, *rows);
  }
  return read.exit;
}

Exit incident_add(const IncidentAddOptions& options) {
  ProviderIncident incident = options.incident;
  if (const auto good = check_by_hand(incident); !good) return complain(good.error(), kWrongWords);
  auto place = open_place(options.config, incident.agreements);
  if (const Exit* exit = std::get_if<Exit>(&place)) return *exit;
  const auto& [settings, ledger] = std::get<IncidentPlace>(place);
  if (const auto said = take_times(settings, options, incident); !said) {
    return complain(said.error(), kWrongWords);
  }
  incident.provider = judge::provider_id(incident.provider);
  incident.title = incidents::one_line(incident.title);
  incident.id = fmt::format("by hand: {}, {}", core::listed(incident.services),
                            core::to_text(incident.begin));
  const auto rows = keep_incidents(settings, *ledger, {incident});
  if (!rows) return complain(rows.error(), kCouldNot);
  print_incident_rows(*rows);
  say_next(settings, *rows);
  return kDone;
}

Exit incident_list(const IncidentListOptions& options) {
  std::vector<std::string> agreements;
  if (!options.agreement.empty()) agreements.push_back(options.agreement);
  auto place = open_place(options.config, agreements);
  if (const Exit* exit = std::get_if<Exit>(&place)) return *exit;
  const auto& [settings, ledger] = std::get<IncidentPlace>(place);
  auto rows = all_incident_rows(settings, *ledger);
  if (!rows) return complain(rows.error(), kCouldNot);
  if (!options.agreement.empty()) {
    std::erase_if(*rows, [&](const IncidentRow& row) {
      return std::find(row.touched.begin(), row.touched.end(), options.agreement) ==
             row.touched.end();
    });
  }
  if (options.json) {
    say(report::indented(incident_rows_json(*rows)));
  } else if (rows->empty()) {
    say("  no incident of a provider is known; see recoup incident --help");
  } else {
    print_incident_rows(*rows);
  }
  return kDone;
}

Exit incident_remove(const IncidentRemoveOptions& options) {
  auto place = open_place(options.config, {});
  if (const Exit* exit = std::get_if<Exit>(&place)) return *exit;
  const auto& [settings, ledger] = std::get<IncidentPlace>(place);
  const auto rows = all_incident_rows(settings, *ledger);
  if (!rows) return complain(rows.error(), kCouldNot);
  const auto row = std::find_if(rows->begin(), rows->end(), [&](const IncidentRow& one) {
    return one.incident.number == options.number;
  });
  const auto removed = ledger->remove_incident(
      options.number, row == rows->end() ? std::vector<std::string>() : row->touched);
  if (!removed) return complain(removed.error(), kCouldNot);
  if (!*removed) {
    return complain({fmt::format("expected the number of an incident, got {}", options.number), "",
                     "recoup incident list shows them"},
                    kCouldNot);
  }
  say(fmt::format("forgotten: {}, {}", (*removed)->title, core::to_text((*removed)->begin)));
  return kDone;
}

}  // namespace recoup::cli
