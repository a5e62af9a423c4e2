#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/result.h"
#include "sources/logs/trail_record.h"

namespace recoup::sources {

// TrailReader takes CloudTrail records out of JSON: {"Records":[…]} or one record alone.
class TrailReader {
 public:
  // Behind every piece so many bytes must be readable, whatever they are.
  static constexpr std::size_t kPadding = 64;

  // What it calls with each record, and with what is none: why, and how it begins.
  struct Takes {
    std::function<void(const TrailRecord&)> record;
    std::function<void(std::string_view expected, std::string_view text)> malformed;
  };

  // Which processors it must run on: simdjson is compiled for both.
  enum class For { this_one, any };

  // `keys`: whether anybody asks which keys a request was about.
  static std::unique_ptr<TrailReader> make(bool keys, Takes takes, For processors = For::this_one);

  virtual ~TrailReader() = default;

  // Reads one piece of JSON. An error where it is none as a whole: where and why. What was taken of
  // it up to there holds for nothing.
  virtual core::Result<void> read(std::string_view piece) = 0;
};

}  // namespace recoup::sources
