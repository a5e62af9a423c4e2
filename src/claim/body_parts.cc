#include "claim/body_parts.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/redact.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

// No text of 8,000 characters has more rows.
constexpr std::size_t kMostRows = 400;

Part of_lines(Part::Kind kind, const std::vector<std::string>& lines) {
  Part part{kind};
  for (const std::string& line : lines) part.rows.push_back({{line}, part.rows.size()});
  part.shown = part.rows.size();
  return part;
}

// What the rows take as they are shown, where some of them can be left out.
std::size_t room(const Part& part) {
  if (part.kind == Part::Kind::facts) return 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < part.shown; ++i) {
    for (const std::string& cell : part.rows[i].cells) size += 3 + report::characters(cell);
  }
  return size;
}

// The first characters of a text of any length.
std::string clipped(const std::string& text) {
  constexpr std::size_t kMost = 300;
  if (report::characters(text) <= kMost) return text;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if ((text[end] & 0xC0) != 0x80 && ++seen > kMost) break;
  }
  return text.substr(0, end) + " … (whole in claim.json, on request)";
}

}  // namespace

Part title(std::string text) { return {Part::Kind::title, std::move(text)}; }

Part heading(std::string text) { return {Part::Kind::heading, std::move(text)}; }

Part paragraph(std::string text) { return {Part::Kind::paragraph, std::move(text)}; }

Part list(const std::vector<std::string>& sentences) {
  return of_lines(Part::Kind::list, sentences);
}

Part commands(const std::vector<std::string>& lines) {
  return of_lines(Part::Kind::commands, lines);
}

void fit(std::vector<Part>& parts, std::size_t most) {
  for (Part& part : parts) part.shown = std::min(part.shown, kMostRows);
  while (true) {
    const std::size_t longest =
        std::max(report::characters(markdown_text(parts)), report::characters(plain_text(parts)));
    if (longest <= most) return;
    const auto part = std::max_element(
        parts.begin(), parts.end(),
        [](const Part& one, const Part& other) { return room(one) < room(other); });
    if (room(*part) == 0) return;
    // Half of what is too much at a time: not a row more is left out than has to be.
    const std::size_t rows = part->shown * (longest - most) / (2 * room(*part));
    part->shown -= std::clamp<std::size_t>(rows, 1, part->shown);
  }
}

std::string rest_text(const Part& part) {
  if (part.shown == part.rows.size()) return {};
  if (part.rest) return part.rest(part.shown, part.rows.size());
  return fmt::format("… and {} more, on request: they are in claim.json",
                     part.rows.size() - part.shown);
}

std::vector<Row> shown_rows(const Part& part) {
  std::vector<Row> rows(part.rows.begin(),
                        part.rows.begin() + static_cast<std::ptrdiff_t>(part.shown));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.place < b.place; });
  return rows;
}

std::string line_text(const std::string& text) {
  std::string line = clipped(text);
  for (char& c : line) {
    if (c == '|') c = '/';
    if (c >= 0 && c < ' ') c = ' ';
  }
  return line;
}

std::string user_text(std::string_view raw) { return line_text(record::redact(raw)); }

}  // namespace recoup::claim
