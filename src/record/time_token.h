#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

// RFC 3161: a third party signs that a digest was there at a time.
namespace recoup::record {

// A TimeStampReq of the document's SHA-256, with a random nonce, that asks for the signer's
// certificate; with a policy, a dotted number, for a token by that one.
std::string time_query(std::string_view document, const std::string& policy = {});

// Whether the text is a policy's dotted number, as "1.2.3.4.1".
bool is_policy(const std::string& text);

// What a token says.
struct TimeToken {
  core::Instant at;         // it existed before that
  std::string policy;       // a dotted number
  std::string authority;    // the subject of the signer's certificate
  std::string fingerprint;  // the SHA-256 of that certificate
  std::string chain;        // the certificates it rests on, PEM; the last is one of the trusted
};

// What a token is checked against.
struct TokenCheck {
  std::string_view document;
  std::string_view trusted;     // certificates, PEM: the signer's must rest on one of them
  std::string_view query = {};  // the time_query() that it answers, whose nonce it must have
  std::string policy = {};      // that it must be by; empty: by any
};

// Checks an answer of an authority (TimeStampResp) as it was sent: that a token was given, is of
// the document's SHA-256, has the nonce and the policy that were asked for, and is signed, with a
// digest that nobody can forge, by a certificate for time stamping alone (RFC 3161, 2.3) that
// rested on a trusted one at the time in it. The error says what does not hold.
core::Result<TimeToken> check_token(std::string_view answer, const TokenCheck& against);

// How many certificates are in the text; an error where there is none, or something is no
// certificate.
core::Result<std::size_t> count_certificates(std::string_view pem);

// An answer may have so many bytes: a token with a chain of certificates has some thousand.
inline constexpr std::size_t kLargestToken = 64 * 1024;

}  // namespace recoup::record
