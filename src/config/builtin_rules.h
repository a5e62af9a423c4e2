#pragma once

#include <string_view>
#include <vector>

namespace recoup::config {

// BuiltinRule is one file of rules/sla, as it was when the program was built.
struct BuiltinRule {
  std::string_view id;
  std::string_view path;  // as complaints name it
  std::string_view text;
};

// All of them, by id.
const std::vector<BuiltinRule>& builtin_rules();

}  // namespace recoup::config
