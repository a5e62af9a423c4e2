#pragma once

#include <string>
#include <string_view>

#include "core/snapshot.h"

namespace recoup::web {

// Where every agreement stands, the worst first, as one HTML page without scripts or other files.
std::string page_html(const core::Snapshot& snapshot);

// Text as it may stand in HTML and in a quoted attribute.
std::string escape_html(std::string_view text);

}  // namespace recoup::web
