#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "web/http/message.h"

struct MHD_Connection;

namespace recoup::web {

// A body longer than this is answered 413.
inline constexpr std::size_t kLongestBody = 64 * 1024;

// Exchange is one request and its answer, from the first header to the last byte.
struct Exchange {
  Request request;
  bool only_head = false;            // the body is not asked for
  std::size_t received = 0;          // bytes of the request's body
  std::optional<Response> answered;  // by a worker
  bool failed = false;               // there was no memory for its answer
  bool begun = false;                // all headers are there
  std::string malformed;             // why it cannot be answered, by RFC 9112; empty: it can

  // The target as it stands in the request line.
  explicit Exchange(std::string_view target);

  // What else the connection brought before its body.
  void begin(MHD_Connection* connection, std::string_view method, std::string_view version);

  // Takes a piece of the body; false where it is not even read to its end.
  bool take(const char* bytes, std::size_t size);
};

// Sends the answer; `under_way` counts the bytes of bodies that are not yet taken. False where the
// connection has to be closed.
bool send(MHD_Connection* connection, Response response, std::atomic<std::size_t>& under_way);

}  // namespace recoup::web
