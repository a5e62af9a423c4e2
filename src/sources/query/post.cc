#include <array>
#include <new>

#include <curl/curl.h>
#include <fmt/format.h>

#include "sources/probe/easy.h"
#include "sources/query/engine.h"

namespace recoup::sources {
namespace {

using core::Error;

constexpr long kQueryConnectSeconds = 10;
constexpr long kGood = 200;
constexpr std::size_t kMostOfError = 2000;

struct Answer {
  void* easy;
  const OnBytes* each;
  std::uint64_t bytes = 0;
  std::string error_body = {};
  std::optional<Error> failed = {};
};

std::size_t take_answer(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  long status = 0;
  curl_easy_getinfo(answer.easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != kGood) {
    answer.error_body.append(bytes, std::min(size, kMostOfError - answer.error_body.size()));
    return size;
  }
  answer.bytes += size;
  if (answer.bytes > kMostQueryBytes) {
    answer.failed =
        Error{fmt::format("expected an answer of at most {} MiB, got more", kMostQueryBytes >> 20),
              "", "the query must group by minute and outcome"};
    return 0;
  }
  if (auto done = (*answer.each)({bytes, size}); !done) {
    answer.failed = done.error();
    return 0;
  }
  return size;
}

int stop_asking(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

// With libcurl's own words for files: this is a handle of one request, unlike a probe's.
void set_tls(void* easy, const rules::ProbeTls& tls) {
  const auto set = [&](CURLoption option, const std::string& file) {
    if (!file.empty()) curl_easy_setopt(easy, option, file.c_str());
  };
  set(CURLOPT_CAINFO, tls.ca_file);
  if (!tls.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  set(CURLOPT_SSLCERT, tls.client_cert);
  set(CURLOPT_SSLKEY, tls.client_key);
}

void add_headers(const Query& query, const std::string& type, probe::HeaderList& headers) {
  headers.add("Content-Type: " + type);
  headers.add("Expect:");
  for (const rules::Header& one : query.headers) {
    headers.add(one.name + ": " + (one.secret.empty() ? one.value : one.secret.reveal()));
  }
}

}  // namespace

core::Result<void> post(const Query& query, const std::string& url, const std::string& type,
                        const std::string& body, const OnBytes& each, const std::stop_token& stop) {
  const probe::Easy easy = probe::make_easy();
  if (!easy) throw std::bad_alloc();
  probe::HeaderList headers;
  add_headers(query, type, headers);
  std::array<char, CURL_ERROR_SIZE> why{};
  std::stop_token seen = stop;
  void* at = easy.get();
  Answer answer{at, &each};
  curl_easy_setopt(at, CURLOPT_URL, url.c_str());
  curl_easy_setopt(at, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(at, CURLOPT_USERAGENT, "recoup");
  curl_easy_setopt(at, CURLOPT_HTTPHEADER, headers.get());
  if (query.tls) set_tls(at, *query.tls);
  if (!query.user.empty()) {
    curl_easy_setopt(at, CURLOPT_USERNAME, query.user.c_str());
    curl_easy_setopt(at, CURLOPT_PASSWORD, query.password.reveal().c_str());
  }
  curl_easy_setopt(at, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(at, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(at, CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(at, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(at, CURLOPT_ERRORBUFFER, why.data());
  curl_easy_setopt(at, CURLOPT_CONNECTTIMEOUT, kQueryConnectSeconds);
  curl_easy_setopt(at, CURLOPT_TIMEOUT_MS, static_cast<long>(query.timeout.count()));
  curl_easy_setopt(at, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(at, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(at, CURLOPT_XFERINFOFUNCTION, stop_asking);
  curl_easy_setopt(at, CURLOPT_XFERINFODATA, &seen);
  const CURLcode done = curl_easy_perform(at);
  const std::string& password = query.password.reveal();
  if (answer.failed) return *answer.failed;
  if (done != CURLE_OK) {
    return Error{engine_words(why[0] != '\0' ? why.data() : curl_easy_strerror(done), password)};
  }
  long status = 0;
  curl_easy_getinfo(at, CURLINFO_RESPONSE_CODE, &status);
  if (status == kGood) return {};
  return Error{fmt::format("it answered with the status {}: {}", status,
                           engine_words(answer.error_body, password))};
}

}  // namespace recoup::sources
