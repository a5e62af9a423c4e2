#pragma once

#include <map>
#include <string>

#include "core/rule.h"
#include "rules/probe_keys.h"

namespace recoup::rules {

// RuleFile is a file of rules/sla, read and checked: the contract and its probe templates.
struct RuleFile {
  core::Rule rule;
  std::map<std::string, ProbeTemplate> probes;  // by name
  // Of a contract that makes several commitments, its versions with each plan's own terms, by the
  // plan's name; `rule` has what they have in common. Empty: it makes one.
  std::map<std::string, std::vector<core::Version>> plans = {};
};

// What agreements can be under: the file itself, or where it has plans, one rule for each, by the
// id "contract/plan".
std::vector<RuleFile> by_plan(RuleFile file);

// The contract's id in a rule's: "contract" of "contract/plan".
std::string contract_id(const std::string& rule_id);

// Reads a rule's text; `path` is only named in complaints. The error's message holds all
// complaints, laid out. Each version's digest is the SHA-256 of the whole text.
core::Result<RuleFile> parse_rule_file(const std::string& text, const std::string& path);

// Reads a document that is TOML, and leaves its complaints to the caller; digests stay empty.
RuleFile read_rule_file(documents::Document& document);

// The contract alone.
core::Result<core::Rule> parse_rule(const std::string& text, const std::string& path);

// Whether the text can name an agreement, a probe or a rule: a-z, 0-9 and "._-", not led by a
// mark.
bool is_id(std::string_view text);

// Reads such a name.
std::optional<std::string> read_id(const documents::Value& value);

}  // namespace recoup::rules
