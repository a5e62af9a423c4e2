#include "cli/workspace.h"

#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

constexpr const char* kDefaults[] = {"recoup.toml", "/etc/recoup/recoup.toml"};
constexpr std::string_view kSqlite = "sqlite:";

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

Result<std::unique_ptr<ledger::Ledger>> open(const config::Settings& settings) {
  std::string url = settings.ledger;
  if (url.starts_with(kSqlite) && !url.starts_with("sqlite::")) {
    const fs::path path(url.substr(kSqlite.size()));
    if (path.is_relative())
      url = std::string(kSqlite) + (fs::path(settings.file).parent_path() / path).string();
  }
  return ledger::open_ledger(url);
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

}  // namespace recoup::cli
