#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/text.h"
#include "sources/probe/answer_body.h"

namespace recoup::sources::probe {
namespace {

using Steps = std::vector<rules::AnswerPath::Step>;

constexpr std::string_view kBlank = " \t\r\n";

// Whether an element is the one that a step names: by its local name where the step has no prefix.
bool is_step(std::string_view element, const rules::AnswerPath::Step& step) {
  const auto* name = std::get_if<std::string>(&step);
  if (name == nullptr) return false;
  if (name->find(':') == std::string::npos) element = element.substr(element.find(':') + 1);
  return element == *name;
}

// The character that "lt" or "#83" stands for, the text between & and ;. Nothing where it is no
// reference; beyond ASCII no error has its name: '?'.
std::optional<char> referred(std::string_view name) {
  struct Named {
    std::string_view name;
    char character;
  };
  for (const Named& one :
       {Named{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}) {
    if (name == one.name) return one.character;
  }
  if (!name.starts_with('#')) return std::nullopt;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = name.data() + name.size();
  const auto [last, error] = std::from_chars(name.data(), end, code, hex ? 16 : 10);
  if (error != std::errc() || last != end || code == 0) return std::nullopt;
  return code < 0x80 ? static_cast<char>(code) : '?';
}

// Scanner goes through a document from its begin, one piece of markup or text after the other, and
// stops at the end of the element that is looked for, where the document is cut off, and where it
// is not well-formed. The elements that are open are as deep as the body is long at most.
class Scanner {
 public:
  Scanner(std::string_view xml, const Steps& steps) : rest_(xml), steps_(steps) {
    constexpr std::string_view kMark = "\xef\xbb\xbf";
    if (rest_.starts_with(kMark)) rest_.remove_prefix(kMark.size());
  }

  // The element's text; nothing where it did not end.
  std::optional<std::string> find() {
    while (!found_ && !rest_.empty() && piece()) {
    }
    return found_ ? std::optional(std::string(core::trimmed(text_))) : std::nullopt;
  }

 private:
  // Takes the next piece; false where there is none.
  bool piece() {
    if (rest_.front() != '<') return text();
    if (rest_.starts_with("<!--")) return skip_past(4, "-->").has_value();
    if (rest_.starts_with("<![CDATA[")) return verbatim();
    if (rest_.starts_with("<?")) return skip_past(2, "?>").has_value();
    if (rest_.starts_with("</")) return close();
    return !rest_.starts_with("<!") && open();
  }

  // What stands before `end`, from `begin` on; nothing where it is cut off.
  std::optional<std::string_view> skip_past(std::size_t begin, std::string_view end) {
    const auto at = rest_.find(end, begin);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view inside = rest_.substr(begin, at - begin);
    rest_.remove_prefix(at + end.size());
    return inside;
  }

  bool wanted() const { return on_path_ == steps_.size() && open_.size() == on_path_; }

  bool text() {
    const std::string_view run = rest_.substr(0, rest_.find('<'));
    rest_.remove_prefix(run.size());
    if (open_.empty()) return core::trimmed(run).empty();
    return !wanted() || add_decoded(run);
  }

  bool add_decoded(std::string_view run) {
    while (!run.empty()) {
      const auto reference = std::min(run.find('&'), run.size());
      text_ += run.substr(0, reference);
      run.remove_prefix(reference);
      if (run.empty()) break;
      const auto end = run.find(';');
      if (end == std::string_view::npos) return false;
      const auto character = referred(run.substr(1, end - 1));
      if (!character) return false;
      text_ += *character;
      run.remove_prefix(end + 1);
    }
    return true;
  }

  bool verbatim() {
    const auto inside = skip_past(9, "]]>");
    if (!inside || open_.empty()) return false;
    if (wanted()) text_ += *inside;
    return true;
  }

  bool open() {
    const auto name_end = rest_.find_first_of(" \t\r\n/><", 1);
    if (name_end == std::string_view::npos || name_end == 1) return false;
    const std::string_view name = rest_.substr(1, name_end - 1);
    const auto end = end_of_tag(name_end);
    if (!end || closed_root_) return false;
    const bool empty = rest_[*end - 1] == '/';
    rest_.remove_prefix(*end + 1);
    const bool leads_on = on_path_ == open_.size() && on_path_ < steps_.size();
    open_.push_back(name);
    if (leads_on && is_step(name, steps_[on_path_])) ++on_path_;
    if (empty) leave();
    return true;
  }

  // Where the tag's '>' stands: one in an attribute's value is none.
  std::optional<std::size_t> end_of_tag(std::size_t at) const {
    char quote = 0;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '<') return std::nullopt;
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return at;
      }
    }
    return std::nullopt;
  }

  bool close() {
    const auto inside = skip_past(2, ">");
    if (!inside || open_.empty()) return false;
    const auto blank = std::min(inside->find_last_not_of(kBlank) + 1, inside->size());
    if (inside->substr(0, blank) != open_.back()) return false;
    leave();
    return true;
  }

  void leave() {
    found_ = wanted();
    open_.pop_back();
    on_path_ = std::min(on_path_, open_.size());
    closed_root_ = open_.empty();
  }

  std::string_view rest_;
  const Steps& steps_;
  std::vector<std::string_view> open_;  // the names of the elements that are open, the root first
  std::size_t on_path_ = 0;             // of them, from the root on, those that the steps name
  bool closed_root_ = false;
  bool found_ = false;
  std::string text_;
};

}  // namespace

std::string text_in_xml(std::string_view xml, const rules::AnswerPath& path) {
  if (path.empty()) return {};
  return Scanner(xml, path.steps).find().value_or("");
}

}  // namespace recoup::sources::probe
