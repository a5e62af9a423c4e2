#include "report/html_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text.h"
#include "record/redact.h"
#include "report/words.h"

namespace recoup::report {
namespace {

std::size_t digits_after_point(const core::Ratio& share) {
  const std::string text = core::short_percent(share);
  const auto point = text.find('.');
  return point == std::string::npos ? 0 : text.size() - point - 1;
}

Html class_attribute(std::string_view css) {
  return css.empty() ? Html() : Html(" class=\"{}\"", css);
}

}  // namespace

std::string month_name(core::Month month) {
  constexpr std::array<std::string_view, 12> kNames{
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  return fmt::format("{} {}", kNames[static_cast<unsigned>(month.month()) - 1],
                     static_cast<int>(month.year()));
}

std::string instant_text(core::Instant at) {
  std::string text = core::to_text(at);
  text.pop_back();
  text[text.find('T')] = ' ';
  if (text.ends_with(":00")) text.resize(text.size() - 3);
  return text + " UTC";
}

std::string span_text(const core::Interval& span) {
  std::string begin = instant_text(span.begin);
  const std::string end = instant_text(span.end);
  constexpr std::size_t kDate = 11;  // with the space
  constexpr std::size_t kZone = 4;   // likewise
  const bool same_date = begin.substr(0, kDate) == end.substr(0, kDate);
  begin.resize(begin.size() - kZone);
  return begin + " to " + (same_date ? end.substr(kDate) : end);
}

std::string length_text(core::Millis length) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(length);
  if (minutes == length)
    return core::counted(static_cast<std::uint64_t>(minutes.count()), "minute");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length);
  return core::counted(static_cast<std::uint64_t>(seconds.count()), "second");
}

Html instant_html(core::Instant at) {
  return Html("<time datetime=\"{}\">{}</time>", core::to_text(at), instant_text(at));
}

std::string uptime_text(const core::Version& version, const core::Ratio& uptime) {
  std::size_t digits = digits_after_point(version.commitment);
  for (const core::Tier& tier : version.credits) {
    digits = std::max(digits, digits_after_point(tier.below));
  }
  return (uptime * core::Ratio::whole(100))
      .to_decimal(static_cast<int>(digits) + 3, core::Rounding::cut);
}

Html section(std::string_view id, const Html& title, const Html& body) {
  return Html(
      "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n{2}"
      "</section>\n",
      id, title, body);
}

Html paragraph(const Html& html, std::string_view css) {
  return Html("<p{}>{}</p>\n", class_attribute(css), html);
}

Html list(const std::vector<Html>& items) {
  Html html = "<ul>\n";
  for (const Html& item : items) html += Html("<li>{}</li>\n", item);
  return html + "</ul>\n";
}

HtmlTable::HtmlTable(std::string_view id, Html caption, std::vector<Column> columns)
    : id_(id), caption_(std::move(caption)), columns_(std::move(columns)) {}

void HtmlTable::row(const std::vector<Html>& cells, std::string_view css) {
  rows_ += Html("<tr{}>", class_attribute(css));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    rows_ += i == 0 ? Html("<th scope=\"row\">{}</th>", cells[i]) : Html("<td>{}</td>", cells[i]);
  }
  rows_ += "</tr>\n";
}

void HtmlTable::group(const Html& title) {
  if (!rows_.empty()) rows_ += "</tbody>\n<tbody>\n";
  rows_ += Html("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                columns_.size(), title);
}

Html HtmlTable::html() const {
  // A class for each column of numbers: on every cell it would make a long table longer by half.
  std::string numbers;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].number) numbers += fmt::format("{}n{}", numbers.empty() ? "" : " ", i + 1);
  }
  Html html("<table{}>\n<caption id=\"{}\">{}</caption>\n", class_attribute(numbers), id_,
            caption_);
  if (std::any_of(columns_.begin(), columns_.end(), [](auto& c) { return !c.name.empty(); })) {
    html += "<thead><tr>";
    for (const Column& column : columns_) html += Html("<th scope=\"col\">{}</th>", column.name);
    html += "</tr></thead>\n";
  }
  return html + Html("<tbody>\n{}</tbody>\n</table>\n", rows_);
}

Html HtmlTable::scrolling(std::string_view css) const {
  return Html(
      "<div class=\"scroll{}{}\" role=\"group\" aria-labelledby=\"{}\" tabindex=\"0\">\n{}</div>\n",
      css.empty() ? Html() : Html(" "), css, id_, html());
}

}  // namespace recoup::report
