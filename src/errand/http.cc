#include "errand/http.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include "core/text.h"
#include "errand/easy.h"

namespace recoup::errand {
namespace {

constexpr std::size_t kLongestType = 80;
// Metadata services, and the machine itself.
constexpr const char* kNearHosts =
    "169.254.169.254,169.254.170.2,169.254.170.23,metadata.google.internal,127.0.0.1,localhost,::1";

struct Incoming {
  Answer answer;
  std::size_t most = 0;
  bool too_large = false;
};

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& incoming = *static_cast<Incoming*>(to);
  incoming.too_large = incoming.answer.body.size() + size > incoming.most;
  if (incoming.too_large) return 0;  // libcurl ends the transfer
  incoming.answer.body.append(bytes, size);
  return size;
}

std::size_t on_head(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& answer = static_cast<Incoming*>(to)->answer;
  const std::string_view line(bytes, size);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  const std::string value(core::trimmed(line.substr(colon + 1)));
  const std::string_view name = line.substr(0, colon);
  if (core::equal_but_for_case(name, "Content-Type")) answer.type = value.substr(0, kLongestType);
  if (core::equal_but_for_case(name, "Date")) answer.date = date_in(value);
  return size;
}

// Other than 0 ends the request.
int look_at_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

// Libcurl's words for a code hold nothing of the request, unlike its longer ones. Of a certificate
// they say too little.
std::string reason_of(void* easy, CURLcode code) {
  std::string reason = curl_easy_strerror(code);
  long verified = X509_V_OK;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verified);
  if (code == CURLE_PEER_FAILED_VERIFICATION && verified != X509_V_OK) {
    reason = X509_verify_cert_error_string(verified);
  }
  return reason;
}

}  // namespace

std::optional<core::Instant> date_in(const std::string& text) {
  const auto seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return core::Instant(std::chrono::seconds(seconds));
}

core::Result<Answer> send(const Request& request, const std::stop_token& stop) {
  const Easy easy = make_easy();
  if (!easy) return core::Error{"there is no memory for a request"};
  HeaderList headers;
  for (const std::string& line : request.headers) headers.add(line);
  Incoming incoming;
  incoming.most = request.most;
  std::stop_token seen = stop;
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(easy.get(), option, value);
  };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NOPROXY, kNearHosts);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.within.count()));
  set(CURLOPT_USERAGENT, request.user_agent.c_str());
  set(CURLOPT_HEADERFUNCTION, &on_head);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&incoming));
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&incoming));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &look_at_stop);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(&seen));
  if (!request.body.empty()) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  if (!request.signed_for.empty()) {
    set(CURLOPT_AWS_SIGV4, request.signed_for.c_str());
    set(CURLOPT_USERNAME, request.key_id.reveal().c_str());
    set(CURLOPT_PASSWORD, request.key.reveal().c_str());
  }
  const CURLcode code = curl_easy_perform(easy.get());
  if (incoming.too_large) {
    return core::Error{fmt::format("an answer of more than {} bytes", request.most)};
  }
  if (code != CURLE_OK) return core::Error{reason_of(easy.get(), code)};
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  incoming.answer.status = static_cast<int>(status);
  return std::move(incoming.answer);
}

}  // namespace recoup::errand
