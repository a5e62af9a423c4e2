#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace recoup::rules {

// Use is what people use services for, and the contracts of such services: a row of
// rules/uses.toml.
struct Use {
  std::string id;                  // "kms"
  std::string text;                // "keys and certificates"
  std::vector<std::string> rules;  // their ids, in order
};

// Reads the text of rules/uses.toml.
core::Result<std::vector<Use>> parse_uses(const std::string& text, const std::string& path);

// The built-in ones, what is used most first.
const std::vector<Use>& all_uses();

// "kms, secrets, storage".
std::string all_use_ids();

// The one of that id, or null; and why there is none.
const Use* find_use(const std::string& id);
core::Error unknown_use(const std::string& id);

}  // namespace recoup::rules
