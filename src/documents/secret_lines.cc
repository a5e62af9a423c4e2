#include "documents/secret_lines.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "record/redact.h"
#include "record/secret_names.h"

namespace recoup::documents {
namespace {

constexpr std::string_view kBlanks = " \t";

// Assignment is a "key =" in a line: what the key is, and where the value begins.
struct Assignment {
  std::string_view key;
  std::size_t value;
};

// Whether the text can stand before a "=": names with points between them, or one in quotes.
bool is_key(std::string_view text) {
  if (text.empty()) return false;
  if (const char quote = text.front(); quote == '"' || quote == '\'') {
    return text.size() > 2 && text.back() == quote;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-. \t\"'").find(c) != std::string_view::npos;
  });
}

// The next "key =" at or after `from` that has a value behind it.
std::optional<Assignment> next_assignment(std::string_view line, std::size_t from) {
  for (auto at = line.find('=', from); at != std::string_view::npos; at = line.find('=', at + 1)) {
    const auto value = line.find_first_not_of(kBlanks, at + 1);
    if (value == std::string_view::npos || line[value] == '=') continue;
    const auto last = at == 0 ? std::string_view::npos : line.find_last_not_of(kBlanks, at - 1);
    if (last == std::string_view::npos) continue;
    const auto before = line.find_last_of("{,", last);
    const auto begin =
        line.find_first_not_of(kBlanks, before == std::string_view::npos ? 0 : before + 1);
    const std::string_view key = line.substr(begin, last + 1 - begin);
    if (is_key(key)) return Assignment{key, value};
  }
  return std::nullopt;
}

// The value of the first key in the line that looks like a secret's, to the line's end: where a
// value ends is not certain in a file with a mistake in it.
std::optional<Hidden> secret_value(std::string_view line) {
  for (auto found = next_assignment(line, 0); found; found = next_assignment(line, found->value)) {
    if (looks_secret(found->key)) return Hidden{found->value, line.size()};
  }
  return std::nullopt;
}

bool opens_something(std::string_view line) {
  const auto first = line.find_first_not_of(kBlanks);
  return next_assignment(line, 0) || (first != std::string_view::npos && line[first] == '[');
}

}  // namespace

bool looks_secret(std::string_view name) { return record::may_name_secret(name); }

std::string_view line_of(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

SecretLines::SecretLines(std::string_view text) : lines_(text) { find_begins(); }

void SecretLines::find_begins() {
  std::string_view open;  // the quotes that a long text waits for
  Begin begin;
  int long_text = 0;
  for (int line = 1; line <= lines_.count(); ++line) {
    begin.long_text = open.empty() ? 0 : long_text;
    if (opens_something(lines_[line])) begin.opened = line;
    begins_.push_back(begin);
    std::string_view rest = lines_[line];
    while (!rest.empty()) {
      const auto at =
          open.empty() ? std::min(rest.find("\"\"\""), rest.find("'''")) : rest.find(open);
      if (at == std::string_view::npos) break;
      open = open.empty() ? rest.substr(at, 3) : std::string_view();
      long_text = line;
      rest.remove_prefix(at + 3);
    }
  }
}

// Whether the line goes on with a value that an earlier line began under a secret's name.
bool SecretLines::continues_secret(int line) const {
  const Begin& begin = begins_[static_cast<std::size_t>(line) - 1];
  if (begin.long_text != 0) return secret_value(lines_[begin.long_text]).has_value();
  return begin.opened != line && begin.opened != 0 &&
         secret_value(lines_[begin.opened]).has_value();
}

std::vector<Hidden> SecretLines::hidden_parts(int line) const {
  const std::string_view shown = lines_[line];
  if (shown.empty()) return {};
  if (continues_secret(line)) return {{0, shown.size()}};
  // Also what a harmless key's text has in it: the query of a URL, the members of a body.
  std::vector<Hidden> parts;
  for (const record::Part& part : record::secret_parts(shown))
    parts.push_back({part.begin, part.end});
  if (const auto value = secret_value(shown)) {
    std::erase_if(parts, [&](const Hidden& part) { return part.end > value->begin; });
    parts.push_back(*value);
  }
  return parts;
}

std::vector<Hidden> hidden_parts(std::string_view text, int line) {
  return SecretLines(text).hidden_parts(line);
}

}  // namespace recoup::documents
