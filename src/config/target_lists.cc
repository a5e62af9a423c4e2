#include "config/target_lists.h"

#include <algorithm>

namespace recoup::config {

using sources::probe::ProbeSettings;

std::vector<ListOfTargets> lists_of(const Settings& settings) {
  std::vector<ListOfTargets> all;
  for (const AgreementSettings& agreement : settings.agreements) {
    const std::string& id = agreement.agreement.id;
    for (auto probe = agreement.probes.begin(); probe != agreement.probes.end();) {
      const auto end = std::find_if(probe, agreement.probes.end(), [&](const ProbeSettings& other) {
        return other.list != probe->list;
      });
      if (probe->list) all.push_back({id, probe->list->pattern.id, probe->list, {probe, end}});
      probe = end;
    }
  }
  return all;
}

Settings with_lists(const Settings& settings, const std::vector<ChangedList>& changed) {
  Settings next = settings;
  for (AgreementSettings& agreement : next.agreements) {
    std::vector<ProbeSettings> probes;
    const sources::probe::ProbeList* last = nullptr;
    for (ProbeSettings& probe : agreement.probes) {
      const auto list = std::find_if(changed.begin(), changed.end(), [&](const auto& one) {
        return probe.list != nullptr && one.list == probe.list;
      });
      if (list == changed.end()) {
        probes.push_back(std::move(probe));
      } else if (last != probe.list.get()) {
        last = probe.list.get();
        probes.insert(probes.end(), list->probes.begin(), list->probes.end());
      }
    }
    agreement.probes = std::move(probes);
  }
  return next;
}

}  // namespace recoup::config
