#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"

namespace recoup::config {

// ClientAuth says whether a client is asked for a certificate, and what becomes of it.
enum class ClientAuth {
  none,                // it is not asked
  request,             // asked; may have none, and one is not verified
  verify_if_given,     // may have none; one must be signed by the client CA
  require_and_verify,  // must have one that is signed by the client CA
};

enum class TlsVersion { tls10, tls11, tls12, tls13 };
enum class Curve { p256, p384, p521, x25519 };

// TlsServer is what a server needs to speak TLS. Texts are PEM; certificate and key belong
// together.
struct TlsServer {
  std::string cert;  // the server's own first, then those that signed it
  core::Secret key;  // without a passphrase
  ClientAuth client_auth = ClientAuth::none;
  std::string client_ca;  // not empty where certificates of clients are verified
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::vector<Curve>
      curves;  // for the exchange of keys, preferred ones first; empty: the library's
};

// RateLimit is a bucket of `burst` requests that is filled by one every `interval`. A request that
// finds it empty is refused with status 429.
struct RateLimit {
  core::Millis interval;
  int burst;
};

// WebConfig says how the server is protected: a file with the keys of Prometheus' exporter-toolkit.
// Empty, as by default: plain HTTP, open to everybody.
struct WebConfig {
  std::optional<TlsServer> tls;
  std::map<std::string, std::string> headers;  // of every answer, by name as it is sent
  std::map<std::string, core::Secret> users;   // bcrypt hashes of passwords; empty: nobody is asked
  std::optional<RateLimit> rate_limit;         // of all requests together
};

// The largest web configuration, certificate or key that is read, in bytes.
inline constexpr std::size_t kLargestWebFile = 1 << 18;

// Reads a web configuration, and the certificates and keys that it names, from its folder where a
// path is relative. `path` is else only named in complaints. The error's message holds all
// complaints, each as `file:line:column: error: expected …, got …`, the line, a caret and a help
// line. None shows a key or a hash.
core::Result<WebConfig> parse_web_config(std::string_view text, const std::string& path);

}  // namespace recoup::config
