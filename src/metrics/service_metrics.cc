#include "metrics/service_metrics.h"

namespace recoup::metrics {

void add_service(Exposition& out, const report::Snapshot& snapshot, const std::string& version) {
  out.histogram("recoup_schedule_lateness_seconds", "How late probes were sent.");
  out.add({}, snapshot.lateness);
  out.counter("recoup_ledger_errors_total", "Ledger operations that failed.");
  for (const auto& [operation, n] : snapshot.ledger_errors) {
    out.add({{"operation", operation}}, count(n));
  }
  out.gauge("recoup_ledger_writable",
            "Whether what is seen is written to the ledger, in its own place.");
  out.add({}, snapshot.unwritable.empty() ? 1 : 0);
  out.counter("recoup_evidence_dropped_total",
              "Failed requests that were counted without a record, for want of room.");
  out.add({}, count(snapshot.evidence_dropped));
  out.counter("recoup_clock_steps_total", "Steps of the wall clock that were noticed.");
  out.add({}, count(snapshot.clock_steps));
  out.counter("recoup_unmeasured_seconds_total",
              "Wall time that passed while the service ran and nobody measured, by reason.");
  out.add({{"reason", core::to_text(core::NotSent::suspended)}},
          std::chrono::duration<double>(snapshot.suspended).count());
  out.add({{"reason", core::to_text(core::NotSent::clock)}},
          std::chrono::duration<double>(snapshot.clock_jumped).count());
  out.gauge("recoup_build_info", "The running program; always 1.");
  out.add({{"version", version}}, 1);
}

void add_roles(Exposition& out, const report::Snapshot& snapshot) {
  out.gauge("recoup_role", "Which part of the service the process is: all, prober or judge.");
  out.add({{"role", std::string(record::to_text(snapshot.role))}}, 1);
  out.gauge("recoup_leads",
            "Whether this process seals, tells and has times signed: one of all on a ledger does.");
  out.add({}, snapshot.leads ? 1 : 0);
  if (snapshot.holders.empty()) return;
  out.gauge("recoup_lease_lasts",
            "Whether the process on that host lives that is the judge, or records for a vantage.");
  for (const record::Holder& one : snapshot.holders) {
    out.add({{"lease", one.vantage.empty() ? "judge" : "vantage"},
             {"vantage", one.vantage},
             {"host", one.host}},
            one.lives ? 1 : 0);
  }
}

void add_settings(Exposition& out, const report::SettingsState& settings) {
  out.gauge("recoup_config_last_reload_successful",
            "Whether the settings as they were last read are those in force; 0: what is wrong with "
            "them is in the log and on the page.");
  out.add({}, settings.problem.empty() ? 1 : 0);
  out.gauge("recoup_config_last_reload_success_timestamp_seconds",
            "When the settings in force were taken over, in seconds since 1970.");
  out.add({}, seconds(settings.since));
  out.counter("recoup_config_reloads_total",
              "Settings that were read again, by what became of it.");
  out.add({{"result", "taken"}}, count(settings.good));
  out.add({{"result", "refused"}}, count(settings.failed));
  if (settings.lists.empty()) return;
  out.gauge("recoup_targets", "Targets of a probe's list that are probed.");
  for (const auto& list : settings.lists) {
    out.add({{"agreement", list.agreement}, {"probe", list.probe}}, count(list.targets));
  }
  out.gauge(
      "recoup_target_list_successful",
      "Whether a probe's targets are those that its files name now; 0: what is wrong with them "
      "is in the log and on the page.");
  for (const auto& list : settings.lists) {
    out.add({{"agreement", list.agreement}, {"probe", list.probe}}, list.problem.empty() ? 1 : 0);
  }
}

void add_credentials(Exposition& out, const std::vector<report::CredentialState>& all) {
  out.gauge("recoup_credentials_ready",
            "Whether there are credentials that are still taken, by signer and profile: without "
            "them its probes are not sent.");
  for (const auto& one : all) {
    out.add({{"signer", one.signer}, {"profile", one.profile}}, one.ready ? 1 : 0);
  }
  out.gauge("recoup_credentials_end_timestamp_seconds",
            "When the credentials end unless they are replaced, in seconds since 1970.");
  for (const auto& one : all) {
    if (one.ends) out.add({{"signer", one.signer}, {"profile", one.profile}}, seconds(*one.ends));
  }
}

void add_notices(Exposition& out, const report::NoticeCounts& notices) {
  out.counter("recoup_notices_total", "Notices to whom [notify] names, by what became of them.");
  out.add({{"result", "accepted"}}, count(notices.accepted));
  out.add({{"result", "failed"}}, count(notices.failed));
  out.gauge("recoup_notices_waiting", "Notices that were not accepted yet.");
  out.add({}, count(notices.waiting));
}

void add_upkeep(Exposition& out, const record::UpkeepCounts& upkeep) {
  out.gauge("recoup_ledger_folded_rows",
            "Days of series that the ledger keeps in one row each, once they are over.");
  out.add({}, count(upkeep.folded.days));
  out.gauge("recoup_ledger_folded_counts", "Counts of minutes and outcomes in these days.");
  out.add({}, count(upkeep.folded.minutes));
  out.gauge("recoup_ledger_folded_bytes", "What the counts of these days take.");
  out.add({}, count(upkeep.folded.bytes));
  out.gauge("recoup_ledger_evidence_removed",
            "Records of failed requests that were removed because no claim needs them any more.");
  out.add({}, count(upkeep.evidence_removed));
  out.gauge("recoup_ledger_upkeep_successful",
            "Whether the ledger was kept small when that was last tried; 0: why not is in the log "
            "and on the page.");
  out.add({}, upkeep.failing.empty() ? 1 : 0);
  out.counter("recoup_ledger_upkeep_failures_total", "Turns of that which failed.");
  out.add({}, count(upkeep.failures));
}

void add_web(Exposition& out, const report::WebUsage& web) {
  // A scrape is answered, so a success is there from the start; a refusal is what alerts wait for.
  std::map<int, std::uint64_t> requests{{200, 0}, {401, 0}, {500, 0}, {503, 0}};
  for (const auto& [status, n] : web.requests) requests[status] += n;
  out.counter("recoup_http_requests_total", "Requests that the server answered, by status.");
  for (const auto& [status, n] : requests) {
    out.add({{"code", std::to_string(status)}}, count(n));
  }
  out.gauge("recoup_http_connections", "Open connections of the server.");
  out.add({}, count(web.connections));
  out.counter("recoup_http_connections_closed_early_total",
              "Connections that the server closed by a limit of time or number.");
  out.add({}, count(web.closed_early));
}

void add_process(Exposition& out, const report::ProcessUsage& process) {
  out.counter("process_cpu_seconds_total", "Processor time that was used, user and system.");
  out.add({}, std::chrono::duration<double>(process.cpu).count());
  out.gauge("process_resident_memory_bytes", "Memory that is resident.");
  out.add({}, count(process.resident_bytes));
  out.gauge("process_virtual_memory_bytes", "Memory that is mapped.");
  out.add({}, count(process.virtual_bytes));
  out.gauge("process_open_fds", "File descriptors that are open.");
  out.add({}, count(process.open_files));
  out.gauge("process_max_fds", "File descriptors that may be open.");
  out.add({}, count(process.most_files));
  out.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.");
  out.add({}, seconds(process.started));
}

}  // namespace recoup::metrics
