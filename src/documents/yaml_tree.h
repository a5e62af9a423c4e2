#pragma once

#include <string_view>

#include "documents/json_tree.h"

namespace recoup::documents {

// Reads one document of YAML as the values of JSON that it has: every scalar is text, one that is
// left out or null is null. Anchors, aliases and tags are not followed, and a fault.
JsonTree read_yaml_tree(std::string_view text);

}  // namespace recoup::documents
