#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sources/logs/format.h"

namespace recoup::sources {

// One line of a log without its end.
struct Line {
  std::string_view text;     // valid until the next line is taken
  std::uint64_t number = 0;  // from 1
  bool open = false;         // the content ends without the line's newline
};

// What is no part of the first line.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// What is said of a line with a '\r' in it: servers escape it, and where it alone ends lines there
// are many in one.
inline constexpr std::string_view kLoneReturn =
    "expected a line that ends with a newline, got carriage returns inside it";

// White space of Latin-1, in which every byte is a character: a line is lost to no encoding.
inline constexpr std::array<bool, 256> kSpaces = [] {
  std::array<bool, 256> spaces{};
  for (const int c : {0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0}) {
    spaces[static_cast<std::size_t>(c)] = true;
  }
  return spaces;
}();
inline bool is_space(char c) { return kSpaces[static_cast<unsigned char>(c)]; }

// Whether there is nothing but white space in the line.
bool is_blank(std::string_view line);

// LineReader cuts content into lines, in bounded memory: blank ones and those that are no lines are
// counted here, the others are the format's. Only '\n' ends a line, '\r' before it is dropped, and
// what follows the last '\n' is a line too. A byte order mark before the first line is no part of
// it. A line longer than kLongestLine, or with another '\r' in it, is malformed.
class LineReader : public Reader {
 public:
  static constexpr std::size_t kLongestLine = 1 << 20;

  core::Result<void> take(std::string_view bytes, Intake& intake) final;
  core::Result<void> finish(Intake& intake) final;

 protected:
  // Tells the intake of the record that a line is; false where it is none, of which nothing was
  // told.
  virtual bool line(const Line& line, Intake& intake) = 0;

  // The next part of the content, or what follows the line that it begins in; false where the
  // format has no quick way, and take_quickly() is not called.
  virtual bool lay_out(std::string_view bytes);

  // Takes whole lines off the begin of what is left of that part, for as long as they are as most
  // lines of the format are, to the same end as line() would; how many bytes.
  virtual std::size_t take_quickly(std::string_view bytes, Intake& intake);

  // What was expected of a line that is no record.
  virtual std::string_view expected_of(std::string_view line) const = 0;

  // What may be shown of a malformed line; it is redacted and cut afterwards.
  virtual std::string example_of(std::string_view line) const { return std::string(line); }

  // All lines were given.
  virtual void end(Intake&) {}

 private:
  void give(std::string_view text, bool open, Intake& intake);
  void give_held(bool open, Intake& intake);
  void hold(std::string_view part);
  void add_malformed(const Line& line, std::string_view expected, Intake& intake);

  std::string held_;                // of a line whose end was not read yet: what may be given of it
  std::size_t held_size_ = 0;       // and how long it is so far
  bool has_return_ = false;         // the content so far has a '\r' in it, wherever
  std::vector<std::string> first_;  // malformed lines, to guess the format by
};

}  // namespace recoup::sources
