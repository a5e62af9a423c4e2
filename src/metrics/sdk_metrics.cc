#include "metrics/sdk_metrics.h"

#include <array>
#include <utility>

#include "metrics/outcome_labels.h"

namespace recoup::metrics {
namespace {

using record::SdkCounts;

void datagrams(Exposition& out, const SdkCounts& sdk) {
  const std::array<std::pair<const char*, std::uint64_t>, 6> kinds{{{"attempt", sdk.attempts},
                                                                    {"call", sdk.calls},
                                                                    {"malformed", sdk.malformed},
                                                                    {"other", sdk.others},
                                                                    {"uncounted", sdk.uncounted},
                                                                    {"untimely", sdk.untimely}}};
  out.counter("recoup_sdk_datagrams_total",
              "Datagrams of AWS SDKs that arrived, by what they are.");
  for (const auto& [kind, n] : kinds) out.add({{"kind", kind}}, count(n));
  out.counter("recoup_sdk_datagrams_dropped_total",
              "Datagrams of AWS SDKs that the system dropped, since they were not taken in time.");
  out.add({}, count(sdk.dropped));
}

void attempts(Exposition& out, const SdkCounts& sdk) {
  out.counter("recoup_sdk_attempts_total",
              "Attempts that AWS SDKs reported and a log of the agreement counts, by outcome.");
  for (const SdkCounts::Log& log : sdk.logs) {
    for (const auto& [outcome, n] : by_label(log.outcomes)) {
      out.add({{"agreement", log.agreement}, {"log", log.log}, {"outcome", outcome}}, count(n));
    }
  }
  out.counter("recoup_sdk_attempts_missing_total",
              "Attempts that calls of AWS SDKs counted and that did not arrive; approximate.");
  for (const SdkCounts::Log& log : sdk.logs) {
    out.add({{"agreement", log.agreement}, {"log", log.log}}, count(log.missing));
  }
  out.counter("recoup_sdk_attempts_uncounted_total",
              "Attempts that AWS SDKs reported and no agreement counts.");
  for (const SdkCounts::Uncounted& one : sdk.uncounted_subjects) {
    out.add({{"service", one.service}, {"cloud_region", one.region}}, count(one.attempts));
  }
}

}  // namespace

void add_sdk(Exposition& out, const SdkCounts& sdk) {
  datagrams(out, sdk);
  attempts(out, sdk);
}

}  // namespace recoup::metrics
