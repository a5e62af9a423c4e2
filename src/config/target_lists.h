#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/settings.h"
#include "sources/probe/probe_list.h"

namespace recoup::config {

// ListOfTargets is a list that a probe of the settings has, and the probes that it is now.
struct ListOfTargets {
  std::string agreement;
  std::string probe;  // the id of its [[agreement.probe]]
  std::shared_ptr<const sources::probe::ProbeList> list;
  std::span<const sources::probe::ProbeSettings> probes;  // of the settings, which outlive it
};

// ChangedList is a list, and the probes that it is from here on.
struct ChangedList {
  std::shared_ptr<const sources::probe::ProbeList> list;
  std::vector<sources::probe::ProbeSettings> probes;
};

// All lists of the settings, in their order. They are looked at each second, and may be long: none
// is copied.
std::vector<ListOfTargets> lists_of(const Settings& settings);

// The settings with the probes of these lists in the place of those that they were; all else is as
// it was read.
Settings with_lists(const Settings& settings, const std::vector<ChangedList>& changed);

}  // namespace recoup::config
