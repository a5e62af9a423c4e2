#pragma once

#include <string_view>
#include <vector>

namespace recoup::config {

// BuiltinFile is one file of the folder rules, as it was when the program was built.
struct BuiltinFile {
  std::string_view id;
  std::string_view path;  // as complaints name it
  std::string_view text;
};

// All of rules/sla, and all of rules/pricing, by id.
const std::vector<BuiltinFile>& builtin_rules();
const std::vector<BuiltinFile>& builtin_books();

}  // namespace recoup::config
