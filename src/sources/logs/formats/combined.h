#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "sources/logs/format.h"
#include "sources/logs/formats/times.h"

namespace recoup::sources {

// CombinedLine is what a line of an access log says about one request.
struct CombinedLine {
  core::Instant at;
  int status = 0;            // 0 to 999: three digits, whatever they mean
  bool is_own = false;       // the User-Agent begins with "recoup/": our own probe
  std::string_view request;  // between its quotes, as written: "GET / HTTP/1.1"
  std::string_view before;   // of the line, before the time and behind the size
  std::string_view rest;
};

// Reads one line of NCSA common or combined format, with anything after the size; also with a
// leading virtual host, and wrapped in one more pair of quotes. Quotes inside the request are
// expected to be escaped; where they are not, the first quote that a status and a size follow ends
// it. Nothing where the line is malformed. The views lie in `line`.
std::optional<CombinedLine> parse_combined(std::string_view line);

// The same, line after line.
std::optional<CombinedLine> parse_combined(std::string_view line, ClfTimes& times);

// The field of that number, from 1 over the whole line, without its quotes or brackets; empty where
// there is none, or "-". A field is a word, a text in quotes or one in brackets.
std::string_view numbered_field(const CombinedLine& line, std::size_t number);

// What was expected where parse_combined() found none: "expected a time like …".
std::string_view expected_of_combined(std::string_view line);

// Reads such lines. `request_id`: the number of the field that holds the request's id, or 0.
// `by_marks`: where the processor can, most lines are read by what Marks finds; not else, and to
// the same end.
std::unique_ptr<Reader> combined_reader(std::size_t request_id, bool by_marks);

}  // namespace recoup::sources
