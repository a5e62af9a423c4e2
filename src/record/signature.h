#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace recoup::record {

// SealKey is an Ed25519 private key (RFC 8032) that signs seals. It cannot be copied or printed,
// and its memory is wiped at its end. May be used from several threads.
class SealKey {
 public:
  // Reads a PKCS#8 key in PEM form without a passphrase, as "openssl genpkey -algorithm ed25519"
  // writes it. The text is wiped, also where it is none. Keys of other kinds, and keys with a
  // passphrase, are errors.
  static core::Result<SealKey> from_pem(std::string&& pem);

  SealKey(SealKey&&) noexcept;
  SealKey& operator=(SealKey&&) noexcept;
  ~SealKey();

  // The signature of these bytes, in 128 hexadecimal digits.
  std::string sign(std::string_view message) const;

  // In 64 hexadecimal digits.
  std::string public_key() const;

 private:
  struct Impl;
  explicit SealKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether the signature is one of these bytes by the owner of the public key; both in hexadecimal
// digits as SealKey writes them.
bool signature_holds(std::string_view message, std::string_view signature,
                     std::string_view public_key);

}  // namespace recoup::record
