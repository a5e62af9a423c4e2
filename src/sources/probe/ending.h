#pragma once

#include "core/outcome.h"

namespace recoup::sources::probe {

// Ending is how a transfer ended, in libcurl's and the system's terms.
struct Ending {
  int code = 0;           // CURLcode
  int os_error = 0;       // errno of the last socket() or connect() that failed; 0 where none did
  int sendings = 0;       // how often the request was about to go out
  int status = 0;         // of the response; 0 where none began
  bool away = false;      // our loop, or the machine, stood still while the request was in flight
  bool resolved = true;   // there was an address to connect to
  bool connected = true;  // a connection stood, before TLS
};

// Whether the response's status is the outcome: it came whole, or its status is an Error's already
// (>= 500) though the rest of it broke.
bool answered(const Ending& ending);

// What an ending that is not answered() came to: the reason, or that we lacked the means to send,
// or were away: then nobody can say whether an answer was kept from us by the other side.
core::Outcome without_answer(const Ending& ending);

}  // namespace recoup::sources::probe
