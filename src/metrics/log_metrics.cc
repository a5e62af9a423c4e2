#include "metrics/log_metrics.h"

#include <array>
#include <utility>

namespace recoup::metrics {
namespace {

using record::FollowedLog;

// One sample for each log.
template <typename Value>
void of_each(Exposition& out, const std::vector<FollowedLog>& logs, Value value) {
  for (const FollowedLog& log : logs) {
    out.add({{"agreement", log.agreement}, {"log", log.log}}, value(log));
  }
}

}  // namespace

void add_logs(Exposition& out, const std::vector<FollowedLog>& logs) {
  out.gauge("recoup_log_silent",
            "Whether a followed log told of something and says nothing for longer than it may.");
  of_each(out, logs, [](const FollowedLog& log) { return log.silent_since ? 1.0 : 0.0; });
  out.gauge("recoup_log_newest_record_timestamp_seconds",
            "End of the newest minute of which a followed log told.");
  for (const FollowedLog& log : logs) {
    if (!log.newest) continue;
    out.add({{"agreement", log.agreement}, {"log", log.log}}, seconds(*log.newest));
  }
  out.gauge("recoup_query_up",
            "Whether a query of another engine was answered, when it was last asked.");
  for (const FollowedLog& log : logs) {
    if (!log.is_query) continue;
    out.add({{"agreement", log.agreement}, {"query", log.log}}, log.away_since ? 0.0 : 1.0);
  }
  out.counter("recoup_query_failures_total",
              "Times that a query of another engine was not answered.");
  for (const FollowedLog& log : logs) {
    if (log.is_query)
      out.add({{"agreement", log.agreement}, {"query", log.log}}, count(log.failures));
  }
  out.gauge("recoup_log_files", "Files that the path of a followed log names.");
  of_each(out, logs, [](const FollowedLog& log) { return count(log.files); });
  out.gauge("recoup_log_problem_files",
            "Files of a followed log that cannot be read, or are malformed by more than a tenth.");
  of_each(out, logs, [](const FollowedLog& log) { return count(log.problem_files); });
  out.counter("recoup_log_records_total",
              "Records that were read of a followed log, by what became of them.");
  for (const FollowedLog& log : logs) {
    const std::array<std::pair<const char*, std::uint64_t>, 4> kinds{
        {{"counted", log.requests},
         {"malformed", log.malformed},
         {"own", log.own},
         {"read_before", log.read_before}}};
    for (const auto& [kind, n] : kinds) {
      out.add({{"agreement", log.agreement}, {"log", log.log}, {"kind", kind}}, count(n));
    }
  }
  out.counter("recoup_log_late_requests_total",
              "Of the counted ones, those of a time that was judged before: corrections.");
  of_each(out, logs, [](const FollowedLog& log) { return count(log.late); });
  out.counter("recoup_log_bytes_total", "Bytes that were read of a followed log, unpacked.");
  of_each(out, logs, [](const FollowedLog& log) { return count(log.bytes); });
}

}  // namespace recoup::metrics
