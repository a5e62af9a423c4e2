#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace recoup::documents {

// Span is a stretch of a text file. Lines and columns count from 1, columns in characters; the end
// is not included. Line 0 means the file as a whole.
struct Span {
  int line = 0;
  int column = 0;
  int end_line = 0;
  int end_column = 0;
};

// How long the character at the front of the text is, in bytes; 1 where it is not UTF-8. The text
// is not empty.
std::size_t character_length(std::string_view text);

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

}  // namespace recoup::documents
