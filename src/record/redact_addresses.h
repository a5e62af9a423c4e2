#pragma once

#include <optional>

#include "record/redact_scan.h"

// Matchers of redact() for who and where: each says what it finds at `at`, where a word or a number
// begins.
namespace recoup::record::scan {

std::optional<Find> email(std::string_view text, std::size_t at);

// "10.0.0.1", and the host name that EC2 makes of it: "ip-10-0-0-1".
std::optional<Find> ipv4(std::string_view text, std::size_t at);

// The longest address that begins here: what follows it may be a port or the sentence's end.
std::optional<Find> ipv6(std::string_view text, std::size_t at);

}  // namespace recoup::record::scan
