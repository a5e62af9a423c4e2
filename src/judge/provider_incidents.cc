#include "judge/provider_incidents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace recoup::judge {
namespace {

using core::ProviderIncident;

// "keyvault" of "Key Vault": letters and digits alone, in small letters.
std::string squeezed(std::string_view text) {
  std::string result = core::lower_case(text);
  std::erase_if(
      result, [](char c) { return c >= 0 && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); });
  return result;
}

// What providers put before the names of their services.
constexpr std::array<std::string_view, 9> kBrands{
    "amazon web services ", "amazon ", "aws ",       "google ",
    "microsoft azure ",     "azure ",  "microsoft ", "alibaba cloud ",
    "tencent cloud "};

// A service's name without the provider's before it and what rules say behind it: "cloud storage"
// of "Google Cloud Storage (Standard in a region)".
std::string bare_service(std::string_view name) {
  std::string text = core::lower_case(name.substr(0, name.find_first_of("(,")));
  for (const std::string_view brand : kBrands) {
    if (!text.starts_with(brand)) continue;
    text.erase(0, brand.size());
    break;
  }
  return squeezed(text);
}

void add(std::vector<std::string>& names, std::string name) {
  if (!name.empty()) names.push_back(std::move(name));
}

// All names of the rule's services, bare: a contract may be of two ("Amazon SQS and Amazon SNS").
std::vector<std::string> service_names(const core::Rule& rule) {
  std::vector<std::string> names;
  add(names, bare_service(rule.service));
  std::string_view rest = rule.service;
  constexpr std::string_view kAnd = " and ";
  for (auto at = rest.find(kAnd); at != std::string_view::npos; at = rest.find(kAnd)) {
    add(names, bare_service(rest.substr(0, at)));
    rest.remove_prefix(at + kAnd.size());
  }
  add(names, bare_service(rest));
  for (const std::string& name : rule.sdk_services) add(names, bare_service(name));
  for (const std::string& source : rule.event_sources) {
    add(names, squeezed(source.substr(0, source.find('.'))));
  }
  return names;
}

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_of_service(const ProviderIncident& incident, const core::Rule& rule) {
  const std::vector<std::string> names = service_names(rule);
  return std::any_of(incident.services.begin(), incident.services.end(),
                     [&](const std::string& one) { return has(names, bare_service(one)); });
}

// "global" is a Region that is none.
Touch touch_of_region(const ProviderIncident& incident, const std::string& region) {
  std::vector<std::string> named;
  for (const std::string& one : incident.regions) add(named, squeezed(one));
  const bool everywhere = named.empty() || has(named, "global");
  if (region.empty()) return everywhere ? Touch::yes : Touch::perhaps;
  if (has(named, squeezed(region))) return Touch::yes;
  return everywhere ? Touch::perhaps : Touch::no;
}

}  // namespace

std::string provider_id(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames{{
      {"amazonwebservices", "aws"},
      {"amazon", "aws"},
      {"googlecloud", "google"},
      {"googlecloudplatform", "google"},
      {"gcp", "google"},
      {"microsoftazure", "azure"},
      {"microsoft", "azure"},
      {"alibabacloud", "alibaba"},
  }};
  const std::string bare = squeezed(name);
  for (const auto& [known, id] : kNames) {
    if (bare == known) return std::string(id);
  }
  return core::lower_case(core::trimmed(name));
}

Touch touch_of(const ProviderIncident& incident, const core::Agreement& agreement,
               const core::Rule& rule) {
  if (has(incident.agreements, agreement.id)) return Touch::yes;
  if (squeezed(provider_id(incident.provider)) != squeezed(rule.provider)) return Touch::no;
  if (!is_of_service(incident, rule)) return Touch::no;
  return touch_of_region(incident, agreement.region);
}

core::Result<std::vector<ProviderIncident>> incidents_of(ledger::Incidents& ledger,
                                                         const core::Agreement& agreement,
                                                         const core::Rule& rule,
                                                         const core::Interval& cycle) {
  auto all = ledger.incidents(cycle);
  if (!all) return all.error();
  std::erase_if(*all, [&](const ProviderIncident& one) {
    return touch_of(one, agreement, rule) != Touch::yes;
  });
  return all;
}

core::Result<core::SeenIncidents> seen_incidents(ledger::Incidents& ledger,
                                                 const core::Judgement& judgement) {
  auto all =
      incidents_of(ledger, judgement.agreement, *judgement.rule, judgement.assessment.cycle.span);
  if (!all) return all.error();
  return core::see_incidents(judgement.assessment, *std::move(all));
}

}  // namespace recoup::judge
