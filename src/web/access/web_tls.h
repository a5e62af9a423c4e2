#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "documents/document.h"
#include "record/secret.h"

namespace recoup::web {

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
  std::string cert;    // the server's own first, then those that signed it
  record::Secret key;  // without a passphrase
  ClientAuth client_auth = ClientAuth::none;
  std::string client_ca;  // not empty where certificates of clients are verified
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::vector<Curve>
      curves;  // for the exchange of keys, preferred ones first; empty: the library's

  bool operator==(const TlsServer&) const = default;
};

// The largest web configuration, certificate or key that is read, in bytes.
inline constexpr std::size_t kLargestWebFile = 1 << 18;

// Reads the tls_server_config of a web configuration, a table that is not empty; nothing where it
// gives no certificate and key, which was complained about.
std::optional<TlsServer> read_web_tls(const documents::Table& table,
                                      const std::filesystem::path& folder);

}  // namespace recoup::web
