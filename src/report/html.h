#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace recoup::report {

class Html;

// A text as the program holds it. An array of characters is none: it is a literal or a buffer.
template <typename T>
concept PageText = std::same_as<T, std::string> || std::same_as<T, std::string_view>;

// A number as it is shown, without bool and char.
template <typename T>
concept PageNumber = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

// HtmlPiece is what a place of a format is filled with: HTML and literals as they are, texts
// escaped, whole numbers. It refers to what it was made of.
class HtmlPiece {
 public:
  HtmlPiece(const Html& html);
  template <std::size_t N>
  HtmlPiece(const char (&literal)[N]) : kind_(Kind::html), bytes_(literal, N - 1) {}
  template <std::size_t N>
  HtmlPiece(char (&buffer)[N]) = delete;
  template <PageText T>
  HtmlPiece(const T& text) : kind_(Kind::text), bytes_(text) {}
  template <PageNumber T>
  HtmlPiece(T number)
      : kind_(std::is_signed_v<T> ? Kind::number : Kind::natural),
        number_(static_cast<std::int64_t>(number)) {}

 private:
  friend class Html;
  enum class Kind { html, text, number, natural };

  Kind kind_;
  std::string_view bytes_;
  std::int64_t number_ = 0;
};

// HtmlFormat is a literal with places of fmt's form for such arguments. That they fit is checked
// when it is compiled.
template <typename... Args>
class HtmlFormat {
 public:
  template <std::size_t N>
  consteval HtmlFormat(const char (&literal)[N]) : format_(literal) {}

  fmt::string_view text() const { return format_; }

 private:
  template <typename T>
  using Shown = std::conditional_t<PageNumber<T>, T, std::string_view>;

  fmt::format_string<Shown<Args>...> format_;
};

// Html is a page or a piece of one: elements, a picture, the attributes of an element. It is made
// of three things alone: of literals of the source, which are HTML; of texts, which are escaped
// when they become HTML; of other Html, as it is. So nothing is escaped twice, and nothing not at
// all:
//
//   Html row("<tr><td>{}</td>", agreement.region);      // the region is escaped
//   row += Html("<td>{}</td></tr>\n", tag_of(report));  // tag_of() gives Html
//
// It does not become text again; bytes() is for what sends or keeps a page.
class Html {
 public:
  Html() = default;

  // A literal of the source.
  template <std::size_t N>
  Html(const char (&literal)[N]) : bytes_(literal, N - 1) {}
  template <std::size_t N>
  Html(char (&buffer)[N]) = delete;

  // A text, as it may stand between tags and in an attribute's quotes. Control characters become
  // blanks; those that turn the direction of text are shown (record::visible).
  template <PageText T>
  Html(const T& text) {
    add_escaped(text);
  }

  // A literal, its places filled.
  template <typename... Args>
  requires(sizeof...(Args) > 0 && (std::constructible_from<HtmlPiece, Args> && ...)) explicit Html(
      std::type_identity_t<HtmlFormat<std::remove_cvref_t<Args>...>> format, Args&&... args) {
    add_formatted(format.text(), {HtmlPiece(args)...});
  }

  Html& operator+=(const Html& more) {
    bytes_ += more.bytes_;
    return *this;
  }
  friend Html operator+(Html html, const Html& more) {
    html += more;
    return html;
  }

  bool operator==(const Html&) const = default;
  bool empty() const { return bytes_.empty(); }

  const std::string& bytes() const& { return bytes_; }
  std::string bytes() && { return std::move(bytes_); }

  // With a space that keeps a number and its percent sign on one line.
  Html with_percent_signs_kept() const;

 private:
  friend class HtmlPiece;

  void add_escaped(std::string_view text);
  void add_formatted(fmt::string_view format, std::initializer_list<HtmlPiece> pieces);

  std::string bytes_;
};

inline HtmlPiece::HtmlPiece(const Html& html) : kind_(Kind::html), bytes_(html.bytes_) {}

// The parts one behind the other, with `between` between two of them.
Html joined(const std::vector<Html>& parts, const Html& between);

// What a user or somebody else wrote, without what is confidential.
Html outside_html(std::string_view text);

}  // namespace recoup::report
