#include "rules/uses.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documents/document.h"
#include "documents/near.h"
#include "rules/builtin_rules.h"
#include "rules/rule_file.h"

namespace recoup::rules {
namespace {

Use read_use(const documents::Table& table, const std::vector<Use>& earlier) {
  Use use;
  const documents::Value id = table.required("id");
  use.id = read_id(id).value_or("");
  const bool twice = std::any_of(earlier.begin(), earlier.end(),
                                 [&](const Use& other) { return other.id == use.id; });
  if (twice) id.complain(fmt::format("expected an id of its own, got '{}' a second time", use.id));
  use.text = table.required("text").text().value_or("");
  const documents::Value rules = table.required("rules");
  use.rules = rules.texts();
  if (rules.is_array() && rules.items().empty()) {
    rules.complain("expected at least one rule, got none");
  }
  std::sort(use.rules.begin(), use.rules.end());
  return use;
}

}  // namespace

core::Result<std::vector<Use>> parse_uses(const std::string& text, const std::string& path) {
  documents::Document document(path, text);
  std::vector<Use> uses;
  if (document.is_sound()) {
    const documents::Table root = document.root();
    root.required("schema").integer(1, 1);
    for (const documents::Table& table : root.required("use").tables()) {
      uses.push_back(read_use(table, uses));
    }
  }
  if (const auto done = document.finish(); !done) return done.error();
  return uses;
}

const std::vector<Use>& all_uses() {
  // Tests have read it before: it has no mistakes.
  static const std::vector<Use> uses = [] {
    const BuiltinFile& file = builtin_uses().front();
    auto read = parse_uses(std::string(file.text), std::string(file.path));
    assert(read.ok());
    return *std::move(read);
  }();
  return uses;
}

const Use* find_use(const std::string& id) {
  const auto& uses = all_uses();
  const auto found =
      std::find_if(uses.begin(), uses.end(), [&](const Use& use) { return use.id == id; });
  return found == uses.end() ? nullptr : &*found;
}

namespace {

std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const Use& use : all_uses()) all.push_back(use.id);
  return all;
}

}  // namespace

std::string all_use_ids() { return fmt::format("{}", fmt::join(ids(), ", ")); }

core::Error unknown_use(const std::string& id) {
  return {fmt::format("expected what a service is used for, got '{}'", id), "",
          documents::did_you_mean(id, ids(), "it is one of " + all_use_ids())};
}

}  // namespace recoup::rules
