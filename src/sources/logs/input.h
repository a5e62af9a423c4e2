#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sources/logs/content.h"
#include "sources/logs/content_digest.h"

namespace recoup::sources {

// One line of a log without its end.
struct Line {
  std::string_view text;     // valid until the next line is taken
  std::uint64_t number = 0;  // from 1
  bool too_long = false;     // only its beginning is in `text`
  bool open = false;         // the content ends without the line's newline
};

// LogInput reads a file line by line in bounded memory and digests the content as it goes. Only
// '\n' ends a line, '\r' before it is dropped, and what follows the last '\n' is a line too. A byte
// order mark before the first line is no part of it. For one thread at a time.
class LogInput {
 public:
  static constexpr std::size_t kLongestLine = 1 << 20;

  LogInput(const std::string& path, std::vector<KnownFile> known, OnProgress progress);

  // Takes the next line; false at the end and where reading failed.
  bool next(Line& line);

  // Whether everything could be read up to here. The error says how much that was.
  core::Result<void> state() const;

  // Whether the content so far has a '\r' in it, wherever.
  bool has_carriage_return() const { return has_carriage_return_; }

  // The lines given out so far.
  std::uint64_t lines() const { return lines_; }

  // The content's length, digest and known prefix; of all of it once next() was false.
  const ContentDigest& digest() const { return digest_; }

 private:
  bool fill();
  bool cut_line(Line& line);
  void give(Line& line, std::string_view text);
  std::string_view held() const { return {buffer_.data() + begin_, end_ - begin_}; }

  Content content_;
  ContentDigest digest_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // buffer_[begin_, end_) is content that is not yet given out
  std::size_t end_ = 0;
  std::string long_line_;
  std::uint64_t lines_ = 0;
  bool has_carriage_return_ = false;
};

}  // namespace recoup::sources
