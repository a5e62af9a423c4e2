#include "documents/toml_depth.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::documents {
namespace {

constexpr int kMostNames = 16;
constexpr int kMostNested = 32;

// Scanner looks at brackets, and at points between names, outside of texts and comments. Where the
// file is no TOML it may take one for another: the parser then stops before it is that deep.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<Complaint> run() {
    begin_line();
    while (at_ < text_.size()) {
      switch (text_[at_]) {
        case '\n': end_line(); continue;
        case '#': at_ = std::min(text_.find('\n', at_), text_.size()); continue;
        case '"':
        case '\'': skip_text(text_[at_]); continue;
        case '.':
          if (++points_ >= kMostNames) return here("names with points between them", kMostNames);
          break;
        case '[':
        case '{':
          points_ = 0;
          if (!in_header_ && ++nested_ > kMostNested) {
            return here("tables and arrays in one another", kMostNested);
          }
          break;
        case ']':
        case '}':
          points_ = 0;
          if (!in_header_ && nested_ > 0) --nested_;
          break;
        case '=':
        case ',': points_ = 0; break;
        default: break;
      }
      ++at_;
    }
    return std::nullopt;
  }

 private:
  // Brackets of a header are none of a value.
  void begin_line() {
    begin_ = at_;
    const auto first = text_.find_first_not_of(" \t", at_);
    in_header_ = nested_ == 0 && first != std::string_view::npos && text_[first] == '[';
    points_ = 0;
  }

  void end_line() {
    ++at_;
    ++line_;
    begin_line();
  }

  // Past a text in these quotes, of one line or, in three of them, of several.
  void skip_text(char quote) {
    const bool escapes = quote == '"';
    const std::string triple(3, quote);
    const bool is_long = text_.substr(at_).starts_with(triple);
    at_ += is_long ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && escapes && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
        ++at_;
      } else if (c == '\n') {
        if (!is_long) return;
        ++line_;
        begin_ = at_ + 1;
      } else if (is_long && text_.substr(at_).starts_with(triple)) {
        at_ = std::min(text_.find_first_not_of(quote, at_), text_.size());
        return;
      } else if (!is_long && c == quote) {
        ++at_;
        return;
      }
    }
  }

  Complaint here(std::string_view of_what, int most) const {
    int column = 1;
    for (std::string_view before = text_.substr(begin_, at_ - begin_); !before.empty(); ++column) {
      before.remove_prefix(character_length(before));
    }
    return {{line_, column, line_, column + 1},
            fmt::format("expected at most {} {}, got more", most, of_what),
            ""};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the line
  int line_ = 1;
  int points_ = 0;  // in the key so far
  int nested_ = 0;
  bool in_header_ = false;
};

}  // namespace

std::optional<Complaint> too_deep(std::string_view text) { return Scanner(text).run(); }

}  // namespace recoup::documents
