#pragma once

#include <optional>
#include <string_view>

#include "documents/diagnostic.h"

namespace recoup::documents {

// Why a TOML file is not even parsed, or nothing: it has more names with points between them in one
// key, or more tables and arrays in one another, than any file of ours. The parser calls itself for
// each, and so does whoever frees the tree.
std::optional<Complaint> too_deep(std::string_view text);

}  // namespace recoup::documents
