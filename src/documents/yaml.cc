#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "documents/node.h"
#include "documents/secret_lines.h"

namespace recoup::documents {
namespace {

constexpr std::size_t kMostValues = 1024;  // in a document, keys and lists included

constexpr const char* kNoAliases = "write the value out: anchors and aliases are not followed";

// The stretch that begins at a byte of a line, both counted from 1, and is so many bytes long.
Span span_at(std::string_view text, int line, std::size_t byte, std::size_t length) {
  const auto characters = [](std::string_view part) {
    int count = 0;
    for (; !part.empty(); part.remove_prefix(character_length(part))) ++count;
    return count;
  };
  const std::string_view whole = line_of(text, line);
  const std::string_view before = whole.substr(0, byte - 1);
  const std::string_view rest = whole.substr(before.size());
  const int column = characters(before) + 1;
  return {line, column, line, column + characters(rest.substr(0, length))};
}

// The value that begins there: in its quotes, as a word, or else the rest of the line.
Span span_of(std::string_view text, const YAML::Mark& mark, std::string_view value) {
  const int line = mark.line + 1;
  const auto byte = static_cast<std::size_t>(mark.column) + 1;
  const std::string_view whole = line_of(text, line);
  const std::string_view rest = whole.substr(std::min(byte - 1, whole.size()));
  std::size_t length = rest.size();
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    const auto end = rest.find(rest.front(), 1);
    if (end != std::string_view::npos) length = end + 1;
  } else if (!value.empty() && rest.starts_with(value)) {
    length = value.size();
  }
  return span_at(text, line, byte, length);
}

// The text from a mark on.
std::string_view text_at(std::string_view text, const YAML::Mark& mark) {
  const std::string_view line = line_of(text, mark.line + 1);
  if (line.empty()) return {};
  const auto column = std::min(static_cast<std::size_t>(mark.column), line.size());
  return {line.data() + column, text.data() + text.size()};
}

// Whether the text closes the quotes that it opens. yaml-cpp lets the end of the file close them,
// and what follows a forgotten quote would be lost unseen.
bool closes_quotes(std::string_view text) {
  if (!text.starts_with('"') && !text.starts_with('\'')) return true;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\' && text.front() == '"') {
      ++at;
    } else if (text[at] == text.front()) {
      if (text.front() == '"' || !text.substr(at + 1).starts_with('\'')) return true;
      ++at;
    }
  }
  return false;
}

// Stop ends the reading after a complaint that leaves no tree.
struct Stop {};

// EventBuilder turns the events of yaml-cpp into our tree. Events carry aliases as such, so that
// none is ever expanded.
class EventBuilder final : public YAML::EventHandler {
 public:
  EventBuilder(std::string_view text, Node& tree) : text_(text), tree_(tree) {}

  std::vector<Complaint> complaints;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(begun_, true)) {
      stop(span_of(text_, mark, ""), "expected one document, got a second");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (awaits_key()) stop(span_of(text_, mark, ""), "expected a key, got none");
    check_bare(mark, span_of(text_, mark, ""));
    // Nothing stands at the mark that could be pointed at.
    place(Kind::text, open_.empty()      ? span_of(text_, mark, "")
                      : open_.back().key ? open_.back().key_span
                                         : open_.back().node->span);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop(span_of(text_, mark, ""), "expected a value, got an alias", kNoAliases);
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    const Span span = span_of(text_, mark, value);
    check_bare(mark, span);
    if (!closes_quotes(text_at(text_, mark))) {
      stop(span, "expected the closing quote, got the end of the file");
    }
    if (awaits_key()) {
      take_key(span, value);
    } else {
      place(Kind::text, span).value = value;
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    open(Kind::array, mark, style);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    open(Kind::table, mark, style);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  // Open is a list or table whose end has not come.
  struct Open {
    Node* node;
    std::optional<std::string> key;  // whose value comes next
    Span key_span;
    std::set<std::string> keys;
  };

  [[noreturn]] void stop(const Span& at, std::string message, std::string help = {}) {
    complaints.push_back({at, std::move(message), std::move(help)});
    throw Stop{};
  }

  bool awaits_key() const {
    return !open_.empty() && open_.back().node->kind == Kind::table && !open_.back().key;
  }

  // A value begins with its anchor and tag, where it has any.
  void check_bare(const YAML::Mark& mark, const Span& span) {
    const std::string_view text = text_at(text_, mark);
    if (text.starts_with('&')) stop(span, "expected a value, got an anchor", kNoAliases);
    if (text.starts_with('!')) {
      stop(span, "expected a value without a tag, got one with it", "leave the tag out");
    }
  }

  void take_key(const Span& span, const std::string& key) {
    Open& table = open_.back();
    table.key = key;
    table.key_span = span;
    if (!table.keys.insert(key).second) {
      complaints.push_back(
          {span, fmt::format("expected a new name, got '{}' a second time", key), ""});
    }
  }

  // The new value's node.
  Node& place(Kind kind, const Span& span) {
    if (++values_ > kMostValues) {
      stop(span, fmt::format("expected at most {} values, got more", kMostValues));
    }
    Node node;
    node.kind = kind;
    node.span = span;
    if (kind == Kind::text) node.value = std::string();
    if (open_.empty()) return tree_ = std::move(node);
    Open& parent = open_.back();
    if (parent.key) {
      node.key = *std::exchange(parent.key, std::nullopt);
      node.key_span = parent.key_span;
    }
    return parent.node->children.emplace_back(std::move(node));
  }

  void open(Kind kind, const YAML::Mark& mark, YAML::EmitterStyle::value style) {
    const Span here = span_of(text_, mark, "");
    check_bare(mark, here);
    if (awaits_key()) {
      stop(here, "expected a key of one word, got a list or a table",
           "every '[' and '{' needs its end");
    }
    const bool under_key = style == YAML::EmitterStyle::Block && !open_.empty() && open_.back().key;
    Node& node = place(kind, under_key ? open_.back().key_span : here);
    open_.push_back({&node, std::nullopt, {}, {}});
  }

  std::string_view text_;
  Node& tree_;
  std::vector<Open> open_;
  bool begun_ = false;
  std::size_t values_ = 0;
};

// Where YAML allows no such byte: it is part of no character, or one that steers terminals.
std::optional<Complaint> wrong_character(std::string_view text) {
  int line = 1;
  std::size_t line_begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control =
        byte == 0x7f || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r');
    if (control || (byte >= 0x80 && length == 1)) {
      return Complaint{span_at(text, line, at - line_begin + 1, 1),
                       control ? "expected text, got a control character"
                               : "expected text in UTF-8, got a byte that is not",
                       ""};
    }
    at += length;
    if (byte == '\n') {
      ++line;
      line_begin = at;
    }
  }
  return std::nullopt;
}

struct Wording {
  std::string_view theirs;  // how yaml-cpp's message begins
  std::string_view message;
  std::string_view help;
};

constexpr std::string_view kSameColumn =
    "the keys of one table begin in the same column, each with its ':'";
const std::array<Wording, 12> kWordings{{
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "expected a comma or the closing '}', got neither", ""},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected a comma or the closing ']', got neither", ""},
    {YAML::ErrorMsg::END_OF_MAP, "expected the next key, got something else", kSameColumn},
    {YAML::ErrorMsg::END_OF_SEQ, "expected the next '-', got something else",
     "the members of one list begin in the same column"},
    {YAML::ErrorMsg::MAP_VALUE, "expected no ':' here, got one",
     "text with ': ' in it stands in quotes; keys of one table begin in the same column, each with "
     "its ':'"},
    {YAML::ErrorMsg::MAP_KEY, "expected no key here, got one", kSameColumn},
    {YAML::ErrorMsg::BLOCK_ENTRY, "expected no list here, got a '-'",
     "a list begins on the line after its key"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "expected the closing quote, got the end of the file", ""},
    {YAML::ErrorMsg::INVALID_ESCAPE, "expected a known escape, got another",
     "a backslash in double quotes is written twice"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "expected a value, got an alias", kNoAliases},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "expected the closing quote, got a new document", ""},
    {YAML::ErrorMsg::BAD_FILE, "expected values few deep in one another, got too many", ""},
}};

// yaml-cpp's own message is not shown: it may quote the value.
Complaint complaint_of(const YAML::Exception& error, std::string_view text) {
  const Span at = error.mark.is_null() ? Span{} : span_of(text, error.mark, "");
  const std::string_view line = line_of(text, at.line);
  const auto indent = std::min(line.find_first_not_of(" \t"), line.size());
  if (line.substr(0, indent).find('\t') != std::string_view::npos) {
    return {at, "expected blanks before the key, got a tab", ""};
  }
  for (const Wording& wording : kWordings) {
    if (error.msg.starts_with(wording.theirs)) {
      return {at, std::string(wording.message), std::string(wording.help)};
    }
  }
  return {at, "expected valid YAML, got something else", ""};
}

// Whether there is a tree.
bool parse(std::string_view text, EventBuilder& builder) {
  std::istringstream in{std::string(text)};
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const Stop&) {
  } catch (const YAML::Exception& error) {
    builder.complaints.push_back(complaint_of(error, text));
  }
  return false;
}

}  // namespace

std::vector<Complaint> read_yaml(std::string_view text, Node& tree) {
  if (const auto wrong = wrong_character(text)) return {*wrong};
  EventBuilder builder(text, tree);
  const bool whole = parse(text, builder);
  const bool nothing = tree.kind == Kind::text && std::get<std::string>(tree.value).empty();
  if (whole && !nothing && tree.kind != Kind::table) {
    builder.complaints.push_back({tree.span, "expected keys with their values, got none", ""});
  }
  if (!whole || tree.kind != Kind::table) tree = Node{};
  tree.span = {};
  return std::move(builder.complaints);
}

}  // namespace recoup::documents
