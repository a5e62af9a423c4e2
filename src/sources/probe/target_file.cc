#include "sources/probe/target_file.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documents/files.h"
#include "documents/json_tree.h"
#include "documents/named_files.h"
#include "documents/yaml_tree.h"
#include "record/redact.h"

namespace recoup::sources::probe {
namespace {

using documents::JsonNode;

constexpr std::size_t kLargestList = 64'000'000;
constexpr std::size_t kMostListed = 20;

constexpr const char* kListForm =
    R"(a list is [{ "targets": ["db1.example:443"], "labels": { "zone": "a" } }])";

// TargetPlaces tells lines and columns of ever later bytes of a text, however long it and its lines
// are.
class TargetPlaces {
 public:
  explicit TargetPlaces(std::string_view text) : text_(text) {}

  documents::Span at(const JsonNode& node) {
    if (node.begin < byte_) return documents::span_of_bytes(text_, node.begin, node.end);
    while (byte_ < std::min(node.begin, text_.size())) {
      const std::size_t length = documents::character_length(text_.substr(byte_));
      const bool ends = text_[byte_] == '\n';
      byte_ += length;
      line_ += ends ? 1 : 0;
      column_ = ends ? 1 : column_ + 1;
    }
    return {line_, column_, line_, column_ + 1};
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  int line_ = 1, column_ = 1;
};

// What can stand in a URL, a header or a JSON text without ending it.
bool can_be_target(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '"' || c == '\\';
  });
}

// ListReader reads the groups of one file.
class ListReader {
 public:
  ListReader(const std::string& file, std::string_view text, std::vector<Target>& out,
             std::vector<std::string>& complaints)
      : file_(file), places_(text), out_(out), complaints_(complaints) {}

  void read(const JsonNode& root) {
    if (root.is(JsonNode::Kind::null)) return;
    if (!root.is(JsonNode::Kind::array))
      return complain(root, "expected a list of groups", kListForm);
    for (const JsonNode& group : root.children) read_group(group);
  }

 private:
  void complain(const JsonNode& node, const std::string& message, const std::string& help = {}) {
    Target at{"", nullptr, file_, places_.at(node)};
    complaints_.push_back(at.complaint(message, help));
  }

  void read_group(const JsonNode& group) {
    if (!group.is(JsonNode::Kind::object)) {
      return complain(group, "expected a group with 'targets'", kListForm);
    }
    const std::set<std::string> known{"targets", "labels"};
    std::set<std::string> seen;
    for (const JsonNode& member : group.children) {
      if (!known.contains(member.key)) {
        complain(member, fmt::format("expected 'targets' or 'labels', got '{}'", member.key),
                 kListForm);
      } else if (!seen.insert(member.key).second) {
        complain(member, fmt::format("expected '{}' once, got it a second time", member.key));
      }
    }
    const JsonNode* targets = group.find("targets");
    if (targets == nullptr)
      return complain(group, "expected the key 'targets', got none", kListForm);
    // In the order of the file, which is the cheap one to tell places in.
    const JsonNode* labels = group.find("labels");
    const auto own = std::make_shared<Target::Labels>();
    if (labels != nullptr && labels->begin < targets->begin) read_labels(*labels, *own);
    read_targets(*targets, own);
    if (labels != nullptr && labels->begin >= targets->begin) read_labels(*labels, *own);
  }

  void read_labels(const JsonNode& labels, Target::Labels& out) {
    if (!labels.is(JsonNode::Kind::object)) {
      return complain(labels, "expected labels with their values", kListForm);
    }
    for (const JsonNode& label : labels.children) {
      if (label.key.starts_with("__")) continue;
      if (!label.is(JsonNode::Kind::text)) {
        complain(label,
                 fmt::format("expected text for the label '{}', got something else", label.key));
      } else {
        out[label.key] = label.text;
      }
    }
  }

  void read_targets(const JsonNode& list, const std::shared_ptr<const Target::Labels>& labels) {
    if (!list.is(JsonNode::Kind::array)) {
      return complain(list, "expected a list of targets", kListForm);
    }
    for (const JsonNode& one : list.children) {
      if (!one.is(JsonNode::Kind::text) || one.text.empty()) {
        complain(one, "expected a target's name as text, got something else", kListForm);
      } else if (!can_be_target(one.text)) {
        complain(one, "expected a target without blanks, quotes, backslashes and line breaks");
      } else if (!record::secret_parts(one.text).empty()) {
        complain(one, "expected a target that may be shown, got one with a secret in it",
                 "a secret stands in a header: headers = { Authorization = { file = \"…\" } }");
      } else {
        out_.push_back({one.text, labels, file_, places_.at(one)});
      }
    }
  }

  const std::string& file_;
  TargetPlaces places_;
  std::vector<Target>& out_;
  std::vector<std::string>& complaints_;
};

void read_list_file(const std::string& file, std::vector<Target>& out,
                    std::vector<std::string>& complaints) {
  const auto text = documents::read_file(file, kLargestList);
  if (!text) {
    complaints.push_back(
        fmt::format("{}: error: {}{}{}", file, text.error().message,
                    text.error().help.empty() ? "" : "\nhelp: ", text.error().help));
    return;
  }
  const std::string ending = std::filesystem::path(file).extension().string();
  const bool is_yaml = ending == ".yml" || ending == ".yaml";
  const documents::JsonTree tree =
      is_yaml ? documents::read_yaml_tree(*text) : documents::read_json(*text);
  if (!tree.root) {
    complaints.push_back(documents::complaint_text(file, *text, tree.fault));
    return;
  }
  ListReader(file, *text, out, complaints).read(*tree.root);
}

void complain_of_twins(const std::vector<Target>& targets, std::vector<std::string>& complaints) {
  std::map<std::string_view, const Target*> first;
  for (const Target& one : targets) {
    const auto [known, is_new] = first.try_emplace(one.name, &one);
    if (is_new) continue;
    const Target& before = *known->second;
    complaints.push_back(one.complaint(
        fmt::format("expected each target once, got '{}' a second time", one.name),
        fmt::format("it stands at {}:{}:{} too", before.file, before.at.line, before.at.column)));
  }
}

}  // namespace

std::string Target::complaint(const std::string& message, const std::string& help) const {
  return fmt::format("{}:{}:{}: error: {}{}{}", file, at.line, at.column,
                     record::without_secrets(record::visible(message)),
                     help.empty() ? "" : "\nhelp: ", help);
}

core::Result<std::vector<Target>> read_target_files(const std::vector<std::string>& paths) {
  std::vector<Target> targets;
  std::vector<std::string> complaints;
  std::set<std::string> read;
  for (const std::string& path : paths) {
    const auto files = documents::named_files(path);
    if (!files) {
      complaints.push_back(fmt::format("{}: error: {}", path, files.error().message));
      continue;
    }
    for (const std::string& file : *files) {
      if (read.insert(file).second) read_list_file(file, targets, complaints);
    }
  }
  complain_of_twins(targets, complaints);
  if (complaints.empty() && targets.empty()) {
    complaints.push_back(fmt::format("{}: error: expected at least one target, got none\nhelp: {}",
                                     fmt::join(paths, ", "), kListForm));
  }
  if (complaints.empty()) return targets;
  const std::size_t all = complaints.size();
  if (all > kMostListed) {
    complaints.resize(kMostListed);
    complaints.push_back(fmt::format("… and {} more", all - kMostListed));
  }
  return core::Error{fmt::format("{}", fmt::join(complaints, "\n"))};
}

}  // namespace recoup::sources::probe
