#include "service/timestamp_post.h"

#include <array>

#include <curl/curl.h>
#include <fmt/format.h>

#include "record/time_token.h"
#include "sources/probe/easy.h"

namespace recoup::service {
namespace {

using core::Error;

constexpr long kConnectSeconds = 10;
constexpr long kSeconds = 30;

struct Incoming {
  std::string body;
  bool too_large = false;
};

std::size_t take(char* bytes, std::size_t, std::size_t size, void* to) {
  auto* incoming = static_cast<Incoming*>(to);
  incoming->too_large = incoming->body.size() + size > record::kLargestToken;
  if (incoming->too_large) return 0;
  incoming->body.append(bytes, size);
  return size;
}

// Other than 0 ends the request.
int look_at_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

std::string type_of(void* easy) {
  const char* type = nullptr;
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
  return type == nullptr ? "" : std::string(type).substr(0, 80);
}

}  // namespace

core::Result<std::string> post_time_query(const std::string& url, const std::string& query,
                                          const std::stop_token& stop) {
  const sources::probe::Easy easy = sources::probe::make_easy();
  if (!easy) throw std::bad_alloc();
  sources::probe::HeaderList headers;
  headers.add("Content-Type: application/timestamp-query");
  headers.add("Accept: application/timestamp-reply");
  headers.add("Expect:");
  Incoming incoming;
  std::array<char, CURL_ERROR_SIZE> why{};
  std::stop_token seen = stop;
  void* at = easy.get();
  curl_easy_setopt(at, CURLOPT_URL, url.c_str());
  curl_easy_setopt(at, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(at, CURLOPT_USERAGENT, "recoup/" RECOUP_VERSION);
  curl_easy_setopt(at, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(at, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(query.size()));
  curl_easy_setopt(at, CURLOPT_POSTFIELDS, query.data());
  curl_easy_setopt(at, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(at, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(at, CURLOPT_ERRORBUFFER, why.data());
  curl_easy_setopt(at, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(at, CURLOPT_TIMEOUT, kSeconds);
  curl_easy_setopt(at, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(at, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(at, CURLOPT_XFERINFOFUNCTION, look_at_stop);
  curl_easy_setopt(at, CURLOPT_XFERINFODATA, &seen);
  const CURLcode done = curl_easy_perform(at);
  if (incoming.too_large) {
    return Error{fmt::format("expected a token of at most {} bytes, got a longer answer",
                             record::kLargestToken)};
  }
  if (done != CURLE_OK) {
    return Error{
        fmt::format("cannot be asked: {}", why[0] != '\0' ? why.data() : curl_easy_strerror(done))};
  }
  long status = 0;
  curl_easy_getinfo(at, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return Error{fmt::format("expected the status 200, got {}", status)};
  if (const std::string type = type_of(at); type.starts_with("text/")) {
    return Error{fmt::format("expected application/timestamp-reply, got {}", type)};
  }
  return std::move(incoming.body);
}

}  // namespace recoup::service
