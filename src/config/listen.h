#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "documents/document.h"

namespace recoup::config {

// Listen is an address to listen on.
struct Listen {
  std::string host = "127.0.0.1";  // 0.0.0.0 for ":port"
  int port = 9464;                 // 0: any free port

  bool operator==(const Listen&) const = default;
};

// "127.0.0.1:9464", "[::1]:9464".
std::string to_text(const Listen& listen);

// Of "host:port" or ":port"; nothing of another text.
std::optional<Listen> parse_listen(std::string_view text);

// Reads such a text; `example` is what the complaint about another text shows.
std::optional<Listen> read_listen(const documents::Value& value, const std::string& example);

// Whether only this machine reaches an address: "localhost", ::1, or one of 127.0.0.0/8. Other
// names are not looked up, and count as reachable.
bool is_loopback(const std::string& host);

}  // namespace recoup::config
