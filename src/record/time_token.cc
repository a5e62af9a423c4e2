#include "record/time_token.h"

#include <ctime>
#include <memory>
#include <new>
#include <vector>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "record/hex.h"

namespace recoup::record {
namespace {

using core::Error;
using core::Result;

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
void free_certificates(STACK_OF(X509) * list) { sk_X509_pop_free(list, X509_free); }
void free_borrowed(STACK_OF(X509) * list) { sk_X509_free(list); }
void free_bytes(unsigned char* bytes) { OPENSSL_free(bytes); }

using Answer = std::unique_ptr<TS_RESP, Freed<TS_RESP_free>>;
using Query = std::unique_ptr<TS_REQ, Freed<TS_REQ_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreUse = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Verifying = std::unique_ptr<TS_VERIFY_CTX, Freed<TS_VERIFY_CTX_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;
using Object = std::unique_ptr<ASN1_OBJECT, Freed<ASN1_OBJECT_free>>;

// Whatever goes wrong in it leaves nothing in OpenSSL's queue of this thread.
struct CleanErrors {
  CleanErrors() { ERR_clear_error(); }
  ~CleanErrors() { ERR_clear_error(); }
  CleanErrors(const CleanErrors&) = delete;
  CleanErrors& operator=(const CleanErrors&) = delete;
};

template <typename T>
T* needed(T* object) {
  if (object == nullptr) throw std::bad_alloc();
  return object;
}

std::string sha256_of(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string dotted(const ASN1_OBJECT* object) {
  char text[128] = "";
  OBJ_obj2txt(text, sizeof text, object, 1);
  return text;
}

Memory memory_of(std::string_view bytes) {
  return Memory(needed(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))));
}

// All certificates of a PEM text.
Result<std::vector<Certificate>> certificates_of(std::string_view pem) {
  const Memory in = memory_of(pem);
  std::vector<Certificate> all;
  while (X509* one = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) all.emplace_back(one);
  const auto problem = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (all.empty()) return Error{"expected certificates in PEM form, got none"};
  if (problem != PEM_R_NO_START_LINE) {
    return Error{
        fmt::format("expected certificates in PEM form, got something else behind {} of "
                    "them",
                    all.size())};
  }
  return all;
}

std::string pem_of(X509* certificate) {
  const Memory out(needed(BIO_new(BIO_s_mem())));
  if (PEM_write_bio_X509(out.get(), certificate) != 1) throw std::bad_alloc();
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string subject_of(X509* certificate) {
  const Memory out(needed(BIO_new(BIO_s_mem())));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string fingerprint_of(X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1) throw std::bad_alloc();
  return to_hex({reinterpret_cast<const char*>(digest), size});
}

// Why a server gave no token, in its own words where it has some.
std::string refusal_of(const TS_STATUS_INFO* status) {
  std::string words;
  const STACK_OF(ASN1_UTF8STRING)* texts = TS_STATUS_INFO_get0_text(status);
  for (int i = 0; i < sk_ASN1_UTF8STRING_num(texts); ++i) {
    const ASN1_UTF8STRING* text = sk_ASN1_UTF8STRING_value(texts, i);
    words += fmt::format("{}{}", words.empty() ? ": " : " ",
                         std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                     static_cast<std::size_t>(ASN1_STRING_length(text))));
  }
  return words.substr(0, 200);
}

Result<Answer> read_answer(std::string_view bytes) {
  if (bytes.size() > kLargestToken) {
    return Error{
        fmt::format("expected an answer of at most {} bytes, got {}", kLargestToken, bytes.size())};
  }
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* end = at + bytes.size();
  Answer answer(d2i_TS_RESP(nullptr, &at, static_cast<long>(bytes.size())));
  if (!answer || at != end) {
    return Error{"expected a TimeStampResp of RFC 3161, got something else"};
  }
  const TS_STATUS_INFO* status = TS_RESP_get_status_info(answer.get());
  const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  if (code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS) {
    return Error{fmt::format("expected a token, got the refusal {}{}", code, refusal_of(status))};
  }
  if (TS_RESP_get_tst_info(answer.get()) == nullptr || TS_RESP_get_token(answer.get()) == nullptr) {
    return Error{"expected a token, got an answer without one"};
  }
  return answer;
}

Result<void> check_imprint(TS_TST_INFO* info, std::string_view document) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  if (OBJ_obj2nid(algorithm) != NID_sha256) {
    return Error{
        fmt::format("expected a token of a SHA-256, got one of a digest by {}", dotted(algorithm))};
  }
  const ASN1_OCTET_STRING* digest = TS_MSG_IMPRINT_get_msg(imprint);
  const std::string stamped(reinterpret_cast<const char*>(ASN1_STRING_get0_data(digest)),
                            static_cast<std::size_t>(ASN1_STRING_length(digest)));
  const std::string expected = sha256_of(document);
  if (stamped == expected) return {};
  return Error{fmt::format("expected a token of the SHA-256 {}, got one of {}", to_hex(expected),
                           to_hex(stamped).substr(0, 128))};
}

Result<void> check_nonce(const TS_TST_INFO* info, std::string_view query) {
  if (query.empty()) return {};
  const auto* at = reinterpret_cast<const unsigned char*>(query.data());
  const Query asked(d2i_TS_REQ(nullptr, &at, static_cast<long>(query.size())));
  const ASN1_INTEGER* nonce = TS_TST_INFO_get_nonce(info);
  if (asked && nonce != nullptr && ASN1_INTEGER_cmp(TS_REQ_get_nonce(asked.get()), nonce) == 0) {
    return {};
  }
  return Error{"expected the nonce that was sent, got another: it answers another request"};
}

Result<core::Instant> time_of(const TS_TST_INFO* info) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1) {
    return Error{"expected a time in the token, got something else"};
  }
  const core::Date day = std::chrono::year(parts.tm_year + 1900) /
                         static_cast<unsigned>(parts.tm_mon + 1) /
                         static_cast<unsigned>(parts.tm_mday);
  return core::Instant(std::chrono::sys_days(day)) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

// The digest that the signature is made over.
Result<void> check_signature_digest(PKCS7* token) {
  STACK_OF(PKCS7_SIGNER_INFO)* signers = PKCS7_get_signer_info(token);
  if (sk_PKCS7_SIGNER_INFO_num(signers) != 1) return Error{"expected one signature in the token"};
  X509_ALGOR* digest = nullptr;
  PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(signers, 0), nullptr, &digest, nullptr);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, digest);
  switch (OBJ_obj2nid(algorithm)) {
    case NID_sha256:
    case NID_sha384:
    case NID_sha512: return {};
    default:
      return Error{
          fmt::format("expected a signature over a SHA-256, SHA-384 or SHA-512, got one "
                      "over a digest by {}",
                      dotted(algorithm))};
  }
}

// The trusted certificates, as of the time in the token: one that has expired since was good then.
Result<Store> store_of(std::string_view trusted, core::Instant at) {
  const auto certificates = certificates_of(trusted);
  if (!certificates) return certificates.error();
  Store store(needed(X509_STORE_new()));
  for (const Certificate& one : *certificates) X509_STORE_add_cert(store.get(), one.get());
  X509_VERIFY_PARAM* how = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(
      how, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

// Sets who signed, and on which certificates that rests.
Result<void> check_chain(PKCS7* token, X509_STORE* store, TimeToken& says) {
  const std::unique_ptr<STACK_OF(X509), Freed<free_borrowed>> signers(
      PKCS7_get0_signers(token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) != 1) {
    return Error{"expected the signer's certificate in the token, got none"};
  }
  X509* signer = sk_X509_value(signers.get(), 0);
  says.authority = subject_of(signer);
  says.fingerprint = fingerprint_of(signer);
  const StoreUse use(needed(X509_STORE_CTX_new()));
  if (X509_STORE_CTX_init(use.get(), store, signer, token->d.sign->cert) != 1) {
    throw std::bad_alloc();
  }
  X509_STORE_CTX_set_purpose(use.get(), X509_PURPOSE_TIMESTAMP_SIGN);
  if (X509_verify_cert(use.get()) != 1) {
    return Error{fmt::format(
        "expected a certificate for time stamping that rests on a trusted one, got that of {}: {}",
        says.authority, X509_verify_cert_error_string(X509_STORE_CTX_get_error(use.get())))};
  }
  const std::unique_ptr<STACK_OF(X509), Freed<free_certificates>> chain(
      X509_STORE_CTX_get1_chain(use.get()));
  const int size = sk_X509_num(chain.get());
  for (int i = size > 1 ? 1 : 0; i < size; ++i) {
    says.chain += pem_of(sk_X509_value(chain.get(), i));
  }
  return {};
}

// The signature itself, over the content and the certificate's own digest (RFC 5816).
Result<void> check_signed(PKCS7* token, Store store) {
  const Verifying verifying(needed(TS_VERIFY_CTX_new()));
  TS_VERIFY_CTX_set_flags(verifying.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(verifying.get(), store.release());
  if (TS_RESP_verify_token(verifying.get(), token) == 1) return {};
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  return Error{fmt::format("expected a signature that holds, got one that does not: {}",
                           reason == nullptr ? "unknown" : reason)};
}

}  // namespace

bool is_policy(const std::string& text) {
  const CleanErrors clean;
  const Object object(OBJ_txt2obj(text.c_str(), 1));
  return object != nullptr && dotted(object.get()) == text;
}

std::string time_query(std::string_view document, const std::string& policy) {
  const CleanErrors clean;
  const Query query(needed(TS_REQ_new()));
  const std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT_free>> imprint(
      needed(TS_MSG_IMPRINT_new()));
  const std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>> algorithm(needed(X509_ALGOR_new()));
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  std::string digest = sha256_of(document);
  unsigned char random[16];
  if (RAND_bytes(random, sizeof random) != 1) throw std::bad_alloc();
  random[0] = static_cast<unsigned char>((random[0] & 0x7f) | 0x40);  // positive, of full length
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
      needed(BN_bin2bn(random, sizeof random, nullptr)));
  const std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>> nonce(
      needed(BN_to_ASN1_INTEGER(number.get(), nullptr)));
  const Object wanted(policy.empty() ? nullptr : OBJ_txt2obj(policy.c_str(), 1));
  if (TS_REQ_set_version(query.get(), 1) != 1 ||
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) != 1 ||
      TS_MSG_IMPRINT_set_msg(imprint.get(), reinterpret_cast<unsigned char*>(digest.data()),
                             static_cast<int>(digest.size())) != 1 ||
      TS_REQ_set_msg_imprint(query.get(), imprint.get()) != 1 ||
      TS_REQ_set_nonce(query.get(), nonce.get()) != 1 || TS_REQ_set_cert_req(query.get(), 1) != 1 ||
      (wanted && TS_REQ_set_policy_id(query.get(), wanted.get()) != 1)) {
    throw std::bad_alloc();
  }
  unsigned char* bytes = nullptr;
  const int size = i2d_TS_REQ(query.get(), &bytes);
  const std::unique_ptr<unsigned char, Freed<free_bytes>> owner(bytes);
  if (size <= 0) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Result<TimeToken> check_token(std::string_view answer, const TokenCheck& against) {
  const CleanErrors clean;
  const auto read = read_answer(answer);
  if (!read) return read.error();
  TS_TST_INFO* info = TS_RESP_get_tst_info(read->get());
  PKCS7* token = TS_RESP_get_token(read->get());
  if (auto done = check_imprint(info, against.document); !done) return done.error();
  if (auto done = check_nonce(info, against.query); !done) return done.error();
  TimeToken says;
  says.policy = dotted(TS_TST_INFO_get_policy_id(info));
  if (!against.policy.empty() && says.policy != against.policy) {
    return Error{fmt::format("expected a token by the policy {}, got one by {}", against.policy,
                             says.policy)};
  }
  const auto at = time_of(info);
  if (!at) return at.error();
  says.at = *at;
  if (auto done = check_signature_digest(token); !done) return done.error();
  auto store = store_of(against.trusted, says.at);
  if (!store) return store.error();
  if (auto done = check_chain(token, store->get(), says); !done) return done.error();
  if (auto done = check_signed(token, *std::move(store)); !done) return done.error();
  return says;
}

Result<std::size_t> count_certificates(std::string_view pem) {
  const CleanErrors clean;
  const auto all = certificates_of(pem);
  if (!all) return all.error();
  return all->size();
}

}  // namespace recoup::record
