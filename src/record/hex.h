#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace recoup::record {

// Two lower-case hexadecimal digits a byte.
std::string to_hex(std::string_view bytes);

// The bytes again; nothing where the text is not pairs of lower-case hexadecimal digits.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace recoup::record
