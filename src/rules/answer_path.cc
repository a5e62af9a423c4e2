#include "rules/answer_path.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace recoup::rules {
namespace {

using core::Error;
using core::Result;

constexpr std::size_t kMostSteps = 32;
constexpr std::size_t kMostDigits = 6;  // of an index

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// What a name can hold that stands without quotes.
bool is_plain(char c) {
  return !is_control(c) && std::string_view(" .[]\"'\\*").find(c) == std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// PathReader takes a path apart from left to right; each step is taken, or why it is none is kept.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  // The steps; nothing where the text is no path.
  std::optional<AnswerPath> read() {
    AnswerPath path;
    while (at_ < text_.size()) {
      auto step = next();
      if (!step || path.steps.size() == kMostSteps) return std::nullopt;
      path.steps.push_back(*std::move(step));
    }
    return path.empty() ? std::nullopt : std::optional(std::move(path));
  }

  // As far as the text is a path.
  std::string_view good() const { return text_.substr(0, begin_); }

 private:
  std::optional<AnswerPath::Step> next() {
    begin_ = at_;
    if (text_[at_] == '[') return bracketed();
    if (at_ > 0 && text_[at_++] != '.') return std::nullopt;
    const auto end =
        std::find_if_not(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.end(), is_plain);
    const auto length = static_cast<std::size_t>(end - text_.begin()) - at_;
    if (length == 0) return std::nullopt;
    at_ += length;
    return std::string(text_.substr(at_ - length, length));
  }

  std::optional<AnswerPath::Step> bracketed() {
    ++at_;
    auto step =
        at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'') ? quoted() : index();
    if (!step || at_ == text_.size() || text_[at_] != ']') return std::nullopt;
    ++at_;
    return step;
  }

  // A backslash takes the character after it as it is.
  std::optional<AnswerPath::Step> quoted() {
    const char quote = text_[at_++];
    std::string name;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) return std::nullopt;
      if (is_control(text_[at_])) return std::nullopt;
      name += text_[at_];
    }
    if (at_ == text_.size() || name.empty()) return std::nullopt;
    ++at_;
    return name;
  }

  std::optional<AnswerPath::Step> index() {
    std::size_t number = 0;
    const std::size_t first = at_;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
      if (at_ - first == kMostDigits) return std::nullopt;
      number = number * 10 + static_cast<std::size_t>(text_[at_] - '0');
    }
    return at_ == first ? std::nullopt : std::optional<AnswerPath::Step>(number);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the step that is being read
};

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-' ||
         c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

// Whether an element can have that name (XML 1.0, Name; beyond ASCII everything is taken for one).
bool is_element_name(std::string_view name) {
  return !name.empty() && !is_digit(name.front()) && name.front() != '-' && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_name_character);
}

// The text with what separates the steps of other kinds of path in this one's form; nothing where
// it is not like one.
std::optional<std::string> in_our_form(std::string_view text) {
  std::string ours(text);
  if (ours.starts_with("$.")) {
    ours.erase(0, 2);
  } else if (ours.starts_with("$[")) {
    ours.erase(0, 1);
  } else if (ours.find('/') != std::string::npos) {
    ours.erase(0, ours.find_first_not_of('/'));
    std::replace(ours.begin(), ours.end(), '/', '.');
  } else {
    return std::nullopt;
  }
  return PathReader(ours).read() ? std::optional(ours) : std::nullopt;
}

}  // namespace

Result<AnswerPath> parse_json_path(std::string_view text) {
  constexpr std::string_view kExpected =
      "expected a path into JSON, like \"error.status\" or \"error.details[0].reason\", got '{}'";
  const auto ours =
      text.starts_with('$') || text.starts_with('/') ? in_our_form(text) : std::nullopt;
  if (ours) return Error{fmt::format(kExpected, text), "", fmt::format("write \"{}\"", *ours)};
  PathReader reader(text);
  if (auto path = reader.read()) return *std::move(path);
  const std::string_view good = reader.good();
  return Error{
      fmt::format(kExpected, text), "",
      fmt::format("{} a member's name, an index like [0], or a name with other characters "
                  "in brackets and quotes, like [\"x-amzn.code\"]",
                  good.empty() ? "it begins with" : fmt::format("after '{}' stands", good))};
}

Result<AnswerPath> parse_xml_path(std::string_view text) {
  constexpr std::string_view kExpected = "expected a path into XML, like \"Error.Code\", got '{}'";
  if (const auto ours = in_our_form(text)) {
    return Error{fmt::format(kExpected, text), "", fmt::format("write \"{}\"", *ours)};
  }
  auto path = PathReader(text).read();
  const auto is_name = [](const AnswerPath::Step& step) {
    const auto* name = std::get_if<std::string>(&step);
    return name != nullptr && is_element_name(*name);
  };
  if (path && std::all_of(path->steps.begin(), path->steps.end(), is_name)) return *std::move(path);
  return Error{fmt::format(kExpected, text), "",
               "it is the names of elements, from the root's on, with a dot between two"};
}

}  // namespace recoup::rules
