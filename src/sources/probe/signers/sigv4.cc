// AWS Signature Version 4, which libcurl makes.
#include "sources/probe/signer.h"

#include <algorithm>
#include <utility>

#include <curl/curl.h>

#include "record/percent_encoding.h"

namespace recoup::sources::probe {
namespace {

// Pairs sorted by their encoded names, then values; everything but what is unreserved
// percent-encoded; a "+" is a blank.
std::string canonical_query(std::string_view query) {
  const auto recoded = [](std::string_view text) {
    return record::percent_encoded(record::percent_decoded(text, record::Plus::blank));
  };
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    pairs.emplace_back(recoded(pair.substr(0, equals)), recoded(value));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name + '=' + value;
  }
  return out;
}

class SigV4 final : public Signer {
 public:
  SigV4(const rules::Signing& signing, const Credentials& credentials)
      : provider_("aws:amz:" + signing.region + ':' + signing.service),
        access_key_(credentials.of("AWS_ACCESS_KEY_ID")),
        secret_key_(credentials.of("AWS_SECRET_ACCESS_KEY")),
        session_token_(credentials.of("AWS_SESSION_TOKEN")) {}

  // libcurl 7.88 signs a query as it stands.
  Url spelled(Url url) const override {
    if (url.query.empty()) return url;
    const std::string query = canonical_query(std::string_view(url.query).substr(1));
    url.query = query.empty() ? "" : '?' + query;
    return url;
  }

  void configure(void* easy, HeaderList& headers) const override {
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, provider_.c_str());
    curl_easy_setopt(easy, CURLOPT_USERNAME, access_key_.reveal().c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, secret_key_.reveal().c_str());
    if (!session_token_.empty()) headers.add("X-Amz-Security-Token: " + session_token_.reveal());
  }

  // Date and signature are libcurl's.
  std::vector<std::string> begin(core::Instant) override { return {}; }

 private:
  std::string provider_;
  record::Secret access_key_;
  record::Secret secret_key_;
  record::Secret session_token_;  // empty for a user's own key
};

std::unique_ptr<Signer> make(const ToSign& to_sign, const Credentials& credentials) {
  return std::make_unique<SigV4>(to_sign.how, credentials);
}

}  // namespace

extern const SignerKind kSigV4;
const SignerKind kSigV4{
    "sigv4", {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}, {"AWS_SESSION_TOKEN"}, true, make};

}  // namespace recoup::sources::probe
