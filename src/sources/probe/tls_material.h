#pragma once

#include <memory>
#include <string>

#include "core/result.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace recoup::sources::probe {

// Material is what TLS connections are made with, read once and shared by all of them: it is put on
// the context of each new one. Any thread.
class Material {
 public:
  virtual ~Material() = default;

  // Whether it could be: there may be no memory for it.
  virtual bool put_on(ssl_ctx_st* context) const = 0;
};

// The authorities whose certificates the text has in PEM form, one at least. Those in `folder`,
// named by their hashes as OpenSSL wants them, are looked up when they are needed; there may be
// none. The error does not name a file.
core::Result<std::shared_ptr<const Material>> make_authorities(const std::string& certificates,
                                                               const std::string& folder);

// The authorities that OpenSSL was built to believe.
core::Result<std::shared_ptr<const Material>> make_openssl_authorities();

// The certificate that stands first, those up to its authority, and its private key, without a
// passphrase; all in PEM form. The error shows nothing of the key.
core::Result<std::shared_ptr<const Material>> make_certificate(const std::string& certificates,
                                                               const std::string& key);

}  // namespace recoup::sources::probe
