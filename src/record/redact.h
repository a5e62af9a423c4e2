#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::record {

// What stands in place of what was replaced, whatever its length.
inline constexpr std::string_view kRedacted = "****";

// How often something of a kind was replaced: "account id", "ARN", "e-mail address", ….
using Redactions = std::map<std::string_view, std::uint64_t>;

// Replaces by asterisks what a claim must not show ("any confidential or sensitive information in
// these logs should be removed or replaced with asterisks", AWS KMS SLA): 12-digit account ids,
// ARNs, key ids (UUIDs) and key aliases, access key ids, secret keys, session tokens and
// signatures, user and password of URLs, names of principals, IPv4 and IPv6 addresses, e-mail
// addresses. Other text stays as it is, but for visible(). Counts what it replaced, where that is
// asked for.
std::string redact(std::string_view text, Redactions* counts = nullptr);

// A part of a text, in bytes; the end is not included.
struct Part {
  std::size_t begin;
  std::size_t end;
};

// Where the text has what lets somebody in: passwords, tokens, keys, signatures, cookies, user and
// password of URLs. In order, without overlap. Account ids, addresses and names are none of it.
std::vector<Part> secret_parts(std::string_view text);

// Replaces secret_parts() by asterisks: for texts of the user's own, in which he must recognise his
// hosts and accounts, like a probe's URL.
std::string without_secrets(std::string_view text);

// What of the text in UTF-8 begins with a character that changes the direction or the lines of the
// text around it (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069), in bytes; 0 where
// another character stands there.
std::size_t reordering_length(std::string_view text);

// Such characters written as "\u202e", so that a text reads as what it is; the rest as it is.
std::string visible(std::string_view text);

}  // namespace recoup::record
