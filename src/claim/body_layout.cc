#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "claim/body_parts.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using Kind = Part::Kind;

// --- Markdown -----------------------------------------------------------------------------------

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += cell.empty() ? " |" : fmt::format(" {} |", cell);
  return line + '\n';
}

std::string markdown_head(const std::vector<BodyColumn>& columns) {
  std::vector<std::string> names;
  std::string rule = "|";
  for (const BodyColumn& column : columns) {
    names.push_back(column.name);
    rule += column.number ? "---:|" : "---|";
  }
  return markdown_row(names) + rule + '\n';
}

std::string markdown_rows(const Part& part) {
  std::string text;
  if (part.kind == Kind::table) text = markdown_head(part.columns);
  if (part.kind == Kind::facts) text = markdown_head({{""}, {""}});
  for (const Row& row : shown_rows(part)) {
    if (part.kind == Kind::list) {
      text += fmt::format("- {}\n", row.cells.front());
    } else if (part.kind == Kind::commands) {
      text += fmt::format("    {}\n", row.cells.front());
    } else {
      text += markdown_row(row.cells);
    }
  }
  const std::string rest = rest_text(part);
  if (rest.empty()) return text;
  return part.kind == Kind::list ? text + fmt::format("- {}\n", rest)
                                 : text + fmt::format("\n{}\n", rest);
}

std::string markdown_part(const Part& part) {
  switch (part.kind) {
    case Kind::title: return fmt::format("# {}\n", part.text);
    case Kind::heading: return fmt::format("## {}\n", part.text);
    case Kind::paragraph: return part.text + '\n';
    case Kind::warning: return fmt::format("**{}**\n", part.text);
    default: return markdown_rows(part);
  }
}

// --- plain text ---------------------------------------------------------------------------------

constexpr std::size_t kWidth = 80;
constexpr std::size_t kBetween = 2;     // blanks between two columns
constexpr std::size_t kNarrowest = 16;  // that a column of words is made

std::string padded(const std::string& text, std::size_t width, bool right = false) {
  const std::size_t size = report::characters(text);
  const std::string blanks(width > size ? width - size : 0, ' ');
  return right ? blanks + text : text + blanks;
}

// The text in lines of that many characters, where no word is longer.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (report::characters(line) + 1 + report::characters(word) <= width) {
      line += ' ' + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string indented(const std::string& first, const std::string& text, std::size_t indent) {
  std::string out;
  for (const std::string& line : wrapped(text, kWidth - indent)) {
    out += (out.empty() ? padded(first, indent) : std::string(indent, ' ')) + line + '\n';
  }
  return out;
}

std::string underlined(const std::string& text, char line) {
  return text + '\n' + std::string(report::characters(text), line) + '\n';
}

// How wide each column is: as its widest cell, but for the widest of words where all are too wide.
std::vector<std::size_t> widths_of(const Part& part, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const BodyColumn& column : part.columns) widths.push_back(report::characters(column.name));
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], report::characters(row.cells[i]));
    }
  }
  const std::size_t all =
      std::accumulate(widths.begin(), widths.end(), kBetween * (widths.size() - 1));
  if (all <= kWidth) return widths;
  std::size_t widest = widths.size();
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (part.columns[i].number) continue;
    if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
  }
  if (widest == widths.size()) return widths;
  const std::size_t over = all - kWidth;
  widths[widest] = std::max(kNarrowest, widths[widest] > over ? widths[widest] - over : 0);
  return widths;
}

// One row, of as many lines as its longest cell needs.
std::string plain_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                      const std::vector<BodyColumn>& columns) {
  std::vector<std::vector<std::string>> lines;
  std::size_t height = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    lines.push_back(wrapped(cells[i], widths[i]));
    height = std::max(height, lines.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string& cell = line < lines[i].size() ? lines[i][line] : "";
      if (i > 0) row.append(kBetween, ' ');
      row += padded(cell, widths[i], columns[i].number);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + '\n';
  }
  return text;
}

std::string plain_table(const Part& part, const std::vector<Row>& rows) {
  const std::vector<std::size_t> widths = widths_of(part, rows);
  std::vector<std::string> names;
  for (const BodyColumn& column : part.columns) names.push_back(column.name);
  std::string text = plain_row(names, widths, part.columns);
  for (const Row& row : rows) text += plain_row(row.cells, widths, part.columns);
  return text;
}

std::string plain_facts(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) {
    // A very long name does not push all values aside.
    const std::size_t size = report::characters(row.cells.front());
    if (size <= kWidth / 2) width = std::max(width, size);
  }
  std::string text;
  for (const Row& row : rows) {
    const std::string& name = row.cells.front();
    if (report::characters(name) > width) {
      text += indented("", name, 0) + indented("", row.cells.back(), width + kBetween);
    } else {
      text += indented(name, row.cells.back(), width + kBetween);
    }
  }
  return text;
}

std::string plain_rows(const Part& part) {
  const std::vector<Row> rows = shown_rows(part);
  std::string text;
  if (part.kind == Kind::table) text = plain_table(part, rows);
  if (part.kind == Kind::facts) text = plain_facts(rows);
  for (const Row& row : rows) {
    if (part.kind == Kind::list) text += indented("- ", row.cells.front(), 2);
    if (part.kind == Kind::commands) text += fmt::format("    {}\n", row.cells.front());
  }
  const std::string rest = rest_text(part);
  if (rest.empty()) return text;
  return text + (part.kind == Kind::list ? indented("- ", rest, 2) : '\n' + indented("", rest, 0));
}

std::string plain_part(const Part& part) {
  switch (part.kind) {
    case Kind::title: return underlined(part.text, '=');
    case Kind::heading: return underlined(part.text, '-');
    case Kind::paragraph:
    case Kind::warning: return indented("", part.text, 0);
    default: return plain_rows(part);
  }
}

// Blank lines stand between parts, but for those of a heading and what it is of in plain text.
template <typename Render>
std::string together(const std::vector<Part>& parts, Render render, bool close_headings) {
  std::string text;
  const Part* before = nullptr;
  for (const Part& part : parts) {
    const bool close = close_headings && before != nullptr && before->kind == Kind::heading;
    if (before != nullptr && !close) text += '\n';
    text += render(part);
    before = &part;
  }
  return text;
}

}  // namespace

std::string markdown_text(const std::vector<Part>& parts) {
  return together(parts, markdown_part, false);
}

std::string plain_text(const std::vector<Part>& parts) { return together(parts, plain_part, true); }

}  // namespace recoup::claim
