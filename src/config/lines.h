#pragma once

#include <string_view>
#include <vector>

#include "config/diagnostic.h"

namespace recoup::config {

// Lines finds the lines of a text by their number, counted from 1, however long the text is. The
// text outlives it.
class Lines {
 public:
  explicit Lines(std::string_view text);

  int count() const { return static_cast<int>(lines_.size()); }

  // Without its line break; empty beyond the last.
  std::string_view operator[](int line) const;

  // The part of one line that the span covers.
  std::string_view slice(const Span& span) const;

 private:
  struct Line {
    std::string_view text;
    bool ascii;  // a column is a byte
  };

  // The byte at which a column of the line begins; its length where there is none.
  static std::size_t byte_of(const Line& line, int column);

  std::vector<Line> lines_;
};

}  // namespace recoup::config
