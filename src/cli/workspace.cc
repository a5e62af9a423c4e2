#include "cli/workspace.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "billing/charge.h"
#include "cli/terminal.h"
#include "config/files.h"
#include "config/near.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

constexpr const char* kDefaults[] = {"recoup.toml", "/etc/recoup/recoup.toml"};

Result<Contract> version_of(const std::shared_ptr<const core::Rule>& rule,
                            const std::string& date) {
  std::string known;
  for (const core::Version& version : rule->versions) {
    const std::string effective = core::to_text(version.effective);
    if (effective == date) return Contract{rule, &version};
    known += (known.empty() ? "" : ", ") + effective;
  }
  return Error{fmt::format("expected the date of a version of {}, got '{}'", rule->id, date), "",
               "there are: " + known};
}

// To standard error; of many the first, and how many more there are.
void print_some(const std::vector<std::string>& texts) {
  constexpr std::size_t kMost = 10;
  for (std::size_t i = 0; i < std::min(texts.size(), kMost); ++i) {
    fmt::print(stderr, "{}\n", texts[i]);
  }
  if (texts.size() > kMost) fmt::print(stderr, "and {} more like these\n", texts.size() - kMost);
}

}  // namespace

config::Environment environment() {
  config::Environment found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

Result<config::Settings> load(const std::string& config) {
  if (!config.empty()) return config::load_settings(config, environment());
  for (const char* path : kDefaults) {
    if (fs::exists(path)) return config::load_settings(path, environment());
  }
  return Error{"expected settings in recoup.toml or /etc/recoup/recoup.toml, got neither", "",
               "write one with `recoup init`, or name one with --config"};
}

void warn(const config::Settings& settings) {
  if (!settings.warnings.empty()) fmt::print(stderr, "{}\n", settings.warnings);
}

Result<std::shared_ptr<const config::Catalog>> load_catalog(const std::string& config) {
  const bool none = std::none_of(std::begin(kDefaults), std::end(kDefaults),
                                 [](const char* path) { return fs::exists(path); });
  if (config.empty() && none) {
    return std::shared_ptr<const config::Catalog>(std::make_shared<config::Catalog>());
  }
  const auto settings = load(config);
  if (!settings) return settings.error();
  return settings->catalog;
}

Result<Contract> find_contract(const config::Catalog& catalog, const std::string& words,
                               std::optional<core::Month> month) {
  const auto at = words.find('@');
  const std::string id = words.substr(0, at);
  const auto file = catalog.find_rule(id);
  if (!file) {
    return Error{fmt::format("expected a rule, got '{}'", id), "",
                 config::did_you_mean(id, catalog.all_rule_ids(),
                                      "`recoup rules list` shows which there are")};
  }
  const std::shared_ptr<const core::Rule> rule(file, &file->rule);
  if (at != std::string::npos) return version_of(rule, words.substr(at + 1));
  const core::Version* version = month ? rule->in_force(*month / std::chrono::day(1)) : nullptr;
  return Contract{rule, version != nullptr ? version : &rule->versions.back()};
}

core::KnownCharge charges_of(const config::AgreementSettings& agreement, core::Month month) {
  Progress progress("reading bills");
  billing::Charges charges(
      [&](const billing::Progress& so_far) { progress.show(so_far.read, so_far.size); });
  return charges.of(agreement, month);
}

Result<std::unique_ptr<ledger::Ledger>> open(const config::Settings& settings,
                                             ledger::Missing missing) {
  auto ledger = ledger::open_ledger(settings.ledger, missing);
  if (ledger && missing == ledger::Missing::make && (*ledger)->is_new()) {
    say(fmt::format("{}: a new ledger", settings.ledger));
  }
  return ledger;
}

Result<std::optional<core::SealKey>> seal_key(const config::Settings& settings) {
  if (settings.signing_key.empty()) return std::optional<core::SealKey>();
  struct stat status {};
  if (stat(settings.signing_key.c_str(), &status) == 0 &&
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{fmt::format("expected a key that its owner alone can read, got the mode {:04o}",
                             status.st_mode & 07777),
                 settings.signing_key,
                 fmt::format("chmod 600 '{}'; whoever can read it can sign in your name",
                             settings.signing_key)};
  }
  auto pem = config::read_file(settings.signing_key);
  if (!pem) return Error{pem.error().message, settings.signing_key, pem.error().help};
  auto key = core::SealKey::from_pem(*std::move(pem));
  if (!key) return Error{key.error().message, settings.signing_key, key.error().help};
  return std::optional(*std::move(key));
}

Result<const config::AgreementSettings*> pick(const config::Settings& settings,
                                              const std::string& agreement) {
  if (const auto* found = settings.find(agreement)) return found;
  std::string known;
  for (const auto& one : settings.agreements)
    known += (known.empty() ? "" : ", ") + one.agreement.id;
  return Error{fmt::format("expected an agreement of {}, got '{}'", settings.file, agreement), "",
               "there are: " + known};
}

bool complain_of_doubles(const config::Settings& settings) {
  std::vector<std::string> texts;
  for (const config::Double& one : settings.doubles) texts.push_back(one.complaint);
  print_some(texts);
  return !texts.empty();
}

void warn_of_doubles(const config::Settings& settings, const std::string& agreement) {
  constexpr std::string_view kError = ": error: ";
  std::vector<std::string> texts;
  for (const config::Double& one : settings.doubles) {
    if (!agreement.empty() && one.first != agreement && one.second != agreement) continue;
    texts.push_back(one.complaint);
    const auto at = texts.back().find(kError);
    if (at != std::string::npos) texts.back().replace(at, kError.size(), ": warning: ");
  }
  print_some(texts);
}

Exit with_agreement(const std::string& config, const std::string& agreement,
                    const std::function<Exit(const Workplace&)>& work, ledger::Missing missing) {
  auto settings = load(config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto picked = pick(*settings, agreement);
  if (!picked) return complain(picked.error(), kWrongWords);
  auto ledger = open(*settings, missing);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  return work({*std::move(settings), *picked, *std::move(ledger)});
}

}  // namespace recoup::cli
