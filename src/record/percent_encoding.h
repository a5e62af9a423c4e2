#pragma once

#include <string>
#include <string_view>

namespace recoup::record {

// The text with every byte but A-Z a-z 0-9 - . _ ~ percent-encoded (RFC 3986 §2.3), in upper case.
std::string percent_encoded(std::string_view text);

// What a "+" stands for: itself in a path, a blank in a query that a form may have made.
enum class Plus { itself, blank };

// The text without percent-encoding. A "%" that two hexadecimal digits do not follow stays.
std::string percent_decoded(std::string_view text, Plus plus);

}  // namespace recoup::record
