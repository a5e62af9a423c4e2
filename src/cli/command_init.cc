#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/first_settings.h"
#include "cli/provider_settings.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "documents/near.h"
#include "rules/uses.h"

namespace recoup::cli {
namespace {

Exit cannot_write(const std::string& path, const std::string& why) {
  return complain(
      {fmt::format("expected a folder that can be written, got one that cannot: {}", why), path,
       "name another one: recoup init DIR"},
      kWrongWords);
}

// What there is to choose from where nothing is chosen: a line for each use.
void offer_uses(const rules::Catalog& catalog) {
  TextTable table({"USE", Column("WHAT IT IS").broken_to(24), Column("CONTRACTS").right(),
                   Column("OF").cut_to(20)});
  for (const rules::Use& use : rules::all_uses()) {
    std::vector<std::string> providers;
    for (const std::string& id : use.rules) {
      const std::string& provider = catalog.find_rule(id)->rule.provider;
      if (std::find(providers.begin(), providers.end(), provider) == providers.end()) {
        providers.push_back(provider);
      }
    }
    table.add({use.id, use.text, fmt::format("{}", use.rules.size()), listed(providers)});
  }
  table.print();
}

using Contracts = std::vector<std::shared_ptr<const rules::RuleFile>>;

bool is_complete(const rules::RuleFile& file) {
  return file.rule.versions.back().status == core::Status::complete;
}

// The contracts of a use, or of a provider's, those that can be claimed by first.
Contracts contracts_for(const rules::Catalog& catalog, const InitOptions& options) {
  const rules::Use* use = rules::find_use(options.use);
  Contracts contracts;
  for (const std::string& id : use != nullptr ? use->rules : catalog.all_rule_ids()) {
    auto file = catalog.find_rule(id);
    if (options.provider.empty() || file->rule.provider == options.provider) {
      contracts.push_back(std::move(file));
    }
  }
  std::stable_sort(contracts.begin(), contracts.end(), [](const auto& a, const auto& b) {
    return is_complete(*a) && !is_complete(*b);
  });
  return contracts;
}

void offer(const Contracts& contracts) {
  TextTable table({Column("CONTRACT").cut_to(24), Column("SERVICE").cut_to(24),
                   Column("PROMISED").right(), Column("STATUS").goes(1)});
  for (const auto& file : contracts) {
    const core::Version& newest = file->rule.versions.back();
    table.add({file->rule.id, file->rule.service, newest.commitment_text + " %",
               is_complete(*file) ? "complete" : "partial"});
  }
  table.print();
  say(fmt::format("\nNext: recoup init --sla {}", contracts.front()->rule.id));
}

core::Error no_contract(const InitOptions& options) {
  InitOptions wider = options;
  wider.provider.clear();
  std::vector<std::string> providers;
  for (const auto& file : contracts_for(rules::Catalog(), wider)) {
    const std::string& provider = file->rule.provider;
    if (std::find(providers.begin(), providers.end(), provider) == providers.end()) {
      providers.push_back(provider);
    }
  }
  return {fmt::format("expected a provider that has such a contract, got '{}'", options.provider),
          "",
          documents::did_you_mean(options.provider, providers,
                                  fmt::format("they are {}", listed(providers)))};
}

Exit write_first(const rules::RuleFile& contract, const std::string& folder,
                 const ProviderStart* start = nullptr) {
  namespace fs = std::filesystem;
  const fs::path path = fs::path(folder) / "recoup.toml";
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return cannot_write(folder, code.message());
  if (fs::exists(path, code)) {
    return complain({"expected no recoup.toml, got one that is there already", path.string(),
                     "edit it, or name another folder"},
                    kCouldNot);
  }
  errno = 0;
  std::ofstream file(path);
  file << first_settings(contract, billing::PriceShelf(), ledger_for(folder), start);
  file.close();
  if (!file) return cannot_write(path.string(), std::generic_category().message(errno));
  say(fmt::format("wrote {}, for {} ({})\n\n{}", path.string(), contract.rule.service,
                  contract.rule.id, next_steps(contract, folder, start)));
  return kDone;
}

}  // namespace

Exit init(const InitOptions& options) {
  const rules::Catalog catalog;
  if (!options.use.empty() && rules::find_use(options.use) == nullptr) {
    return complain(rules::unknown_use(options.use), kWrongWords);
  }
  if (!options.sla.empty()) {
    const auto contract = rules::find_contract(catalog, options.sla, std::nullopt);
    if (!contract) return complain(contract.error(), kWrongWords);
    return write_first(*catalog.find_rule(contract->rule->id), options.folder);
  }
  if (const ProviderStart* start = find_start(options.provider);
      start != nullptr && options.use.empty()) {
    return write_first(*catalog.find_rule(std::string(start->rule)), options.folder, start);
  }
  if (!options.use.empty() || !options.provider.empty()) {
    const Contracts contracts = contracts_for(catalog, options);
    if (contracts.empty()) return complain(no_contract(options), kWrongWords);
    if (contracts.size() == 1) return write_first(*contracts.front(), options.folder);
    offer(contracts);
    return kDone;
  }
  const Exit exit = write_first(*catalog.find_rule("aws-kms"), options.folder);
  if (exit != kDone) return exit;
  say("\nAnother service: recoup init --for USE [--provider NAME] shows its contracts, and\n"
      "recoup init --sla CONTRACT begins with one.\n");
  offer_uses(catalog);
  return kDone;
}

}  // namespace recoup::cli
