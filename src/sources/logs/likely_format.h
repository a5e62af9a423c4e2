#pragma once

#include <string>
#include <vector>

#include "sources/logs/format_options.h"
#include "sources/logs/intake.h"

namespace recoup::sources {

// Guesses a log's format by its first lines that are not empty, or by their beginnings: the one
// that most of them fit, and where none fits what is known and not read.
LikelyFormat likely_format(const std::vector<std::string>& lines,
                           const FormatOptions& options = {});

}  // namespace recoup::sources
