#include "metrics/service_metrics.h"

namespace recoup::metrics {
namespace {

double count(std::uint64_t n) { return static_cast<double>(n); }

double seconds(core::Instant at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

}  // namespace

void add_service(Page& page, const report::Snapshot& snapshot, const std::string& version) {
  page.histogram("recoup_schedule_lateness_seconds", "How late probes were sent.");
  page.add({}, snapshot.lateness);
  page.counter("recoup_ledger_errors_total", "Ledger operations that failed.");
  for (const auto& [operation, n] : snapshot.ledger_errors) {
    page.add({{"operation", operation}}, count(n));
  }
  page.gauge("recoup_ledger_writable",
             "Whether what is seen is written to the ledger, in its own place.");
  page.add({}, snapshot.unwritable.empty() ? 1 : 0);
  page.counter("recoup_evidence_dropped_total",
               "Failed requests that were counted without a record, for want of room.");
  page.add({}, count(snapshot.evidence_dropped));
  page.counter("recoup_clock_steps_total", "Steps of the wall clock that were noticed.");
  page.add({}, count(snapshot.clock_steps));
  page.counter("recoup_unmeasured_seconds_total",
               "Wall time that passed while the service ran and nobody measured, by reason.");
  page.add({{"reason", core::to_text(core::NotSent::suspended)}},
           std::chrono::duration<double>(snapshot.suspended).count());
  page.add({{"reason", core::to_text(core::NotSent::clock)}},
           std::chrono::duration<double>(snapshot.clock_jumped).count());
  page.gauge("recoup_build_info", "The running program; always 1.");
  page.add({{"version", version}}, 1);
}

void add_web(Page& page, const report::WebUsage& web) {
  // A scrape is answered, so a success is there from the start; a refusal is what alerts wait for.
  std::map<int, std::uint64_t> requests{{200, 0}, {401, 0}, {500, 0}, {503, 0}};
  for (const auto& [status, n] : web.requests) requests[status] += n;
  page.counter("recoup_http_requests_total", "Requests that the server answered, by status.");
  for (const auto& [status, n] : requests) {
    page.add({{"code", std::to_string(status)}}, count(n));
  }
  page.gauge("recoup_http_connections", "Open connections of the server.");
  page.add({}, count(web.connections));
  page.counter("recoup_http_connections_closed_early_total",
               "Connections that the server closed by a limit of time or number.");
  page.add({}, count(web.closed_early));
}

void add_process(Page& page, const report::ProcessUsage& process) {
  page.counter("process_cpu_seconds_total", "Processor time that was used, user and system.");
  page.add({}, std::chrono::duration<double>(process.cpu).count());
  page.gauge("process_resident_memory_bytes", "Memory that is resident.");
  page.add({}, count(process.resident_bytes));
  page.gauge("process_virtual_memory_bytes", "Memory that is mapped.");
  page.add({}, count(process.virtual_bytes));
  page.gauge("process_open_fds", "File descriptors that are open.");
  page.add({}, count(process.open_files));
  page.gauge("process_max_fds", "File descriptors that may be open.");
  page.add({}, count(process.most_files));
  page.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.");
  page.add({}, seconds(process.started));
}

}  // namespace recoup::metrics
