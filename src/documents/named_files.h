#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace recoup::documents {

// Whether the path is a pattern: whether it has a *, ? or [.
bool is_pattern(std::string_view path);

// The files that a path names: itself, whether it is there or not; all in a folder and in those
// below it; or what fits a pattern, in which * and ? stand for characters of one name but for a dot
// at its begin, [a-z] for one of them, and ** as a name for any folders in a row, or none. A folder
// that fits stands for what is in it. A pattern that is the name of a file is that file. By name,
// each once. Errors: nothing fits, or is in the folder; a folder cannot be read.
core::Result<std::vector<std::string>> named_files(const std::string& path);

}  // namespace recoup::documents
