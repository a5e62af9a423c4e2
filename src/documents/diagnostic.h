#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "documents/lines.h"

namespace recoup::documents {

// Complaint says what is wrong at one place of a file: "expected …, got …", lower case, no full
// stop; and what to do about it, or nothing.
struct Complaint {
  Span at;
  std::string message;
  std::string help;
  bool warning = false;  // the file can be used all the same
};

// What a file is written in, which decides what of its lines may be a secret.
enum class Syntax { toml, yaml };

// Lays complaints out in the order of the file, each as
//
//   recoup.toml:14:14: error: expected a percentage as text, got the number 99.9
//      14 | commitment = 99.9
//         |              ^^^^
//   help: write "99.9" in quotes: a bare number is stored as 99.900000000000006
//
// with a line break between two and none at the end. Values that may be secrets are shown as
// "<secret>"; a warning says "warning" for "error". The only code that lays out an error.
std::string lay_out(std::string_view path, std::string_view text, std::vector<Complaint> complaints,
                    Syntax syntax = Syntax::toml);

// The same for one complaint about a file that is too large to be held: `line` is the text of the
// line that it begins in.
std::string lay_out_line(std::string_view path, std::string_view line, const Complaint& complaint);

}  // namespace recoup::documents
