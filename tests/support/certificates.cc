#include "support/certificates.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr long kHour = 3600;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

void extend(X509* certificate, X509* by, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, by, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr, "X509V3_EXT_conf_nid");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Made {
  Certificate certificate;
  Key key;
};

// Not signed yet.
Made make(const std::string& name, long number, long valid_s) {
  Made made{{X509_new(), &X509_free}, {EVP_EC_gen("P-256"), &EVP_PKEY_free}};
  X509* at = made.certificate.get();
  X509_set_version(at, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(at), number);
  X509_gmtime_adj(X509_getm_notBefore(at), std::min(-kHour, valid_s - kHour));
  X509_gmtime_adj(X509_getm_notAfter(at), valid_s);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(at), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(at, made.key.get());
  return made;
}

template <typename Write>
void write(const std::string& path, mode_t mode, Write write_pem) {
  ::unlink(path.c_str());
  BIO* out = BIO_new_file(path.c_str(), "w");
  require(out != nullptr, "BIO_new_file");
  write_pem(out);
  BIO_free(out);
  ::chmod(path.c_str(), mode);
}

}  // namespace

struct Certificates::Impl {
  std::map<std::string, Made> made;
  long number = 0;

  void keep(const Certificates& self, const std::string& name, Made&& one) {
    write(self.pem_file(name), 0644,
          [&](BIO* out) { PEM_write_bio_X509(out, one.certificate.get()); });
    write(self.key_file(name), 0600, [&](BIO* out) {
      PEM_write_bio_PrivateKey(out, one.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    made.insert_or_assign(name, std::move(one));
  }
};

Certificates::Certificates() : impl_(std::make_unique<Impl>()) {}
Certificates::~Certificates() = default;

void Certificates::authority(const std::string& name) {
  Made made = make(name, ++impl_->number, kHour);
  X509* at = made.certificate.get();
  X509_set_issuer_name(at, X509_get_subject_name(at));
  extend(at, at, NID_basic_constraints, "critical,CA:TRUE");
  extend(at, at, NID_subject_key_identifier, "hash");
  require(X509_sign(at, made.key.get(), EVP_sha256()) > 0, "X509_sign");
  impl_->keep(*this, name, std::move(made));
}

void Certificates::issue(const std::string& name, const std::string& by,
                         const std::string& subjects, std::chrono::seconds valid) {
  const Made& authority = impl_->made.at(by);
  Made made = make(name, ++impl_->number, valid.count());
  X509* at = made.certificate.get();
  X509_set_issuer_name(at, X509_get_subject_name(authority.certificate.get()));
  extend(at, authority.certificate.get(), NID_subject_alt_name, subjects);
  require(X509_sign(at, authority.key.get(), EVP_sha256()) > 0, "X509_sign");
  impl_->keep(*this, name, std::move(made));
}
