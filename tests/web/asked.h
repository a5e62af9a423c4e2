#pragma once

#include <utility>

#include "web/http/message.h"

namespace recoup::test {

// What a handler made of a request, and whether at once: without work for a thread beside the
// server's.
struct Asked {
  web::Response response;
  bool at_once = false;
};

// Asks as the service's server does.
inline Asked ask(const web::Handler& handler, const web::Request& request) {
  web::ResponseOrWork answer = handler(request);
  const bool at_once = std::holds_alternative<web::Response>(answer);
  return {web::finished(std::move(answer)), at_once};
}

}  // namespace recoup::test
