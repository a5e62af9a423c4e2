#pragma once

#include <memory>
#include <optional>
#include <string>

#include "report/snapshot.h"
#include "web/http/message.h"
#include "web/site/site.h"

namespace recoup::web {

// What stands in a path in place of a route's variables, as it was sent.
struct PathValues {
  std::optional<std::string> id;     // {id}
  std::optional<std::string> month;  // {month}
  std::string name;                  // {name}: anything else
};

// Call is a GET that has a route, with what its path names. The site and the request live longer.
struct Call {
  const Site& site;
  const Request& request;
  PathValues path = {};
  std::shared_ptr<const report::Snapshot> snapshot = {};  // null before there is one
  std::shared_ptr<const core::Judgement> agreement = {};  // {id} in its running cycle, or null
  core::Month month{};                                    // {month}; else the running one

  const std::string& id() const { return agreement->agreement.id; }
  core::Month running_month() const { return agreement->assessment.cycle.month; }
  bool running() const { return month == running_month(); }
};

// Refusal is why a request gets no answer from a route.
enum class Refusal {
  no_path,       // no route has the path
  method,        // it is neither GET nor HEAD
  no_snapshot,   // nothing was assessed yet
  not_assessed,  // not every agreement was, and this one may still come
  no_agreement,  // {id} is none
  no_month,      // {month} is none
};

}  // namespace recoup::web
