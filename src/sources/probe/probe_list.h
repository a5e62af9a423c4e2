#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "sources/probe/probe_settings.h"
#include "sources/probe/target_file.h"

namespace recoup::sources::probe {

// The probe of each target of these. The error's message holds all complaints, with the places of
// targets that make no URL or lack a label.
core::Result<std::vector<ProbeSettings>> probes_of(const std::shared_ptr<const ProbeList>& list,
                                                   const std::vector<Target>& targets);

// The same of the files as they are now.
core::Result<std::vector<ProbeSettings>> probes_of(const std::shared_ptr<const ProbeList>& list);

// Whether both ask the same of the same.
bool same_targets(std::span<const ProbeSettings> one, std::span<const ProbeSettings> other);

}  // namespace recoup::sources::probe
