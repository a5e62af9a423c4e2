#pragma once

#include <string>
#include <string_view>

namespace recoup::core {

// Replaces by asterisks what a claim must not show ("any confidential or sensitive information in
// these logs should be removed or replaced with asterisks", AWS KMS SLA): 12-digit account ids,
// ARNs, key ids (UUIDs) and key aliases, access key ids, secret keys, session tokens and
// signatures, IPv4 and IPv6 addresses, e-mail addresses. Other text stays as it is.
std::string redact(std::string_view text);

}  // namespace recoup::core
