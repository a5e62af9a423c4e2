#include "rules/providers.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <regex.h>

#include "documents/near.h"
#include "rules/builtin_rules.h"

namespace recoup::rules {
namespace {

// Pattern is a regular expression that all of a text must match. It may be used by any thread.
class Pattern {
 public:
  explicit Pattern(const std::string& text)
      : sound_(regcomp(&compiled_, ("^(" + text + ")$").c_str(), REG_EXTENDED | REG_NOSUB) == 0) {}
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() {
    if (sound_) regfree(&compiled_);
  }

  bool is_sound() const { return sound_; }
  bool matches(const std::string& text) const {
    return regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0;
  }

 private:
  regex_t compiled_{};
  bool sound_;
};

struct Known {
  Provider provider;
  std::unique_ptr<const Pattern> account;
};

// Null where there is none of that id.
const Known* find_provider(const std::string& id) {
  static const auto known = [] {
    std::map<std::string, Known> read;
    for (const BuiltinFile& file : builtin_providers()) {
      auto provider = parse_provider(std::string(file.text), std::string(file.path));
      assert(provider.ok());
      auto account = std::make_unique<const Pattern>(provider->account);
      read.emplace(file.id, Known{*std::move(provider), std::move(account)});
    }
    return read;
  }();
  const auto found = known.find(id);
  return found == known.end() ? nullptr : &found->second;
}

// What a record may put around the name of an error.
std::string_view bare_name(std::string_view name) {
  constexpr std::string_view kBefore = "Server.";
  constexpr std::string_view kBehind = "Exception";
  if (name.starts_with(kBefore)) name.remove_prefix(kBefore.size());
  if (name.ends_with(kBehind) && name.size() > kBehind.size()) name.remove_suffix(kBehind.size());
  return name;
}

using Statuses = std::map<std::string, int, std::less<>>;

// A table like { 500 = ["InternalFailure"] }.
void read_statuses(const documents::Value& value, Statuses& statuses) {
  const auto table = value.table();
  if (!table) return;
  for (const documents::Value& entry : table->entries()) {
    int status = 0;
    const std::string key = entry.key();
    const auto [end, code] = std::from_chars(key.data(), key.data() + key.size(), status);
    if (code != std::errc{} || end != key.data() + key.size() || status < 400 || status > 599) {
      entry.complain(fmt::format("expected a status from 400 to 599, got '{}'", key));
      continue;
    }
    for (const std::string& name : entry.texts()) statuses[std::string(bare_name(name))] = status;
  }
}

RecordedService read_service(const documents::Table& table, const Statuses& of_all) {
  RecordedService service;
  service.event_source = table.required("event_source").text().value_or("");
  service.statuses = of_all;
  read_statuses(table.optional("errors"), service.statuses);
  return service;
}

bool is_region(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  };
  const auto fits = [&](char c) { return is_plain(c) || c == ' '; };
  return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
         text.find("  ") == std::string_view::npos && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

core::Result<Provider> parse_provider(const std::string& text, const std::string& path) {
  documents::Document document(path, text);
  Provider provider;
  if (document.is_sound()) {
    const documents::Table root = document.root();
    root.required("schema").integer(1, 1);
    provider.id = root.required("id").text().value_or("");
    const documents::Value account = root.required("account");
    provider.account = account.text().value_or("");
    if (account && !Pattern(provider.account).is_sound()) {
      account.complain("expected a regular expression, got something else");
    }
    provider.account_words = root.required("account_words").text().value_or("");
    provider.as_of = root.optional("as_of").date();
    const documents::Value regions = root.optional("regions");
    provider.regions = regions.texts();
    if (regions && !provider.as_of) root.complain("expected the key 'as_of' beside 'regions'");
    std::sort(provider.regions.begin(), provider.regions.end());
    Statuses of_all;
    read_statuses(root.optional("errors"), of_all);
    if (!of_all.empty()) provider.services.push_back({"", of_all});
    for (const documents::Table& table : root.optional("service").tables()) {
      provider.services.push_back(read_service(table, of_all));
    }
  }
  if (const auto done = document.finish(); !done) return done.error();
  return provider;
}

int RecordedService::status_of(std::string_view name) const {
  const auto found = statuses.find(bare_name(name));
  return found == statuses.end() ? 0 : found->second;
}

const RecordedService* recorded_service(const std::string& provider,
                                        std::string_view event_source) {
  const Known* known = find_provider(provider);
  if (known == nullptr || known->provider.services.empty()) return nullptr;
  const auto& services = known->provider.services;
  const auto found = std::find_if(
      services.begin(), services.end(),
      [&](const RecordedService& service) { return service.event_source == event_source; });
  return found == services.end() ? services.data() : &*found;
}

std::optional<std::string> read_region(const documents::Value& value, const std::string& provider) {
  auto region = value.text();
  if (!region) return region;
  if (!is_region(*region)) {
    value.complain(
        fmt::format("expected a Region of letters, digits and hyphens, got '{}'", *region),
        "it becomes part of the URLs of probes");
    return std::nullopt;
  }
  const Known* known = find_provider(provider);
  if (known == nullptr || known->provider.regions.empty()) return region;
  const auto& regions = known->provider.regions;
  if (std::binary_search(regions.begin(), regions.end(), *region)) return region;
  const auto near = documents::nearest(*region, regions);
  value.warn(fmt::format("expected a Region of {}, got '{}'", provider, *region),
             fmt::format("{}the list is of {}: a newer Region is right all the same",
                         near ? fmt::format("did you mean '{}'? ", *near) : "",
                         core::to_text(*known->provider.as_of)));
  return region;
}

std::optional<std::string> read_account(const documents::Value& value,
                                        const std::string& provider) {
  auto account = value.text();
  const Known* known = find_provider(provider);
  if (account && known != nullptr && !known->account->matches(*account)) {
    value.warn(fmt::format("expected {}, got '{}'", known->provider.account_words, *account));
  }
  return account;
}

}  // namespace recoup::rules
