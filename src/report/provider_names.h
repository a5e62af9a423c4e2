#pragma once

#include <string>
#include <string_view>

namespace recoup::report {

// What people call the provider that rules call by that id: "AWS" of "aws"; of one that is not
// known here the id, with a capital letter.
std::string provider_name(std::string_view id);

}  // namespace recoup::report
