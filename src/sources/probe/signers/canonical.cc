#include "sources/probe/signers/canonical.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "core/text.h"
#include "record/digest.h"
#include "record/hex.h"
#include "record/percent_encoding.h"

namespace recoup::sources::probe {

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned int size = 0;
  const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), bytes.data(),
           &size) == nullptr) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string new_nonce() {
  std::array<unsigned char, 16> bytes;
  // It fails only where the system has no randomness at all.
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::bad_alloc();
  return record::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

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

Url with_canonical_query(Url url) {
  if (url.query.empty()) return url;
  const std::string query = canonical_query(std::string_view(url.query).substr(1));
  url.query = query.empty() ? "" : '?' + query;
  return url;
}

std::string header_of(const ProbeSettings& settings, std::string_view name) {
  for (const rules::Header& header : settings.headers) {
    if (!core::equal_but_for_case(header.name, name)) continue;
    return header.secret.empty() ? header.value : header.secret.reveal();
  }
  return {};
}

std::string host_of(const ProbeSettings& settings) {
  const std::string own = header_of(settings, "Host");
  return own.empty() ? Url::parse(settings.url).value_or(Url{}).authority() : own;
}

CanonicalRequest::CanonicalRequest(const ProbeSettings& settings)
    : body_digest_(record::sha256_hex(settings.body)) {
  const Url url = Url::parse(settings.url).value_or(Url{});
  const std::string query =
      url.query.empty() ? "" : canonical_query(std::string_view(url.query).substr(1));
  begin_ = settings.method + '\n' + url.path + '\n' + query + '\n';
}

void CanonicalRequest::sign(std::string_view name, std::string_view value) {
  headers_.insert_or_assign(core::lower_case(name), std::string(core::trimmed(value)));
}

std::string CanonicalRequest::signed_headers() const {
  std::string names;
  for (const auto& [name, value] : headers_) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string CanonicalRequest::digest() const {
  std::string text = begin_;
  for (const auto& [name, value] : headers_) text += name + ':' + value + '\n';
  return record::sha256_hex(text + '\n' + signed_headers() + '\n' + body_digest_);
}

}  // namespace recoup::sources::probe
