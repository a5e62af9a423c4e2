#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/commands.h"
#include "core/ratio.h"
#include "core/result.h"

namespace recoup::cli {

// Prints one line to standard output, at once. What would turn the direction of text is written out
// (record::visible), here and in complain().
void say(std::string_view line);

// Prints the error to standard error and returns `exit`.
Exit complain(const core::Error& error, Exit exit);

// When words of standard output have colours: by --color, which is auto, always or never. By itself
// on a terminal, where NO_COLOR is not set.
core::Result<void> set_colours(const std::string& name);
bool has_colours();

// What a colour is for.
enum class Paint { none, head, quiet, good, look, bad };

// The text in its colour, where words have colours.
std::string painted(Paint paint, std::string_view text);

// --wide: a terminal is taken for as wide as it need be.
void set_wide();

// How many characters a line has room for: those of the terminal, else COLUMNS, else 80. Nothing
// where standard output is no terminal, or by --wide: then nothing is left out, cut or broken.
std::optional<std::size_t> output_width();

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

// How many characters the text has, in UTF-8.
std::size_t width_of(std::string_view text);

// At most so many characters of the text; where it has more, the last one is "…".
std::string cut(std::string_view text, std::size_t width);

// The text on lines of at most so many characters, where its words allow it; those after the first
// begin so many blanks from the left, or four further in than the text.
std::string wrapped(std::string_view text, std::size_t width,
                    std::optional<std::size_t> hanging = std::nullopt);

// The same on lines of 100 characters, or of those that a narrower terminal has.
std::size_t line_width();
std::string wrapped(std::string_view text);

// A line of what is said of one thing, "  uptime     99.99 %", which a terminal that is too narrow
// gets on several lines, the words below themselves.
std::string labelled(std::string_view label, std::string_view words);

// The same of sentences, each line of which a terminal alone gets on several.
std::string prose(std::string_view text);

// A sentence beside figures, so many blanks further in; on several lines where it is long.
std::string aside(std::string_view text, std::size_t indent = 2);

}  // namespace recoup::cli
