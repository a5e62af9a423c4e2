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
};

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
