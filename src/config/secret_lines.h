#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace recoup::config {

// Hidden is a part of a line, in bytes, that is not to be shown; the end is not included.
struct Hidden {
  std::size_t begin;
  std::size_t end;
};

// Whether a key or header of that name may hold a token, password or key.
bool looks_secret(std::string_view name);

// The line of that number, counted from 1, without its line break; empty beyond the last.
std::string_view line_of(std::string_view text, int line);

// What of a line of a TOML file may be a secret: the value of a key whose name looks like it, all
// lines of such a value, and the user and password of a URL. In order, without overlap.
std::vector<Hidden> hidden_parts(std::string_view text, int line);

// The same of a line of a YAML file, which holds a web configuration: all that is not known to be
// harmless, so that a mistaken indentation shows nothing. Values stay where the name before them is
// one of the file's own and no key's or user's.
std::vector<Hidden> hidden_yaml_parts(std::string_view text, int line);

}  // namespace recoup::config
