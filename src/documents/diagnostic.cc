#include "documents/diagnostic.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "documents/secret_lines.h"
#include "record/redact.h"

namespace recoup::documents {
namespace {

constexpr std::size_t kTab = 4;
constexpr std::size_t kWidest = 100;   // columns of a source line that are shown
constexpr std::size_t kBefore = 30;    // of them before the caret, where the line is cut
constexpr std::size_t kLongest = 400;  // bytes of a message
constexpr std::string_view kHidden = "<secret>";

bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character.front());
  // A lone byte beyond ASCII is not UTF-8; U+0080 to U+009F steer terminals as well.
  return byte < 0x20 || byte == 0x7f || (byte >= 0x80 && character.size() == 1) ||
         (byte == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0) ||
         record::reordering_length(character) > 0;
}

// The text without what would steer a terminal, and cut where it is very long.
std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, character_length(text));
    text.remove_prefix(character.size());
    if (out.size() + character.size() > kLongest) return out + "…";
    out += is_control(character) ? "?" : character;
  }
  return out;
}

// Excerpt is one source line as it is shown: cells of one column each, and for each character of
// the line the cell at which it begins.
struct Excerpt {
  std::vector<std::string> cells;
  std::vector<std::size_t> begins;  // one more than there are characters
};

Excerpt draw(std::string_view line, const std::vector<Hidden>& hidden) {
  Excerpt out;
  std::size_t byte = 0;
  std::size_t shown_until = 0;  // of the hidden part that is open
  while (byte < line.size()) {
    const std::string_view character = line.substr(byte, character_length(line.substr(byte)));
    const auto part = std::find_if(hidden.begin(), hidden.end(), [&](const Hidden& h) {
      return h.begin <= byte && byte < h.end;
    });
    if (part == hidden.end()) {
      out.begins.push_back(out.cells.size());
      const std::size_t width = character == "\t" ? kTab - out.cells.size() % kTab : 1;
      const std::string cell(character == "\t" ? " " : is_control(character) ? "?" : character);
      out.cells.insert(out.cells.end(), width, cell);
    } else {
      if (byte == part->begin || shown_until != part->end) {
        for (const char c : kHidden) out.cells.emplace_back(1, c);
        shown_until = part->end;
      }
      out.begins.push_back(out.cells.size() - kHidden.size());
    }
    byte += character.size();
  }
  out.begins.push_back(out.cells.size());
  return out;
}

std::string join(const std::vector<std::string>& cells, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < std::min(end, cells.size()); ++i) out += cells[i];
  return out;
}

// The cells that the span underlines; at least one.
std::pair<std::size_t, std::size_t> underline(const Excerpt& excerpt, const Span& span) {
  const auto cell_of = [&](int column) {
    const auto index = static_cast<std::size_t>(std::max(column, 1) - 1);
    return index < excerpt.begins.size() ? excerpt.begins[index]
                                         : excerpt.cells.size() + index - excerpt.begins.size() + 1;
  };
  const std::size_t begin = cell_of(span.column);
  std::size_t end = span.end_line > span.line ? excerpt.cells.size() : cell_of(span.end_column);
  // A place inside a hidden part is all of that part.
  if (end <= begin && join(excerpt.cells, begin, begin + kHidden.size()) == kHidden) {
    end = begin + kHidden.size();
  }
  return {begin, std::max(end, begin + 1)};
}

std::string excerpt_of(std::string_view line, const std::vector<Hidden>& hidden, const Span& span) {
  const Excerpt excerpt = draw(line, hidden);
  auto [begin, end] = underline(excerpt, span);

  std::size_t from = 0;
  std::size_t to = excerpt.cells.size();
  if (to > kWidest) {
    if (end > kWidest) from = begin > kBefore ? begin - kBefore : 0;
    to = std::min(to, from + kWidest);
    end = std::max(begin + 1, std::min(end, to));
  }
  std::string shown = join(excerpt.cells, from, to);
  if (from > 0) shown = "…" + shown;
  if (to < excerpt.cells.size()) shown += "…";
  shown.erase(shown.find_last_not_of(' ') + 1);
  const std::size_t indent = begin - from + (from > 0 ? 1 : 0);
  return fmt::format("{:5} |{}{}\n      | {}{}\n", span.line, shown.empty() ? "" : " ", shown,
                     std::string(indent, ' '), std::string(end - begin, '^'));
}

std::string headline(std::string_view path, const Complaint& complaint) {
  const bool whole = complaint.at.line == 0;
  return fmt::format("{}:{}:{}: {}: {}\n", path, whole ? 1 : complaint.at.line,
                     whole ? 1 : complaint.at.column, complaint.warning ? "warning" : "error",
                     printable(record::without_secrets(complaint.message)));
}

std::string help_line(const Complaint& complaint) {
  return complaint.help.empty() ? "" : fmt::format("help: {}\n", printable(complaint.help));
}

}  // namespace

std::string lay_out(std::string_view path, std::string_view text, std::vector<Complaint> complaints,
                    Syntax syntax) {
  const SecretLines secrets(text);
  const auto hidden = [&](int line) {
    return syntax == Syntax::toml ? secrets.hidden_parts(line) : hidden_yaml_parts(text, line);
  };
  std::stable_sort(complaints.begin(), complaints.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  std::string out;
  for (const Complaint& complaint : complaints) {
    out += headline(path, complaint);
    if (const int line = complaint.at.line; line != 0) {
      out += excerpt_of(secrets.lines()[line], hidden(line), complaint.at);
    }
    out += help_line(complaint);
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::string lay_out_line(std::string_view path, std::string_view line, const Complaint& complaint) {
  std::string out = headline(path, complaint) +
                    excerpt_of(line, hidden_parts(line, 1), complaint.at) + help_line(complaint);
  out.pop_back();
  return out;
}

}  // namespace recoup::documents
