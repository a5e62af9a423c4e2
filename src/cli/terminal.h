#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "core/ratio.h"
#include "core/result.h"

namespace recoup::cli {

// Prints one line to standard output, at once. What would turn the direction of text is written out
// (record::visible), here and in complain().
void say(std::string_view line);

// Prints the error to standard error and returns `exit`.
Exit complain(const core::Error& error, Exit exit);

// Whether standard output is a terminal on which words may have colours: NO_COLOR is not set.
bool has_colours();

// ProgressLine shows how far a long work has come, on one line of standard error that it keeps
// rewriting; nothing where standard error is no terminal.
class ProgressLine {
 public:
  explicit ProgressLine(std::string label);
  ~ProgressLine();  // clears the line
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::uint64_t done, std::uint64_t all);

 private:
  std::string label_;
  bool visible_;
  std::uint64_t shown_percent_ = 101;
};

// A fraction of 1, cut after 12 digits, "99.998842592592 %"; and in as few of them as hold it.
std::string percent(const core::Ratio& share);
std::string brief_percent(const core::Ratio& share);

// At most so many characters of the text; where it has more, the last one is "…".
std::string cut(std::string_view text, std::size_t width);

// The text on lines of at most so many characters, where its words allow it; those after the first
// begin four blanks further in than the text.
std::string wrapped(std::string_view text, std::size_t width = 100);

// TextTable prints rows of cells in columns that are as wide as they must be, each line after two
// blanks. Columns without any text are left out.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head) : rows_{std::move(head)} {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace recoup::cli
