#include "sources/probe/server_seen.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "record/hex.h"

namespace recoup::sources::probe {
namespace {

core::Instant end_of(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return core::kOpenEnd;
  using namespace std::chrono;
  const sys_days date(year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday);
  return date + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

core::Instant earliest_end(const STACK_OF(X509) * chain) {
  core::Instant earliest = core::kOpenEnd;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    earliest = std::min(earliest, end_of(sk_X509_value(chain, i)));
  }
  return earliest;
}

std::string name_text(const X509_NAME* name) {
  std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return record::to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

std::string host_names(const X509* certificate) {
  std::string text;
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS) continue;
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    text += text.empty() ? "" : ",";
    text.append(bytes, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  GENERAL_NAMES_free(names);
  return text;
}

}  // namespace

std::shared_ptr<const record::TlsSeen> server_seen(void* easy) {
  const curl_tlssessioninfo* session = nullptr;
  curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session);
  if (session == nullptr || session->backend != CURLSSLBACKEND_OPENSSL ||
      session->internals == nullptr) {
    return nullptr;
  }
  const auto* ssl = static_cast<const SSL*>(session->internals);
  const X509* own = SSL_get0_peer_certificate(ssl);
  if (own == nullptr) return nullptr;
  auto seen = std::make_shared<record::TlsSeen>();
  seen->version = SSL_get_version(ssl);
  seen->cipher = SSL_get_cipher_name(ssl);
  seen->earliest_end = std::min(end_of(own), earliest_end(SSL_get_peer_cert_chain(ssl)));
  if (const auto* verified = SSL_get0_verified_chain(ssl)) {
    seen->chain_end = earliest_end(verified);
  }
  seen->fingerprint = fingerprint(own);
  seen->subject = name_text(X509_get_subject_name(own));
  seen->issuer = name_text(X509_get_issuer_name(own));
  seen->names = host_names(own);
  return seen;
}

}  // namespace recoup::sources::probe
