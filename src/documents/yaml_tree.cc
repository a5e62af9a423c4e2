#include "documents/yaml_tree.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace recoup::documents {
namespace {

constexpr std::size_t kDeepestYaml = 64;

// Faulty ends the reading after a fault.
struct Faulty {};

// TreeEvents makes a tree of the events of yaml-cpp, which carry aliases as such: none is expanded.
class TreeEvents final : public YAML::EventHandler {
 public:
  explicit TreeEvents(std::string_view text) : text_(text) {}

  std::optional<JsonNode> root;
  Complaint fault;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(begun_, true)) stop(mark, "expected one document, got a second");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_bare(mark, "", anchor);
    place(JsonNode::Kind::null, mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop(mark, "expected a value, got an alias");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_bare(mark, tag, anchor);
    if (awaits_key_) {
      key_ = value;
      awaits_key_ = false;
      return;
    }
    JsonNode& node = place(JsonNode::Kind::text, mark);
    node.text = value;
    node.end = std::min(node.begin + std::max<std::size_t>(value.size(), 1), text_.size());
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_bare(mark, tag, anchor);
    open(JsonNode::Kind::array, mark);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_bare(mark, tag, anchor);
    open(JsonNode::Kind::object, mark);
  }
  void OnMapEnd() override { close(); }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string message) {
    const std::size_t at = at_of(mark);
    fault = {span_of_bytes(text_, at, at + 1), std::move(message),
             "anchors, aliases and tags are not followed, and a file is one document"};
    throw Faulty{};
  }

 private:
  std::size_t at_of(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }

  // "?" and "!" are the tags of what has none.
  void check_bare(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) stop(mark, "expected a value, got an anchor");
    if (tag.size() > 1) stop(mark, "expected a value without a tag, got one with it");
  }

  JsonNode& place(JsonNode::Kind kind, const YAML::Mark& mark) {
    if (awaits_key_) stop(mark, "expected a key of one word, got something else");
    JsonNode node;
    node.kind = kind;
    node.key = std::exchange(key_, {});
    node.begin = at_of(mark);
    node.end = std::min(node.begin + 1, text_.size());
    awaits_key_ = !open_.empty() && open_.back()->is(JsonNode::Kind::object);
    if (open_.empty()) return root.emplace(std::move(node));
    return open_.back()->children.emplace_back(std::move(node));
  }

  void open(JsonNode::Kind kind, const YAML::Mark& mark) {
    if (open_.size() == kDeepestYaml)
      stop(mark, "expected values few deep in one another, got more");
    open_.push_back(&place(kind, mark));
    awaits_key_ = kind == JsonNode::Kind::object;
  }

  void close() {
    open_.pop_back();
    awaits_key_ = !open_.empty() && open_.back()->is(JsonNode::Kind::object);
  }

  std::string_view text_;
  std::vector<JsonNode*> open_;  // each the last child of the one before
  std::string key_;
  bool awaits_key_ = false;
  bool begun_ = false;
};

}  // namespace

JsonTree read_yaml_tree(std::string_view text) {
  TreeEvents events(text);
  std::istringstream in{std::string(text)};
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(events)) {
    }
    if (!events.root) events.root.emplace();
    return {std::move(events.root), {}};
  } catch (const Faulty&) {
  } catch (const YAML::Exception& error) {
    // yaml-cpp's own message is not shown: it may quote the value.
    const auto at = static_cast<std::size_t>(std::max(error.mark.pos, 0));
    events.fault = {span_of_bytes(text, at, at + 1), "expected valid YAML, got something else", ""};
  }
  return {std::nullopt, std::move(events.fault)};
}

}  // namespace recoup::documents
