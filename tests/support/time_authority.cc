#include "support/time_authority.h"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

namespace recoup::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

void extend(X509* certificate, X509* by, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, by, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  require(extension != nullptr, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make(const std::string& name, EVP_PKEY* key, long number, const char* until) {
  Certificate made(X509_new(), &X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), number);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(made.get()), "20200101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(made.get()), until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(made.get(), key);
  return made;
}

template <typename Write>
void write_pem(const std::string& path, Write write) {
  BIO* out = BIO_new_file(path.c_str(), "w");
  require(out != nullptr, "BIO_new_file");
  write(out);
  BIO_free(out);
}

ASN1_INTEGER* next_serial(TS_RESP_CTX*, void*) {
  ASN1_INTEGER* serial = ASN1_INTEGER_new();
  ASN1_INTEGER_set(serial, 7);
  return serial;
}

int tell_time(TS_RESP_CTX*, void* at, long* seconds, long* micros) {
  const auto since = static_cast<core::Instant*>(at)->time_since_epoch();
  *seconds = std::chrono::floor<std::chrono::seconds>(since).count();
  *micros = 0;
  return 1;
}

}  // namespace

struct TimeAuthority::Impl {
  Key ca_key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  Key key{EVP_RSA_gen(2048), &EVP_PKEY_free};  // rfc3161ng knows no other kind
  Certificate ca{nullptr, &X509_free};
  Certificate certificate{nullptr, &X509_free};
  const EVP_MD* digest = EVP_sha256();
};

TimeAuthority::TimeAuthority(const std::string& name, Fault fault)
    : impl_(std::make_unique<Impl>()) {
  impl_->ca = make(name + " root", impl_->ca_key.get(), 1, "20391231000000Z");
  X509* ca = impl_->ca.get();
  X509_set_issuer_name(ca, X509_get_subject_name(ca));
  extend(ca, ca, NID_basic_constraints, "critical,CA:TRUE");
  extend(ca, ca, NID_subject_key_identifier, "hash");
  require(X509_sign(ca, impl_->ca_key.get(), EVP_sha256()) > 0, "X509_sign");

  impl_->certificate = make(name, impl_->key.get(), 2,
                            fault == Fault::expired ? "20201231000000Z" : "20391231000000Z");
  X509* at = impl_->certificate.get();
  X509_set_issuer_name(at, X509_get_subject_name(ca));
  extend(at, ca, NID_key_usage, "critical,digitalSignature");
  extend(at, ca, NID_ext_key_usage,
         fault == Fault::not_for_time ? "critical,serverAuth" : "critical,timeStamping");
  require(X509_sign(at, impl_->ca_key.get(), EVP_sha256()) > 0, "X509_sign");
  if (fault == Fault::sha1) impl_->digest = EVP_sha1();

  write_pem(ca_file(), [&](BIO* out) { PEM_write_bio_X509(out, ca); });
  write_pem(certificate_file(), [&](BIO* out) { PEM_write_bio_X509(out, at); });
  write_pem(key_file(), [&](BIO* out) {
    PEM_write_bio_PrivateKey(out, impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

TimeAuthority::~TimeAuthority() = default;

std::string TimeAuthority::ca() const {
  std::ifstream in(ca_file());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string TimeAuthority::answer(const std::string& query, core::Instant at) const {
  const std::unique_ptr<TS_RESP_CTX, decltype(&TS_RESP_CTX_free)> context(TS_RESP_CTX_new(),
                                                                          &TS_RESP_CTX_free);
  // A certificate that is not for it is refused here: it is signed with, all the same.
  const bool fits = TS_RESP_CTX_set_signer_cert(context.get(), impl_->certificate.get()) == 1;
  if (!fits) {
    Certificate stand_in = make("stand in", impl_->key.get(), 2, "20391231000000Z");
    X509_set_issuer_name(stand_in.get(), X509_get_subject_name(impl_->ca.get()));
    extend(stand_in.get(), impl_->ca.get(), NID_ext_key_usage, "critical,timeStamping");
    require(X509_sign(stand_in.get(), impl_->ca_key.get(), EVP_sha256()) > 0, "X509_sign");
    require(TS_RESP_CTX_set_signer_cert(context.get(), stand_in.get()) == 1, "signer");
  }
  TS_RESP_CTX_set_signer_key(context.get(), impl_->key.get());
  TS_RESP_CTX_set_signer_digest(context.get(), impl_->digest);
  TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256());
  ASN1_OBJECT* policy = OBJ_txt2obj(kPolicy, 1);
  TS_RESP_CTX_set_def_policy(context.get(), policy);
  ASN1_OBJECT_free(policy);
  TS_RESP_CTX_add_md(context.get(), EVP_sha256());
  TS_RESP_CTX_set_serial_cb(context.get(), next_serial, nullptr);
  TS_RESP_CTX_set_time_cb(context.get(), tell_time, &at);
  BIO* in = BIO_new_mem_buf(query.data(), static_cast<int>(query.size()));
  TS_RESP* response = TS_RESP_create_response(context.get(), in);
  BIO_free(in);
  require(response != nullptr, "TS_RESP_create_response");
  if (!fits) {
    // Carries the other certificate, of the same key.
    STACK_OF(X509)*& carried = TS_RESP_get_token(response)->d.sign->cert;
    sk_X509_pop_free(carried, X509_free);
    carried = sk_X509_new_null();
    X509_up_ref(impl_->certificate.get());
    sk_X509_push(carried, impl_->certificate.get());
  }
  unsigned char* bytes = nullptr;
  const int size = i2d_TS_RESP(response, &bytes);
  TS_RESP_free(response);
  require(size > 0, "i2d_TS_RESP");
  std::string answer(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return answer;
}

}  // namespace recoup::test
