#include "report/html.h"

#include <iterator>

#include <fmt/args.h>
#include <fmt/format.h>

#include "record/redact.h"

namespace recoup::report {

void Html::add_escaped(std::string_view text) {
  for (const char c : record::visible(text)) {
    switch (c) {
      case '&': bytes_ += "&amp;"; break;
      case '<': bytes_ += "&lt;"; break;
      case '>': bytes_ += "&gt;"; break;
      case '"': bytes_ += "&quot;"; break;
      case '\'': bytes_ += "&#39;"; break;
      default: bytes_ += (c >= 0 && c < ' ') || c == '\x7f' ? ' ' : c;
    }
  }
}

void Html::add_formatted(fmt::string_view format, std::initializer_list<HtmlPiece> pieces) {
  fmt::dynamic_format_arg_store<fmt::format_context> args;
  for (const HtmlPiece& piece : pieces) {
    switch (piece.kind_) {
      case HtmlPiece::Kind::html: args.push_back(piece.bytes_); break;
      case HtmlPiece::Kind::text: args.push_back(Html(piece.bytes_).bytes()); break;
      case HtmlPiece::Kind::number: args.push_back(piece.number_); break;
      case HtmlPiece::Kind::natural:
        args.push_back(static_cast<std::uint64_t>(piece.number_));
        break;
    }
  }
  fmt::vformat_to(std::back_inserter(bytes_), format, args);
}

Html Html::with_percent_signs_kept() const {
  constexpr std::string_view kNoBreakSpace = "\u00a0";
  const std::string_view html = bytes_;
  Html kept;
  kept.bytes_.reserve(html.size() + html.size() / 64);
  for (std::size_t at = 0; at < html.size(); ++at) {
    const bool before_sign = html[at] == ' ' && html.substr(at + 1).starts_with('%');
    kept.bytes_ += before_sign ? kNoBreakSpace : html.substr(at, 1);
  }
  return kept;
}

Html joined(const std::vector<Html>& parts, const Html& between) {
  Html all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) all += between;
    all += parts[i];
  }
  return all;
}

Html outside_html(std::string_view text) { return Html(record::redact(text)); }

}  // namespace recoup::report
