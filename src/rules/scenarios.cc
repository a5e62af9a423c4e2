#include "rules/scenarios.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "documents/document.h"
#include "documents/files.h"

namespace recoup::rules {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

// All other keys of a scenario are its test's.
Result<void> read_scenario(const std::string& path, Scenarios& out) {
  const auto text = documents::read_file(path);
  if (!text) return text.error();
  documents::Document document(path, *text);
  if (!document.is_sound()) return document.finish();
  const documents::Table root = document.root();
  const std::string rule = root.required("rule").text().value_or("");
  const std::string version = root.required("version").written().value_or("");
  auto& clauses = out.clauses[rule + "@" + version];
  for (const documents::Table& month : root.required("month").tables()) {
    (void)month.entries();
    if (const auto clause = month.required("clause").text()) clauses.insert(*clause);
  }
  (void)root.entries();
  return document.finish();
}

}  // namespace

Result<Scenarios> read_scenarios(const std::string& folder) {
  std::error_code code;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".toml") paths.push_back(entry.path().string());
  }
  if (code) {
    return Error{fmt::format("expected a folder of scenarios, got one that cannot be read: {}",
                             code.message()),
                 folder, "a scenario is a month that shows a clause: see rules/README.md"};
  }
  std::sort(paths.begin(), paths.end());
  Scenarios out;
  out.folder = folder;
  for (const std::string& path : paths) {
    if (auto read = read_scenario(path, out); !read) return read.error();
  }
  return out;
}

}  // namespace recoup::rules
