#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "documents/lines.h"

namespace recoup::documents {

// Hidden is a part of a line, in bytes, that is not to be shown; the end is not included.
struct Hidden {
  std::size_t begin;
  std::size_t end;
};

// Whether a key or header of that name may hold a token, password or key.
bool looks_secret(std::string_view name);

// The line of that number, counted from 1, without its line break; empty beyond the last.
std::string_view line_of(std::string_view text, int line);

// SecretLines knows of every line of a TOML file what may be a secret. The text outlives it.
class SecretLines {
 public:
  explicit SecretLines(std::string_view text);

  const Lines& lines() const { return lines_; }

  // The value of a key whose name looks like a secret's, all lines of such a value, and what
  // record::secret_parts() finds in the texts of other keys. In order, without overlap.
  std::vector<Hidden> hidden_parts(int line) const;

 private:
  // Where a line's meaning began: with a text of several lines, or else with a key or a bracket.
  struct Begin {
    int long_text = 0;  // the line on which a text begins that holds all of this one, or 0
    int opened = 0;     // the line, at or above this one, that opens something, or 0
  };

  void find_begins();
  bool continues_secret(int line) const;

  Lines lines_;
  std::vector<Begin> begins_;  // by line, from 0
};

// The same for one line.
std::vector<Hidden> hidden_parts(std::string_view text, int line);

// The same of a line of a YAML file, which holds a web configuration: all that is not known to be
// harmless, so that a mistaken indentation shows nothing. Values stay where the name before them is
// one of the file's own and no key's or user's.
std::vector<Hidden> hidden_yaml_parts(std::string_view text, int line);

}  // namespace recoup::documents
