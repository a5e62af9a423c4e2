#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace recoup::core {

// What stands in place of what was replaced, whatever its length.
inline constexpr std::string_view kRedacted = "****";

// How often something of a kind was replaced: "account id", "ARN", "e-mail address", ….
using Redactions = std::map<std::string_view, std::uint64_t>;

// Replaces by asterisks what a claim must not show ("any confidential or sensitive information in
// these logs should be removed or replaced with asterisks", AWS KMS SLA): 12-digit account ids,
// ARNs, key ids (UUIDs) and key aliases, access key ids, secret keys, session tokens and
// signatures, names of principals, IPv4 and IPv6 addresses, e-mail addresses. Other text stays as
// it is. Counts what it replaced, where that is asked for.
std::string redact(std::string_view text, Redactions* counts = nullptr);

}  // namespace recoup::core
