#pragma once

#include <array>
#include <string_view>

#include "core/time.h"

namespace recoup::sources {

// BalancerLine is what both kinds of load balancers of AWS write of a request, from its time on; an
// Application Load Balancer has one word before it, and both may have more fields behind. The views
// lie in the line.
struct BalancerLine {
  core::Instant at;
  int status = -1;  // of the load balancer's own answer: 0 to 999; -1 where it is no status
  std::string_view status_text;
  std::string_view target;                  // "10.0.0.1:80", or "-"
  std::array<std::string_view, 3> seconds;  // it took: to the target, there, and back to the client
  std::string_view request;                 // "GET https://host:443/a?b HTTP/1.1"
  std::string_view agent;
  std::string_view rest;  // of the line, behind the agent
};

// Reads a line from its time on. What was expected where it is none of a load balancer; empty where
// it is.
std::string_view parse_balancer(std::string_view from_time, BalancerLine& out);

inline constexpr std::string_view kBalancerStatus =
    "expected the load balancer's own status, three digits";

// From the first byte to the last; 0 where the line does not say.
core::Millis duration_of(const BalancerLine& line);

}  // namespace recoup::sources
