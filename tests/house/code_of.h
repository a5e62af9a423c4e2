#pragma once

#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/places.h"

namespace recoup::test {

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The .cc and .h files below a folder of the repository.
inline std::vector<std::filesystem::path> sources_below(const std::string& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SOURCE_DIR "/" + folder)) {
    const auto extension = entry.path().extension();
    const bool ours = entry.path().string().find("/node_modules/") == std::string::npos;
    if (ours && (extension == ".cc" || extension == ".h")) out.push_back(entry.path());
  }
  return out;
}

// Where what begins at `at` ends: a comment, a text, a raw text or a character; `at` itself where
// code goes on.
inline std::size_t end_of_no_code(std::string_view text, std::size_t at) {
  const auto past = [&](std::string_view end, std::size_t from) {
    const std::size_t found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  const std::string_view rest = text.substr(at);
  const char before = at == 0 ? ' ' : text[at - 1];
  const bool after_word = std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_';
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return past("*/", at + 2);
  if (rest.starts_with("R\"") && !after_word) {
    const std::size_t open = text.find('(', at);
    return past(")" + std::string(text.substr(at + 2, open - at - 2)) + "\"", open);
  }
  if (rest.starts_with('"') || (rest.starts_with('\'') && !after_word)) {  // 10'000 is a number
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }
  return at;
}

// The code of a source file: comments, texts and characters are blanks, and lines stay lines.
inline std::string code_of(std::string_view text) {
  std::string out(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_no_code(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (out[i] != '\n') out[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return out;
}

// The lines of a file's code that `wanted` takes, each as "core/ratio.h:12: the line".
template <typename Wanted>
std::set<std::string> lines_with(const std::filesystem::path& file, Wanted wanted) {
  std::set<std::string> out;
  std::istringstream lines(code_of(text_of(file)));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (wanted(line)) {
      out.insert(std::filesystem::relative(file, SOURCE_DIR).string() + ':' +
                 std::to_string(number) + ": " + line);
    }
  }
  return out;
}

}  // namespace recoup::test
