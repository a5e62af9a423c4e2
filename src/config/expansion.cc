#include "config/expansion.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/near.h"
#include "rules/probe_keys.h"
#include "rules/providers.h"
#include "rules/rule_file.h"

namespace recoup::config {
namespace {

using Values = std::map<std::string, std::string>;
using Read = std::optional<std::string> (*)(const documents::Value&, const std::string&);

// A part of the contract's scope, like the Region, as an [[agreement]] has it.
struct Part {
  struct Listed {
    documents::Value item;
    std::string text;
  };

  std::string key;         // "region"; its list is at "regions"
  std::string word;        // as the contract has it: "Region"
  bool has_value = false;  // one that was complained about is one
  bool is_list = false;
  std::string one = {};  // where it is no list; empty: there is none
  std::vector<Listed> listed = {};

  std::string placeholder() const { return '{' + key + '}'; }

  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const Listed& each : listed) texts.push_back(each.text);
    if (texts.empty()) texts.push_back(one);
    return texts;
  }
};

void read_list(const documents::Value& list, Read read, const std::string& provider, Part& out) {
  out.is_list = true;
  std::set<std::string> seen;
  for (const documents::Value& item : list.items()) {
    const auto text = read(item, provider);
    if (!text) continue;
    if (seen.insert(*text).second) {
      out.listed.push_back({item, *text});
    } else {
      item.complain(fmt::format("expected each {} once, got '{}' a second time", out.word, *text));
    }
  }
  if (list.is_array() && list.items().empty()) {
    list.complain(fmt::format("expected at least one {}, got none", out.word));
  }
}

Part read_part(const documents::Table& table, const char* key, const char* word,
               const core::Rule* rule, Read read) {
  const std::string provider = rule == nullptr ? "" : rule->provider;
  Part part{key, word};
  const documents::Value one = table.optional(key);
  const documents::Value list = table.optional(part.key + 's');
  part.has_value = one || list;
  const bool in_scope = rule != nullptr &&
                        std::find(rule->scope.begin(), rule->scope.end(), key) != rule->scope.end();
  if (one && list) {
    list.complain(fmt::format("expected one of the keys '{0}' and '{0}s', got both", key));
  } else if (in_scope && !one && !list) {
    table.complain(fmt::format("expected the key '{}', got none", key),
                   fmt::format("{} holds for each {}", rule->id, fmt::join(rule->scope, " and ")));
  }
  if (list) read_list(list, read, provider, part);
  if (one.is_array()) {
    one.complain(
        "expected text, got an array",
        fmt::format("write {0}s = […], and {{{0}}} in the id, for an agreement of each", key));
  } else {
    part.one = read(one, provider).value_or("");
  }
  return part;
}

// Each agreement of a list needs an id of its own.
bool has_placeholders(const documents::Value& id, const std::string& text,
                      const std::vector<Part>& parts) {
  const std::set<std::string> used = rules::placeholders(text);
  std::vector<std::string> missing;
  std::string better = text;
  for (const Part& part : parts) {
    if (!part.is_list || used.contains(part.key)) continue;
    missing.push_back('\'' + part.placeholder() + '\'');
    better += '-' + part.placeholder();
  }
  if (missing.empty()) return true;
  id.complain(fmt::format("expected {} in the id of several agreements, got '{}'",
                          core::listed(missing), text),
              fmt::format("each needs an id of its own: write id = \"{}\"", better));
  return false;
}

// Every placeholder of the id is one that there is, and has a value.
bool has_values(const documents::Value& id, const std::string& text,
                const std::vector<Part>& parts) {
  for (const std::string& name : rules::placeholders(text)) {
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const Part& each) { return each.key == name; });
    if (part == parts.end()) {
      id.complain(fmt::format("expected a known placeholder, got '{{{}}}'", name),
                  documents::did_you_mean(name, {"account", "region"},
                                          "the placeholders of an id are {account} and {region}"));
      return false;
    }
    if (part->has_value) continue;
    id.complain(fmt::format("expected a value for '{}', got none", part->placeholder()),
                fmt::format("write {0} = \"…\" or {0}s = […] in the agreement", name));
    return false;
  }
  return true;
}

// Complains about what makes no id, like a blank, where it is listed.
bool makes_ids(const documents::Value& id, const std::string& text,
               const std::vector<Part>& parts) {
  constexpr const char* kLetters = "a-z, 0-9, '.', '_' and '-'";
  const Values plain{{"account", "a"}, {"region", "a"}};
  if (!rules::is_id(rules::filled(text, plain))) {
    id.complain(fmt::format("expected a name of {}, got '{}'", kLetters, text));
    return false;
  }
  bool all = true;
  const auto fits = [&](const Part& part, const std::string& value) {
    Values values = plain;
    values[part.key] = value;
    return rules::is_id(rules::filled(text, values));
  };
  for (const Part& part : parts) {
    if (!part.is_list && !part.one.empty() && !fits(part, part.one)) {
      id.complain(fmt::format("expected a name of {}, got '{}'", kLetters,
                              rules::filled(text, {{part.key, part.one}})));
      all = false;
    }
    for (const Part::Listed& each : part.listed) {
      if (fits(part, each.text)) continue;
      each.item.complain(fmt::format("expected {}s that can be part of an id, of {}, got '{}'",
                                     part.word, kLetters, each.text),
                         "give it an [[agreement]] of its own");
      all = false;
    }
  }
  return all;
}

// The id as it is written, with its placeholders; empty where something is wrong with it.
std::string read_pattern(const documents::Value& id, const std::vector<Part>& parts) {
  const std::string text = id.text().value_or("");
  if (text.empty()) return {};
  const bool sound = has_placeholders(id, text, parts) && has_values(id, text, parts) &&
                     makes_ids(id, text, parts);
  return sound ? text : "";
}

}  // namespace

Expansion read_expansion(const documents::Table& table, const documents::Value& id,
                         const core::Rule* rule) {
  const std::vector<Part> parts{read_part(table, "account", "account", rule, rules::read_account),
                                read_part(table, "region", "Region", rule, rules::read_region)};
  const std::string pattern = read_pattern(id, parts);
  Expansion out;
  if (parts[0].is_list || parts[1].is_list) out.pattern = pattern;
  for (const std::string& account : parts[0].texts()) {
    for (const std::string& region : parts[1].texts()) {
      const std::string own = rules::filled(pattern, {{"account", account}, {"region", region}});
      out.named.push_back({own, account, region});
    }
  }
  return out;
}

}  // namespace recoup::config
