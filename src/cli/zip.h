#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace recoup::cli {

// Packs the files of that folder, by their names in it, into a new .zip file at `path`; in it they
// lie in a folder named `root`.
core::Result<void> zip_folder(const std::string& folder, const std::vector<std::string>& names,
                              const std::string& root, const std::string& path);

}  // namespace recoup::cli
