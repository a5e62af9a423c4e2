#include "claim/body_parts.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/redact.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

std::string rendered(const Part& part) {
  std::string text = part.text;
  for (std::size_t i = 0; i < part.shown; ++i) text += part.entries[i];
  if (part.shown == part.entries.size()) return text;
  const std::string more = fmt::format("… and {} more, on request: they are in claim.json",
                                       part.entries.size() - part.shown);
  if (part.columns == 0) return text + fmt::format("- {}\n", more);
  text += fmt::format("| {} |", more);
  for (std::size_t i = 1; i < part.columns; ++i) text += " |";
  return text + '\n';
}

std::string rendered(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) text += rendered(part);
  return text;
}

// What the list takes as it is shown.
std::size_t room(const Part& part) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < part.shown; ++i) size += report::characters(part.entries[i]);
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

std::string fitted(std::vector<Part> parts, std::size_t most) {
  std::string text = rendered(parts);
  while (report::characters(text) > most) {
    const auto longest = std::max_element(
        parts.begin(), parts.end(), [](const Part& a, const Part& b) { return room(a) < room(b); });
    if (longest->shown == 0) break;
    --longest->shown;
    text = rendered(parts);
  }
  return text;
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
