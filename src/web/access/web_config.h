#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "record/secret.h"
#include "web/access/web_tls.h"

namespace recoup::web {

// RateLimit is a bucket of `burst` requests that is filled by one every `interval`. A request that
// finds it empty is refused with status 429.
struct RateLimit {
  core::Millis interval;
  int burst;

  bool operator==(const RateLimit&) const = default;
};

// WebConfig says how the server is protected: a file with the keys of Prometheus' exporter-toolkit.
// Empty, as by default: plain HTTP, open to everybody.
struct WebConfig {
  std::optional<Tls> tls;
  std::map<std::string, std::string> headers;  // of every answer, by name as it is sent
  std::map<std::string, record::Secret>
      users;                            // bcrypt hashes of passwords; empty: nobody is asked
  std::optional<RateLimit> rate_limit;  // of all requests together

  bool operator==(const WebConfig&) const = default;
};

// Reads a web configuration, and the certificates and keys that it names, from its folder where a
// path is relative. `path` is else only named in complaints. The error's message holds all
// complaints, each as `file:line:column: error: expected …, got …`, the line, a caret and a help
// line. None shows a key or a hash.
core::Result<WebConfig> parse_web_config(std::string_view text, const std::string& path);

}  // namespace recoup::web
