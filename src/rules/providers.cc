#include "rules/providers.h"

#include <algorithm>
#include <cassert>
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
  }
  if (const auto done = document.finish(); !done) return done.error();
  return provider;
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
