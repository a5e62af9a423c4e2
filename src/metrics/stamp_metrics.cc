#include "metrics/stamp_metrics.h"

namespace recoup::metrics {

void add_stamps(Exposition& out, const record::StampCounts& stamps) {
  out.gauge("recoup_timestamps_waiting",
            "Tokens of the time that are due and not there: days that are over, days that changed, "
            "seals.");
  for (const auto& one : stamps.agreements) {
    out.add({{"agreement", one.agreement}}, count(one.waiting));
  }
  out.gauge("recoup_timestamps_until_timestamp_seconds", "Up to when days have a token.");
  for (const auto& one : stamps.agreements) {
    if (one.until) out.add({{"agreement", one.agreement}}, seconds(*one.until));
  }
  out.counter("recoup_timestamps_changed_total",
              "Days that changed after a third party signed them, and were signed again.");
  for (const auto& one : stamps.agreements) {
    out.add({{"agreement", one.agreement}}, count(one.again));
  }
  out.counter("recoup_timestamps_tokens_total", "Tokens that came and hold.");
  out.add({}, count(stamps.tokens));
  out.counter("recoup_timestamps_failures_total",
              "Tries without a token, by what failed: the server, its token, or the ledger.");
  for (const char* what : {"server", "token", "ledger"}) {
    const auto found = stamps.failures.find(what);
    out.add({{"reason", what}}, count(found == stamps.failures.end() ? 0 : found->second));
  }
}

}  // namespace recoup::metrics
