#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"

namespace recoup::web {

// Target is what a request line asks for, percent-decoded.
struct Target {
  std::string path;
  std::map<std::string, std::string> query;  // of a name that stands twice, the first
};

// Takes a request's target (RFC 9112 §3.2) apart. What is no percent-encoding stays as it is, "+"
// is a blank in the query. The error says why it cannot be one: it holds what has to be encoded, or
// %00, which no path and no argument has.
core::Result<Target> parse_target(std::string_view target);

}  // namespace recoup::web
