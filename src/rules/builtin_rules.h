#pragma once

#include <string_view>
#include <vector>

namespace recoup::rules {

// BuiltinFile is one file of the folder rules, as it was when the program was built.
struct BuiltinFile {
  std::string_view id;
  std::string_view path;  // as complaints name it
  std::string_view text;
};

// All of rules/sla, of rules/pricing and of rules/providers, in no order; and rules/uses.toml.
const std::vector<BuiltinFile>& builtin_rules();
const std::vector<BuiltinFile>& builtin_books();
const std::vector<BuiltinFile>& builtin_providers();
const std::vector<BuiltinFile>& builtin_uses();

}  // namespace recoup::rules
