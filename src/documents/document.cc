#include "documents/document.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "documents/near.h"
#include "documents/node.h"

namespace recoup::documents {
namespace {

std::string known_keys(const std::vector<std::string>& keys) {
  std::string text = "the keys known here are ";
  for (std::size_t i = 0; i < keys.size(); ++i) text += (i > 0 ? ", " : "") + keys[i];
  return text;
}

void find_unknown(const Node& node, std::vector<Complaint>& complaints) {
  for (const Node& child : node.children) {
    const auto& asked = node.asked;
    if (node.opened && !node.any_key &&
        std::find(asked.begin(), asked.end(), child.key) == asked.end()) {
      complaints.push_back({child.key_span,
                            fmt::format("expected a known key, got '{}'", child.key),
                            did_you_mean(child.key, asked, known_keys(asked))});
    } else {
      find_unknown(child, complaints);
    }
  }
}

// Each once.
std::vector<Complaint> of_kind(const std::vector<Complaint>& complaints, bool warning) {
  std::vector<Complaint> found;
  std::set<std::tuple<int, int, std::string_view, std::string_view>> known;
  for (const Complaint& each : complaints) {
    if (each.warning != warning) continue;
    if (known.emplace(each.at.line, each.at.column, each.message, each.help).second) {
      found.push_back(each);
    }
  }
  return found;
}

}  // namespace

std::optional<Table> Value::table() const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind == Kind::table) return Table(*complaints_, *node_);
  wrong_kind("a table");
  return std::nullopt;
}

Value Value::member(std::string_view key) const {
  if (is_table()) return Table(*complaints_, *node_).optional(key);
  return {*complaints_, nullptr, std::string(key)};
}

std::vector<Table> Value::tables() const {
  std::vector<Table> tables;
  for (const Value& item : items()) {
    if (const auto table = item.table()) tables.push_back(*table);
  }
  return tables;
}

Table::Table(std::vector<Complaint>& complaints, Node& node)
    : complaints_(&complaints), node_(&node) {
  node_->opened = true;
}

Value Table::optional(std::string_view key) const {
  auto& asked = node_->asked;
  if (std::find(asked.begin(), asked.end(), key) == asked.end()) asked.emplace_back(key);
  const auto found = std::find_if(node_->children.begin(), node_->children.end(),
                                  [&](const Node& child) { return child.key == key; });
  return {*complaints_, found == node_->children.end() ? nullptr : &*found, std::string(key)};
}

Value Table::required(std::string_view key) const {
  Value value = optional(key);
  if (!value) complain(fmt::format("expected the key '{}', got none", key));
  return value;
}

bool Table::empty() const { return node_->children.empty(); }

std::vector<Value> Table::entries() const {
  std::vector<Value> entries;
  node_->any_key = true;
  for (Node& child : node_->children) entries.emplace_back(*complaints_, &child, child.key);
  return entries;
}

void Table::complain(std::string message, std::string help) const {
  complaints_->push_back({node_->span, std::move(message), std::move(help)});
}

void Table::warn(std::string message, std::string help) const {
  complaints_->push_back({node_->span, std::move(message), std::move(help), true});
}

const Span& Table::at() const { return node_->span; }

Document::Document(std::string path, std::string text, Syntax syntax)
    : path_(std::move(path)),
      text_(std::move(text)),
      syntax_(syntax),
      tree_(std::make_unique<Node>()) {
  complaints_ = (syntax == Syntax::toml ? read_toml : read_yaml)(text_, *tree_);
  is_sound_ = complaints_.empty();
}

Document::~Document() = default;

Table Document::root() { return {complaints_, *tree_}; }

std::size_t Document::errors() const {
  return static_cast<std::size_t>(std::count_if(complaints_.begin(), complaints_.end(),
                                                [](const auto& each) { return !each.warning; }));
}

core::Result<void> Document::finish() {
  find_unknown(*tree_, complaints_);
  const std::vector<Complaint> errors = of_kind(complaints_, false);
  if (errors.empty()) return {};
  return core::Error{lay_out(path_, text_, errors, syntax_)};
}

std::string Document::warnings() const {
  return lay_out(path_, text_, of_kind(complaints_, true), syntax_);
}

std::vector<Complaint> Document::findings(Finding kind) const {
  return of_kind(complaints_, kind == Finding::warning);
}

std::string Document::laid_out(Complaint complaint) const {
  return lay_out(path_, text_, {std::move(complaint)}, syntax_);
}

}  // namespace recoup::documents
