#pragma once

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// The terms that may have a source of their own: "commitment", and all_terms() of terms.h.
const std::vector<std::string>& all_sourced_terms();

// Reads a version's `sources`: the day on which `source` was read, and where terms were read that
// do not stand there. What was read on a day that nobody noted is complained about, as prices and
// pages change.
void read_sources(const documents::Table& version, core::Version& out);

}  // namespace recoup::rules
