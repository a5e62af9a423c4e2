#include "documents/pem.h"

#include <memory>
#include <new>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace recoup::documents {
namespace {

using Input = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr const char* kDer = "\x30\x82";  // how certificates and keys begin that are not PEM

Input input(const std::string& text) {
  Input in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  if (!in) throw std::bad_alloc();
  return in;
}

// Is asked for a passphrase, gives none, and remembers that there was one. OpenSSL would otherwise
// ask on the terminal.
int note_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Certificate next_certificate(BIO& in) {
  bool ignored = false;
  return {PEM_read_bio_X509(&in, nullptr, note_passphrase, &ignored), &X509_free};
}

Key read_key(const std::string& pem, bool& passphrase) {
  const Input in = input(pem);
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, note_passphrase, &passphrase), &EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

std::string in_place_of_pem(const std::string& text) {
  if (text.find("PRIVATE KEY-----") != std::string::npos) return "a private key";
  if (text.find("-----BEGIN CERTIFICATE-----") != std::string::npos) return "a certificate";
  if (text.starts_with(kDer)) return "one in DER form";
  return "something else";
}

}  // namespace

core::Result<void> check_certificates(const std::string& pem) {
  const Input in = input(pem);
  int count = 0;
  ERR_clear_error();
  while (next_certificate(*in)) ++count;
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) {
    return core::Error{fmt::format(
        "expected certificates in PEM form, got one that is damaged, number {}", count + 1)};
  }
  if (count > 0) return {};
  const std::string found = in_place_of_pem(pem);
  return core::Error{"expected a certificate in PEM form, got " + found, "",
                     found == "one in DER form"
                         ? "write it as PEM: openssl x509 -inform der -in FILE -out cert.pem"
                         : ""};
}

core::Result<void> check_key(const std::string& pem) {
  bool passphrase = false;
  if (read_key(pem, passphrase)) return {};
  if (passphrase) {
    return core::Error{"expected a private key without a passphrase, got one with it", "",
                       "write it without one: openssl pkey -in FILE -out key.pem"};
  }
  const std::string found = in_place_of_pem(pem);
  return core::Error{"expected a private key in PEM form, got " +
                         (found == "a private key" ? "a damaged one" : found),
                     "",
                     found == "one in DER form"
                         ? "write it as PEM: openssl pkey -inform der -in FILE -out key.pem"
                         : ""};
}

core::Result<void> check_pair(const std::string& certificates, const std::string& key) {
  bool ignored = false;
  const Input in = input(certificates);
  const Certificate certificate = next_certificate(*in);
  const Key own = read_key(key, ignored);
  const bool together =
      certificate && own && X509_check_private_key(certificate.get(), own.get()) == 1;
  ERR_clear_error();
  if (together) return {};
  return core::Error{"expected the key of the certificate, got one of another", "",
                     "the server's own certificate stands first in its file"};
}

}  // namespace recoup::documents
