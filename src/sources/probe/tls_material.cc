#include "sources/probe/tls_material.h"

#include <new>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "documents/pem.h"

namespace recoup::sources::probe {
namespace {

using core::Error;
using core::Result;
using Made = std::shared_ptr<const Material>;

template <auto Free>
struct By {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
void free_chain(STACK_OF(X509) * chain) { sk_X509_pop_free(chain, X509_free); }

using Input = std::unique_ptr<BIO, By<BIO_free>>;
using Store = std::unique_ptr<X509_STORE, By<X509_STORE_free>>;
using Certificate = std::unique_ptr<X509, By<X509_free>>;
using Chain = std::unique_ptr<STACK_OF(X509), By<free_chain>>;
using Key = std::unique_ptr<EVP_PKEY, By<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, By<SSL_CTX_free>>;

template <typename Owner>
Owner owned(Owner object) {
  if (!object) throw std::bad_alloc();
  return object;
}

// OpenSSL would otherwise ask on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Input input(const std::string& text) {
  return owned(Input(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))));
}

Certificate next_certificate(const Input& in) {
  return Certificate(PEM_read_bio_X509_AUX(in.get(), nullptr, no_passphrase, nullptr));
}

// Whether reading stopped where no more certificates are, and not at a damaged one.
bool at_end() {
  const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return end;
}

class AuthorityMaterial : public Material {
 public:
  explicit AuthorityMaterial(Store store) : store_(std::move(store)) {
    // As libcurl's own: an authority need not be a root.
    X509_STORE_set_flags(store_.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  }
  bool put_on(SSL_CTX* context) const override {
    SSL_CTX_set1_cert_store(context, store_.get());
    return true;
  }

 private:
  Store store_;
};

class CertificateMaterial : public Material {
 public:
  CertificateMaterial(Certificate own, Chain chain, Key key)
      : own_(std::move(own)), chain_(std::move(chain)), key_(std::move(key)) {}
  bool put_on(SSL_CTX* context) const override {
    constexpr int kOverride = 1;
    return SSL_CTX_use_cert_and_key(context, own_.get(), key_.get(), chain_.get(), kOverride) == 1;
  }

 private:
  Certificate own_;
  Chain chain_;
  Key key_;
};

// Done where OpenSSL takes it: a key may be too short for it.
Result<void> try_out(const Material& material) {
  const auto context = owned(Context(SSL_CTX_new(TLS_client_method())));
  ERR_clear_error();
  if (material.put_on(context.get())) return {};
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  Error error{"expected a certificate and key that TLS can be made with, got others", "",
              reason == nullptr ? "" : reason};
  ERR_clear_error();
  return error;
}

}  // namespace

Result<Made> make_authorities(const std::string& certificates, const std::string& folder) {
  auto store = owned(Store(X509_STORE_new()));
  const Input in = input(certificates);
  ERR_clear_error();
  bool any = false;
  while (const Certificate each = next_certificate(in)) {
    if (X509_STORE_add_cert(store.get(), each.get()) != 1) throw std::bad_alloc();
    any = true;
  }
  if (!at_end() || !any) {
    const auto mistake = documents::check_certificates(certificates);
    if (!mistake) return mistake.error();
    return Error{"expected certificates in PEM form, got none that can be used"};
  }
  if (!folder.empty() && X509_STORE_load_path(store.get(), folder.c_str()) != 1) {
    throw std::bad_alloc();
  }
  return Made(std::make_shared<AuthorityMaterial>(std::move(store)));
}

Result<Made> make_openssl_authorities() {
  auto store = owned(Store(X509_STORE_new()));
  if (X509_STORE_set_default_paths(store.get()) != 1) throw std::bad_alloc();
  return Made(std::make_shared<AuthorityMaterial>(std::move(store)));
}

Result<Made> make_certificate(const std::string& certificates, const std::string& key) {
  if (const auto good = documents::check_certificates(certificates); !good) return good.error();
  if (const auto good = documents::check_key(key); !good) return good.error();
  if (const auto good = documents::check_pair(certificates, key); !good) return good.error();
  const Input in = input(certificates);
  Certificate own = owned(next_certificate(in));
  Chain chain = owned(Chain(sk_X509_new_null()));
  while (Certificate each = next_certificate(in)) {
    if (sk_X509_push(chain.get(), each.get()) == 0) throw std::bad_alloc();
    static_cast<void>(each.release());
  }
  const Input key_in = input(key);
  Key own_key = owned(Key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, no_passphrase, nullptr)));
  ERR_clear_error();
  auto made =
      std::make_shared<CertificateMaterial>(std::move(own), std::move(chain), std::move(own_key));
  if (const auto taken = try_out(*made); !taken) return taken.error();
  return Made(std::move(made));
}

}  // namespace recoup::sources::probe
