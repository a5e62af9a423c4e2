#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace recoup::service {

// Packs the files of that folder, by their paths in it ("claim/body.md"), into a new .zip file at
// `path`; only their owner may read what is unpacked.
core::Result<void> zip_files(const std::string& folder, const std::vector<std::string>& names,
                             const std::string& path);

}  // namespace recoup::service
