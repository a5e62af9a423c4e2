#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace recoup::incidents {

// A text of others on one line, without what steers a terminal, and its first characters.
std::string one_line(std::string_view text, std::size_t most = 300);

}  // namespace recoup::incidents
