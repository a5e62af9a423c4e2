#include "cli/workspace.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "billing/charges.h"
#include "cli/terminal.h"
#include "documents/near.h"
#include "judge/beside.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

constexpr const char* kDefaults[] = {"recoup.toml", "/etc/recoup/recoup.toml"};

// The file that the command was given, or the environment; empty: one of the default places.
std::string named_file(const std::string& config) {
  const char* const named = std::getenv("RECOUP_CONFIG");  // NOLINT(concurrency-mt-unsafe)
  return config.empty() && named != nullptr ? named : config;
}

// To standard error; of many the first, and how many more there are.
void print_some(const std::vector<std::string>& texts) {
  constexpr std::size_t kMost = 10;
  for (std::size_t i = 0; i < std::min(texts.size(), kMost); ++i) {
    fmt::print(stderr, "{}\n", texts[i]);
  }
  if (texts.size() > kMost) fmt::print(stderr, "and {} more like these\n", texts.size() - kMost);
}

// What the settings have of it, or, where there are no settings, what is built in.
template <typename T>
Result<std::shared_ptr<const T>> own_or_builtin(const std::string& config,
                                                std::shared_ptr<const T> config::Settings::*part) {
  const bool none = std::none_of(std::begin(kDefaults), std::end(kDefaults),
                                 [](const char* path) { return fs::exists(path); });
  if (named_file(config).empty() && none) return std::shared_ptr<const T>(std::make_shared<T>());
  const auto settings = load(config);
  if (!settings) return settings.error();
  return (*settings).*part;
}

}  // namespace

documents::Environment environment() {
  documents::Environment found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

Result<config::Settings> load(const std::string& config) {
  const std::string named = named_file(config);
  if (!named.empty()) return config::load_settings(named, environment());
  for (const char* path : kDefaults) {
    if (fs::exists(path)) return config::load_settings(path, environment());
  }
  return Error{"expected settings in recoup.toml or /etc/recoup/recoup.toml, got neither", "",
               "write one with `recoup init`, or name one with --config or in RECOUP_CONFIG"};
}

void warn(const config::Settings& settings) {
  if (!settings.warnings.empty()) fmt::print(stderr, "{}\n", settings.warnings);
}

Result<std::shared_ptr<const rules::Catalog>> load_catalog(const std::string& config) {
  return own_or_builtin(config, &config::Settings::catalog);
}

Result<std::shared_ptr<const billing::PriceShelf>> load_books(const std::string& config) {
  return own_or_builtin(config, &config::Settings::books);
}

core::KnownCharge charges_of(const config::AgreementSettings& agreement, core::Month month) {
  ProgressLine progress("reading bills");
  billing::Charges charges(
      [&](const documents::Progress& so_far) { progress.show(so_far.read, so_far.size); });
  return charges.of(agreement.charged(), month);
}

Result<std::unique_ptr<ledger::Ledger>> open(const config::Settings& settings,
                                             ledger::Missing missing) {
  auto ledger = ledger::open_ledger(settings.ledger, missing);
  if (ledger && missing == ledger::Missing::make && (*ledger)->is_new()) {
    say(fmt::format("{}: a new ledger", settings.ledger.shown()));
  }
  if (ledger) {
    if (auto done = judge::note_compared(**ledger, settings); !done) return done.error();
  }
  return ledger;
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

Exit exit_of(const service::ServiceEnd& ended) {
  if (!ended.error) return kDone;
  return complain(*ended.error, ended.wrong_settings ? kWrongWords : kCouldNot);
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
