#include <algorithm>

#include <fmt/format.h>

#include "claim/verify/findings.h"
#include "claim/verify/json_reader.h"
#include "claim/verify/read_back.h"

namespace recoup::claim {
namespace {

core::ProviderIncident read_incident(JsonReader& in) {
  core::ProviderIncident one;
  one.provider = in.text("/provider");
  one.id = in.text("/id");
  one.services = in.texts("/services");
  one.regions = in.texts("/regions");
  one.begin = in.instant("/begin");
  one.end = in.instant_or_null("/end");
  one.announced = in.instant_or_null("/announced");
  one.updated = in.instant_or_null("/updated");
  one.title = in.text("/title");
  one.url = in.text("/url");
  if (!in.is_null("/file_sha256")) one.source = in.text("/file_sha256");
  return one;
}

}  // namespace

std::vector<core::ProviderIncident> read_incidents(JsonReader& in) {
  std::vector<core::ProviderIncident> all;
  if (!in.has("/verdict/provider_incidents")) return all;
  // More than any provider tells of in a cycle; each is set against every lost interval.
  constexpr std::size_t kMost = 10'000;
  in.each("/verdict/provider_incidents/incidents", [&](JsonReader& one) {
    if (all.size() == kMost) return one.refuse("", "at most 10000 incidents");
    all.push_back(read_incident(one));
  });
  return all;
}

void see_incidents_again(const Stated& stated, core::Instant now, core::Judgement& judgement) {
  judgement.incidents = core::see_incidents(judgement.assessment, stated.incidents);
  for (core::Strike& strike : judgement.robustness.strikes) {
    if (strike.kind != core::Strike::Kind::outside) continue;
    strike = core::strike_outside(judgement, now);
    strike.name.clear();
  }
}

void say_incidents_unchecked(const Stated& stated, Findings& findings) {
  if (stated.incidents.empty()) return;
  findings.unchecked(
      fmt::format("the provider's own incidents, {} in all: their text and times were given by the "
                  "claimant; the provider's own record can tell",
                  stated.incidents.size()));
}

}  // namespace recoup::claim
