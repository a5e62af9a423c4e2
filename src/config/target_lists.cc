#include "config/target_lists.h"

#include <algorithm>

namespace recoup::config {

using sources::probe::ProbeSettings;

std::vector<ListOfTargets> lists_of(const Settings& settings) {
  std::vector<ListOfTargets> all;
  for (const AgreementSettings& agreement : settings.agreements) {
    const std::string& id = agreement.agreement.id;
    for (const ProbeSettings& probe : agreement.probes) {
      if (!probe.list) continue;
      if (all.empty() || all.back().list != probe.list) {
        all.push_back({id, probe.list->pattern.id, probe.list, {}});
      }
      all.back().probes.push_back(probe);
    }
  }
  return all;
}

Settings with_lists(const Settings& settings, const std::vector<ListOfTargets>& changed) {
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
