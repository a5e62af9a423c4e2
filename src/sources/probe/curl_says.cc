#include "sources/probe/curl_says.h"

#include <array>
#include <cerrno>
#include <chrono>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <unistd.h>

namespace recoup::sources::probe {
namespace {

// A figure of libcurl's; 0 where it has none.
std::int64_t number_of(void* easy, CURLINFO what) {
  curl_off_t number = 0;
  curl_easy_getinfo(easy, what, &number);
  return number;
}

long long_of(void* easy, CURLINFO what) {
  long number = 0;
  curl_easy_getinfo(easy, what, &number);
  return number;
}

// Whether the stage of a transfer was reached that ends at that time: libcurl says 0 of others, and
// a microsecond at least of these.
bool took_time(void* easy, CURLINFO stage) { return number_of(easy, stage) > 0; }

int http_version(void* easy) {
  switch (long_of(easy, CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0: return 10;
    case CURL_HTTP_VERSION_1_1: return 11;
    case CURL_HTTP_VERSION_2_0: return 20;
    case CURL_HTTP_VERSION_3: return 30;
    default: return 0;
  }
}

// FNV-1a of the address' bytes: it tells that another one answered, and not which.
std::uint32_t hash_of(const std::string& address, int family) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  ::inet_pton(family, address.c_str(), bytes.data());
  std::uint32_t hash = 2166136261;
  for (std::size_t i = 0; i < (family == AF_INET ? sizeof(in_addr) : bytes.size()); ++i) {
    hash = (hash ^ bytes[i]) * 16777619;
  }
  return hash;
}

// Why a descriptor cannot be had now, or 0. Name resolution hides its reasons, and lack of
// descriptors is one that must not look like the other side's.
int descriptor_error() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  ::close(fd);
  return 0;
}

}  // namespace

// Where a request was refused before it went out no connection was made, and none was kept either.
Stages stages_of(void* easy, bool sent, bool tls) {
  const auto at = [&](CURLINFO stage) { return std::chrono::microseconds(number_of(easy, stage)); };
  // libcurl 7.88 notes the time of TLS when it begins, too; it is over where a request went out.
  // It says that one is sent when it gave the system what that would take at once.
  return {at(CURLINFO_NAMELOOKUP_TIME_T),
          at(CURLINFO_CONNECT_TIME_T),
          sent ? at(CURLINFO_APPCONNECT_TIME_T) : std::chrono::microseconds(0),
          at(CURLINFO_PRETRANSFER_TIME_T),
          at(CURLINFO_STARTTRANSFER_TIME_T),
          sent && !made_connection(easy),
          tls};
}

bool was_resolved(void* easy) { return took_time(easy, CURLINFO_NAMELOOKUP_TIME_T); }

bool was_connected(void* easy) { return took_time(easy, CURLINFO_CONNECT_TIME_T); }

bool made_connection(void* easy) { return long_of(easy, CURLINFO_NUM_CONNECTS) > 0; }

std::string peer_of(void* easy) {
  const char* peer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &peer);
  return peer == nullptr ? "" : peer;
}

void note_answer(void* easy, record::ProbeResult& result) {
  if (result.status() != 0) result.http_version = http_version(easy);
  const std::string peer = peer_of(easy);
  if (!peer.empty()) {
    result.ip_protocol = peer.find(':') == std::string::npos ? 4 : 6;
    result.ip_hash = hash_of(peer, result.ip_protocol == 4 ? AF_INET : AF_INET6);
  }
  const std::int64_t modified = number_of(easy, CURLINFO_FILETIME_T);
  if (modified > 0) result.last_modified = core::Instant(std::chrono::seconds(modified));
  result.content_length = number_of(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
  result.body_bytes = number_of(easy, CURLINFO_SIZE_DOWNLOAD_T);
}

int os_error_of(void* easy, int code, int socket_error) {
  if (socket_error != 0) return socket_error;
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) {
    return descriptor_error();
  }
  if (code != CURLE_COULDNT_CONNECT) return 0;
  long error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
  return static_cast<int>(error);
}

std::string tls_failure(void* easy, int code) {
  long verified = X509_V_OK;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verified);
  // Unspecified is what libcurl says before it asks.
  if (verified != X509_V_OK && verified != X509_V_ERR_UNSPECIFIED) {
    return X509_verify_cert_error_string(verified);
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) return "the certificate is for another name";
  return curl_easy_strerror(static_cast<CURLcode>(code));
}

}  // namespace recoup::sources::probe
