#include "sources/sdk/routes.h"

namespace recoup::sources::sdk {

void Routes::add(CounterId counters, const CountedLog& log) {
  for (const std::string& service : log.services) {
    Takers& takers = by_service_[service][log.region];
    if (log.clients.empty() && !takers.all) takers.all = counters;
    for (const std::string& client : log.clients) takers.by_client.emplace(client, counters);
  }
}

std::optional<CounterId> Routes::find(const Subject& of) const {
  const auto service = by_service_.find(of.service);
  if (service == by_service_.end()) return std::nullopt;
  const ByRegion& regions = service->second;
  for (const std::string_view region : {of.region, std::string_view()}) {
    const auto takers = regions.find(region);
    if (takers == regions.end()) continue;
    if (const auto counters = takers->second.find(of.client)) return counters;
  }
  return std::nullopt;
}

std::optional<CounterId> Routes::Takers::find(std::string_view client) const {
  const auto named = by_client.find(client);
  return named == by_client.end() ? all : std::optional(named->second);
}

}  // namespace recoup::sources::sdk
