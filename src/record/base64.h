#pragma once

#include <string>
#include <string_view>

namespace recoup::record {

// Base64 of the bytes, on one line.
std::string to_base64(std::string_view bytes);

// The bytes again; empty where the text is no base64 on one line.
std::string from_base64(std::string_view text);

}  // namespace recoup::record
