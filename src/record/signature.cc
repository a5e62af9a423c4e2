#include "record/signature.h"

#include <new>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "record/hex.h"

namespace recoup::record {
namespace {

constexpr std::size_t kSignatureSize = 64;
constexpr std::size_t kPublicKeySize = 32;
constexpr const char* kMakeOne =
    "make one with: openssl genpkey -algorithm ed25519 -out seal-key.pem";
constexpr const char* kTakeOff =
    "write it without one, readable for the service alone: openssl pkey -in KEY -out seal-key.pem";

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Context new_context() {
  Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!context) throw std::bad_alloc();
  return context;
}

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

// Is asked for a passphrase, gives none, and remembers that there was one. OpenSSL would otherwise
// ask on the terminal.
int note_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Key read_key(const std::string& pem, bool& passphrase) {
  std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  if (!in) throw std::bad_alloc();
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, note_passphrase, &passphrase), &EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

// Why there is no key in the text.
core::Error no_key(const std::string& pem, bool passphrase) {
  if (passphrase)
    return {"expected a private key without a passphrase, got one with it", "", kTakeOff};
  if (pem.find("-----BEGIN PUBLIC KEY-----") != std::string::npos) {
    return {"expected a private key, got a public one", "", kMakeOne};
  }
  return {"expected a private key in PEM form, got something else", "", kMakeOne};
}

}  // namespace

struct SealKey::Impl {
  Key key;
};

core::Result<SealKey> SealKey::from_pem(std::string&& pem) {
  bool passphrase = false;
  Key key = read_key(pem, passphrase);
  const core::Error none = key ? core::Error{} : no_key(pem, passphrase);
  OPENSSL_cleanse(pem.data(), pem.size());
  pem.clear();
  if (!key) return none;
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    const char* kind = EVP_PKEY_get0_type_name(key.get());
    return core::Error{fmt::format("expected an Ed25519 key, got one for {}",
                                   kind != nullptr ? kind : "something else"),
                       "", kMakeOne};
  }
  return SealKey(std::make_unique<Impl>(Impl{std::move(key)}));
}

SealKey::SealKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SealKey::SealKey(SealKey&&) noexcept = default;
SealKey& SealKey::operator=(SealKey&&) noexcept = default;
SealKey::~SealKey() = default;

std::string SealKey::sign(std::string_view message) const {
  const Context context = new_context();
  std::string signature(kSignatureSize, '\0');
  std::size_t size = signature.size();
  // Ed25519 brings its own digest. Only a lack of memory can make it fail.
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), raw(signature), &size, raw(message), message.size()) != 1) {
    throw std::bad_alloc();
  }
  return to_hex(signature);
}

std::string SealKey::public_key() const {
  std::string bytes(kPublicKeySize, '\0');
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_public_key(impl_->key.get(), raw(bytes), &size);
  return to_hex(bytes);
}

bool signature_holds(std::string_view message, std::string_view signature,
                     std::string_view public_key) {
  const auto signed_as = from_hex(signature);
  const auto owner = from_hex(public_key);
  if (!signed_as || !owner || owner->size() != kPublicKeySize) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(*owner), owner->size()),
                &EVP_PKEY_free);
  const Context context = new_context();
  const bool holds =
      key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), raw(*signed_as), signed_as->size(), raw(message),
                       message.size()) == 1;
  ERR_clear_error();
  return holds;
}

}  // namespace recoup::record
