// Text and HTML are different types: this is what compiles, what does not, and what is made of it.

#include "report/html.h"

#include "record/redact.h"
#include "report/html_text.h"
#include "support/catch.h"

using recoup::report::Html;

namespace {

template <typename... Args>
concept MakesHtml = std::constructible_from<Html, Args...>;

// Whether HTML can be used as if it were text.
template <typename T>
concept IsText = std::convertible_to<T, std::string> || std::convertible_to<T, std::string_view> ||
    fmt::is_formattable<T>::value || requires(const T& html) {
  recoup::record::redact(html);
};

// A literal is HTML.
static_assert(MakesHtml<const char (&)[4]>);
static_assert(MakesHtml<const char (&)[4], const std::string&>);
// A text becomes HTML by being escaped, wherever HTML is wanted.
static_assert(std::convertible_to<std::string, Html>);
static_assert(std::convertible_to<std::string_view, Html>);

// What is no literal is no HTML, and no format of it.
static_assert(!MakesHtml<const char*>);
static_assert(!MakesHtml<char (&)[4]>);
static_assert(!MakesHtml<const std::string&, const std::string&>);
static_assert(!MakesHtml<std::string_view, std::string_view>);
static_assert(!MakesHtml<const char*, const std::string&>);
static_assert(!MakesHtml<decltype(fmt::runtime("{}")), const std::string&>);
static_assert(!MakesHtml<const Html&, const std::string&>);

// Nor does it fill a place, where nobody says whether it is text or HTML.
static_assert(!MakesHtml<const char (&)[4], const char*>);
static_assert(!MakesHtml<const char (&)[4], char (&)[4]>);
static_assert(!MakesHtml<const char (&)[4], bool>);
static_assert(!MakesHtml<const char (&)[4], char>);
static_assert(!MakesHtml<const char (&)[4], double>);

// HTML is no text again: it can be escaped no second time, and go into no message or log.
static_assert(!IsText<Html>);
static_assert(IsText<std::string>);

}  // namespace

TEST_CASE("a text is escaped once when it becomes HTML") {
  const std::string text = "<b>\"R&D\"</b>'s";
  const std::string escaped = "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;&#39;s";
  CHECK(Html(text).bytes() == escaped);
  CHECK(Html(std::string_view(text)).bytes() == escaped);
  CHECK(Html("<p>{}</p>", text).bytes() == "<p>" + escaped + "</p>");
  CHECK(Html("{}", Html("<p>{}</p>", text)).bytes() == "<p>" + escaped + "</p>");
  CHECK((Html("<p>") + text + "</p>").bytes() == "<p>" + escaped + "</p>");
}

TEST_CASE("a control character of a text becomes a blank, and one that turns the direction shows") {
  CHECK(Html(std::string("a\tb\x7f"
                         "c"))
            .bytes() == "a b c");
  CHECK(Html(std::string("a\u202e"
                         "b"))
            .bytes() == recoup::record::visible("a\u202e"
                                                "b"));
}

TEST_CASE("a literal is HTML, alone and in a place of a format") {
  CHECK(Html("&ndash; {}").bytes() == "&ndash; {}");
  CHECK(Html("<td>{}</td>", "&ndash;").bytes() == "<td>&ndash;</td>");
}

TEST_CASE("a number stands in a place as its form says") {
  const std::uint64_t most = 18'446'744'073'709'551'615U;
  CHECK(Html("{1} {0:02} {2}", 7, -5L, most).bytes() == "-5 07 18446744073709551615");
}

TEST_CASE("a percent sign stays on the line of its number") {
  CHECK(Html("99 % of <b>1 %</b>").with_percent_signs_kept().bytes() ==
        "99\u00a0% of <b>1\u00a0%</b>");
}

TEST_CASE("what somebody else wrote shows nothing confidential, and no tag of theirs") {
  const std::string written = "<i>Authorization: Bearer abcdefghijklmnop</i>";
  const std::string shown = recoup::report::outside_html(written).bytes();
  CHECK(shown.find("abcdefghijklmnop") == std::string::npos);
  CHECK(shown.starts_with("&lt;i&gt;"));
}

TEST_CASE("a table's cells are text or HTML, each as it is") {
  recoup::report::HtmlTable table("t", "A & B", {{"Name"}, {"Count", true}});
  table.row({std::string("<x>"), Html("<b>{}</b>", 2)}, "marked");
  const std::string html = table.html().bytes();
  CHECK(html.find("<caption id=\"t\">A & B</caption>") != std::string::npos);
  CHECK(html.find("<tr class=\"marked\"><th scope=\"row\">&lt;x&gt;</th><td><b>2</b></td></tr>") !=
        std::string::npos);
}
