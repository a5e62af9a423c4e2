#include "report/html_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "record/redact.h"
#include "report/words.h"

namespace recoup::report {
namespace {

std::size_t digits_after_point(const core::Ratio& share) {
  const std::string text = short_percent(share);
  const auto point = text.find('.');
  return point == std::string::npos ? 0 : text.size() - point - 1;
}

std::string class_attribute(std::string_view css) {
  return css.empty() ? "" : fmt::format(" class=\"{}\"", css);
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string html;
  for (const char c : record::visible(text)) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += (c >= 0 && c < ' ') || c == '\x7f' ? ' ' : c;
    }
  }
  return html;
}

std::string outside_html(std::string_view text) { return escape_html(record::redact(text)); }

std::string grouped(std::string number) {
  const std::size_t first = number.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(number.find('.'), number.size()); at > first + 3;) {
    at -= 3;
    number.insert(at, 1, ',');
  }
  return number;
}

std::string grouped(std::uint64_t number) { return grouped(std::to_string(number)); }

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

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
  if (minutes == length) return counted(static_cast<std::uint64_t>(minutes.count()), "minute");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length);
  return counted(static_cast<std::uint64_t>(seconds.count()), "second");
}

std::string instant_html(core::Instant at) {
  return fmt::format("<time datetime=\"{}\">{}</time>", core::to_text(at), instant_text(at));
}

std::string uptime_text(const core::Version& version, const core::Ratio& uptime) {
  std::size_t digits = digits_after_point(version.commitment);
  for (const core::Tier& tier : version.credits) {
    digits = std::max(digits, digits_after_point(tier.below));
  }
  return (uptime * core::Ratio::whole(100))
      .to_decimal(static_cast<int>(digits) + 3, core::Rounding::cut);
}

std::string tier_text(const core::Tier& tier) {
  std::string text = fmt::format("less than {} %", short_percent(tier.below));
  if (tier.at_least) text += fmt::format(" and at least {} %", short_percent(*tier.at_least));
  return text;
}

std::string with_percent_signs_kept(std::string_view html) {
  constexpr std::string_view kNoBreakSpace = "\u00a0";
  std::string text;
  text.reserve(html.size() + html.size() / 64);
  for (std::size_t at = 0; at < html.size(); ++at) {
    const bool kept = html[at] == ' ' && html.substr(at + 1).starts_with('%');
    text += kept ? kNoBreakSpace : html.substr(at, 1);
  }
  return text;
}

std::string section(std::string_view id, std::string_view title, std::string_view body) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n{2}"
      "</section>\n",
      id, title, body);
}

std::string paragraph(std::string_view html, std::string_view css) {
  return fmt::format("<p{}>{}</p>\n", class_attribute(css), html);
}

std::string list(const std::vector<std::string>& items) {
  std::string html = "<ul>\n";
  for (const std::string& item : items) html += fmt::format("<li>{}</li>\n", item);
  return html + "</ul>\n";
}

Table::Table(std::string_view id, std::string_view caption, std::vector<Column> columns)
    : id_(id), caption_(caption), columns_(std::move(columns)) {}

void Table::row(const std::vector<std::string>& cells, std::string_view css) {
  rows_ += fmt::format("<tr{}>", class_attribute(css));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    rows_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", cells[i])
                    : fmt::format("<td>{}</td>", cells[i]);
  }
  rows_ += "</tr>\n";
}

std::string Table::text() const {
  // A class for each column of numbers: on every cell it would make a long table longer by half.
  std::string numbers;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].number) numbers += fmt::format("{}n{}", numbers.empty() ? "" : " ", i + 1);
  }
  std::string html = fmt::format("<table{}>\n<caption id=\"{}\">{}</caption>\n",
                                 class_attribute(numbers), id_, caption_);
  if (std::any_of(columns_.begin(), columns_.end(), [](auto& c) { return !c.name.empty(); })) {
    html += "<thead><tr>";
    for (const Column& column : columns_) {
      html += fmt::format("<th scope=\"col\">{}</th>", column.name);
    }
    html += "</tr></thead>\n";
  }
  return html + fmt::format("<tbody>\n{}</tbody>\n</table>\n", rows_);
}

std::string Table::scrolling_text(std::string_view css) const {
  return fmt::format(
      "<div class=\"scroll{}{}\" role=\"group\" aria-labelledby=\"{}\" tabindex=\"0\">\n{}</div>\n",
      css.empty() ? "" : " ", css, id_, text());
}

}  // namespace recoup::report
