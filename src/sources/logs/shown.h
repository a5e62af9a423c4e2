#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace recoup::sources {

// Text of a log as it may be shown and kept: redacted, at most `most` characters, and printable
// ASCII alone; another byte is written as "\xHH", so that it harms no terminal and no JSON.
std::string shown(std::string_view raw, std::size_t most);

// The same of what is known to be no secret, as it is.
std::string printable(std::string_view raw, std::size_t most);

}  // namespace recoup::sources
