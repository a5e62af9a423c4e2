#include "documents/json_tree.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace recoup::documents {
namespace {

using JsonText = nlohmann::json;

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kLongestShown = 1 << 16;  // bytes of a line that is laid out

// TreeBuilder makes a tree of what the parser finds, which does not say where it found it: it walks
// through the text beside the parser, from token to token.
class TreeBuilder final : public JsonText::json_sax_t {
 public:
  explicit TreeBuilder(std::string_view text)
      : text_(text), at_(text.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}  // as the parser does

  std::optional<JsonNode> root;
  Complaint fault;

  bool null() override { return add(JsonNode::Kind::null, {}); }
  bool boolean(bool) override { return add(JsonNode::Kind::boolean, {}); }
  bool number_integer(number_integer_t) override { return add(JsonNode::Kind::number, {}); }
  bool number_unsigned(number_unsigned_t) override { return add(JsonNode::Kind::number, {}); }
  bool number_float(number_float_t, const string_t&) override {
    return add(JsonNode::Kind::number, {});
  }
  bool string(string_t& value) override { return add(JsonNode::Kind::text, std::move(value)); }
  bool binary(binary_t&) override { return false; }  // there is none in text

  bool key(string_t& value) override {
    pass(begin_of_token());
    key_ = std::move(value);
    return true;
  }

  bool start_object(std::size_t) override { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonNode::Kind::array); }
  bool end_object() override { return close('}'); }
  bool end_array() override { return close(']'); }

  // `byte` counts from 1.
  bool parse_error(std::size_t byte, const std::string&, const JsonText::exception&) override {
    const std::size_t at = std::min(byte > 0 ? byte - 1 : 0, text_.size());
    fault = {span_of_bytes(text_, at, at + 1),
             at < text_.size() ? "expected JSON, got something else here"
                               : "expected more JSON, got the end of the file",
             ""};
    return false;
  }

 private:
  std::size_t begin_of_token() const {
    return std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size());
  }

  // Goes behind the text, number or word that begins there.
  void pass(std::size_t begin) {
    at_ = begin;
    if (at_ >= text_.size()) return;
    if (text_[at_] != '"') {
      at_ = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
      return;
    }
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  bool add(JsonNode::Kind kind, std::string text) {
    const std::size_t begin = begin_of_token();
    pass(begin);
    JsonNode& node = place(kind, begin);
    node.end = at_;
    node.text = kind == JsonNode::Kind::number ? std::string(text_.substr(begin, at_ - begin))
                                               : std::move(text);
    return true;
  }

  JsonNode& place(JsonNode::Kind kind, std::size_t begin) {
    JsonNode node;
    node.kind = kind;
    node.key = std::exchange(key_, {});
    node.begin = begin;
    if (open_.empty()) return root.emplace(std::move(node));
    return open_.back()->children.emplace_back(std::move(node));
  }

  bool open(JsonNode::Kind kind) {
    const std::size_t begin = begin_of_token();
    if (open_.size() == kDeepest) {
      fault = {span_of_bytes(text_, begin, begin + 1),
               fmt::format("expected values at most {} deep in one another, got more", kDeepest),
               ""};
      return false;
    }
    at_ = begin + 1;
    open_.push_back(&place(kind, begin));
    return true;
  }

  bool close(char end) {
    at_ = std::min(text_.find(end, at_), text_.size() - 1) + 1;
    open_.back()->end = at_;
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  std::string key_;
  std::vector<JsonNode*> open_;  // each the last child of the one before
};

std::size_t begin_of_line(std::string_view text, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

int character_count(std::string_view text) {
  int count = 0;
  for (; !text.empty(); text.remove_prefix(character_length(text))) ++count;
  return count;
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view name) const {
  if (kind != Kind::object) return nullptr;
  const auto found = std::find_if(children.rbegin(), children.rend(),
                                  [&](const JsonNode& one) { return one.key == name; });
  return found == children.rend() || found->is(Kind::null) ? nullptr : &*found;
}

JsonTree read_json(std::string_view text) {
  TreeBuilder builder(text);
  if (JsonText::sax_parse(text.begin(), text.end(), &builder)) return {std::move(builder.root), {}};
  return {std::nullopt, std::move(builder.fault)};
}

Span span_of_bytes(std::string_view text, std::size_t begin, std::size_t end) {
  begin = std::min(begin, text.size());
  const std::size_t line = begin_of_line(text, begin);
  const std::size_t stop = std::min(text.find('\n', begin), std::max(begin + 1, end));
  const auto number =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line), '\n');
  const int column = 1 + character_count(text.substr(line, begin - line));
  const int length = std::max(1, character_count(text.substr(begin, stop - begin)));
  return {static_cast<int>(number), column, static_cast<int>(number), column + length};
}

std::string complaint_text(const std::string& name, std::string_view text,
                           const Complaint& complaint) {
  const Span& at = complaint.at;
  std::size_t begin = 0;
  for (int line = 1; line < at.line && begin < text.size(); ++line) {
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  if (line.size() <= kLongestShown) return lay_out_line(name, line, complaint);
  return fmt::format("{}:{}:{}: error: {}{}", name, at.line, at.column, complaint.message,
                     complaint.help.empty() ? "" : "\nhelp: " + complaint.help);
}

}  // namespace recoup::documents
