#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sources/probe/probe_settings.h"
#include "sources/probe/url.h"

// What the signatures of AWS, Alibaba Cloud and Tencent Cloud have in common: a request in one
// canonical form, its SHA-256, and HMACs with keys in binary.
namespace recoup::sources::probe {

// HMAC-SHA256 (RFC 2104), 32 bytes in binary. Key and result are secrets or signatures: neither is
// to be shown.
std::string hmac_sha256(std::string_view key, std::string_view text);

// 32 hexadecimal digits that nobody can tell before.
std::string new_nonce();

// The query without its "?": pairs sorted by their encoded names, then values; everything but what
// is unreserved percent-encoded; a "+" is a blank.
std::string canonical_query(std::string_view query);

// The URL with its query in that form, for signatures of what is sent.
Url with_canonical_query(Url url);

// The value that the probe itself sends for the header; empty where it sends none.
std::string header_of(const ProbeSettings& settings, std::string_view name);

// What the Host header of the probe's requests says.
std::string host_of(const ProbeSettings& settings);

// CanonicalRequest is what is hashed to be signed.
class CanonicalRequest {
 public:
  // The method, path, query and body of the probe's requests.
  explicit CanonicalRequest(const ProbeSettings& settings);

  // The header is signed, with this value.
  void sign(std::string_view name, std::string_view value);

  // The names of all that are signed: "content-type;host".
  std::string signed_headers() const;

  // Of the body, in hexadecimal digits.
  const std::string& body_digest() const { return body_digest_; }

  // SHA-256 of the whole, in hexadecimal digits.
  std::string digest() const;

 private:
  std::string begin_;  // method, path and query, a line each
  std::string body_digest_;
  std::map<std::string, std::string> headers_;  // by lower-case name
};

}  // namespace recoup::sources::probe
