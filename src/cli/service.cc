#include "cli/service.h"

#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/ledger_records.h"
#include "cli/process_limits.h"
#include "cli/process_usage.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/web_access.h"
#include "cli/workspace.h"
#include "config/exposure.h"
#include "metrics/exporter.h"
#include "monitor/monitor.h"
#include "web/routes.h"

namespace recoup::cli {
namespace {

constexpr const char* kUserAgent = "recoup/" RECOUP_VERSION;

// The settings' ledger, which nobody else records in for the same vantage.
core::Result<std::unique_ptr<ledger::Ledger>> open_to_record(const config::Settings& settings,
                                                             core::Instant now) {
  auto ledger = open(settings, ledger::Missing::make);
  if (!ledger) return ledger;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const ledger::Writer writer{settings.vantage, host.data(), static_cast<std::uint64_t>(getpid()),
                              now};
  if (auto done = (*ledger)->become_writer(writer); !done) return done.error();
  return ledger;
}

// Says what became of all that was seen.
Exit last_words(const monitor::Monitor::Ending& ending, const config::Settings& settings) {
  if (!ending.why.empty() || !ending.lost.empty()) {
    return complain(
        {fmt::format("stopped; {} requests that were counted and {} records of evidence are lost: "
                     "{}",
                     ending.lost.counts, ending.lost.evidence, ending.why),
         settings.ledger, "the time they are of becomes a gap when the service starts again"},
        kCouldNot);
  }
  if (!ending.where.empty()) {
    return complain({fmt::format("stopped; everything seen is in {}, for another file has the "
                                 "ledger's place",
                                 ending.where),
                     settings.ledger, "put the right one in its place before the next start"},
                    kCouldNot);
  }
  say("stopped; everything seen is in the ledger");
  return kDone;
}

void announce(const config::Settings& settings, std::size_t probes, int port,
              const std::string& note) {
  const std::string page =
      fmt::format("{}://{}:{}", settings.web.tls ? "https" : "http", settings.listen.host, port);
  say(fmt::format("{} probes for {} agreements; the ledger is {}", probes,
                  settings.agreements.size(), settings.ledger));
  say(fmt::format("   page     {0}/\n   API      {0}/api/v1/openapi.json\n   metrics  {0}/metrics",
                  page));
  if (!note.empty()) say(note);
  if (const auto warning = config::exposure_warning(settings)) say("warning: " + *warning);
}

// Outputs is where the server's answers come from; what the server itself did is among them.
class Outputs {
 public:
  // All outlive it; there may be no records.
  Outputs(monitor::Monitor& monitor, web::Records* records, const core::Clock& clock)
      : monitor_(monitor), records_(records), clock_(clock) {}

  web::Handler handler() {
    web::Site site;
    site.snapshot = [this] { return recent(); };
    site.metrics_text = [this] { return metrics::to_text(snapshot(), RECOUP_VERSION); };
    site.metrics_type = metrics::kContentType;
    site.version = RECOUP_VERSION;
    site.records = records_;
    return web::make_handler(std::move(site));
  }

  // The server that asks the handler: it does so from before this on.
  void watch(const web::Server& server) { server_ = &server; }

 private:
  core::Snapshot snapshot() {
    core::Snapshot snapshot = monitor_.snapshot();
    snapshot.process = process_usage();
    if (const web::Server* server = server_) {
      web::ServerCounts counts = server->counts();
      snapshot.web = {counts.connections, counts.closed_early, std::move(counts.answers)};
    }
    return snapshot;
  }

  // A snapshot copies what every probe did: pages and health checks share one for a second.
  std::shared_ptr<const core::Snapshot> recent() {
    const std::lock_guard lock(mutex_);
    const core::MonoTime now = clock_.mono();
    if (!recent_ || now - taken_ >= std::chrono::seconds(1)) {
      recent_ = std::make_shared<const core::Snapshot>(snapshot());
      taken_ = now;
    }
    return recent_;
  }

  monitor::Monitor& monitor_;
  web::Records* records_;
  const core::Clock& clock_;
  std::atomic<const web::Server*> server_{nullptr};
  std::mutex mutex_;
  std::shared_ptr<const core::Snapshot> recent_;  // guarded by mutex_
  core::MonoTime taken_;                          // likewise
};

// Until it is told to stop. A failure of one of its threads is the end of the service: one that
// goes on without its probes or its records would measure nothing and look as if it did.
core::Result<void> run_to_end(monitor::Monitor& monitor, const std::stop_token& stop) {
  constexpr const char* kWhatNow =
      "what was seen in the last second may be lost; the next start states the gap";
  try {
    monitor.run(stop);
    return {};
  } catch (const std::bad_alloc&) {
    return core::Error{"ran out of memory while it probed and recorded", "", kWhatNow};
  } catch (const std::exception& error) {
    return core::Error{fmt::format("could not go on: {}", error.what()), "", kWhatNow};
  }
}

}  // namespace

Exit serve(const config::Settings& settings, const core::Clock& clock,
           std::optional<core::Millis> duration, const std::string& note) {
  const Signals signals(clock);
  forbid_core_dumps(environment());
  sources::probe::Identity identity{kUserAgent, sources::probe::credentials_from(environment())};
  const auto probes = monitor::watched_probes(settings);
  if (auto can = sources::probe::check(probes, identity.credentials); !can) {
    return complain(can.error(), kWrongWords);
  }
  const auto descriptors = raise_descriptors(probes);
  if (!descriptors) return complain(descriptors.error(), kCouldNot);
  const auto key = seal_key(settings);
  if (!key) return complain(key.error(), kWrongWords);
  const auto ledger = open_to_record(settings, clock.wall());
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto to_seal = (*ledger)->beside();
  if (!to_seal) return complain(to_seal.error(), kCouldNot);
  const auto to_show = (*ledger)->beside();
  if (!to_show) return complain(to_show.error(), kCouldNot);

  const core::SealKey* signing = *key ? &**key : nullptr;
  monitor::Monitor monitor(settings, **ledger, clock, std::move(identity),
                           {to_seal->get(), signing});
  if (auto done = monitor.start(); !done) return complain(done.error(), kCouldNot);
  std::optional<LedgerRecords> records;
  if (*to_show) records.emplace(settings, **to_show, clock, signing);
  Outputs outputs(monitor, records ? &*records : nullptr, clock);
  const auto server =
      start_server(settings, web::limits_within(descriptors->web), outputs.handler(), clock);
  if (!server) return complain(server.error(), kCouldNot);
  outputs.watch(**server);

  core::Result<void> ran;
  std::jthread running([&](const std::stop_token& stop) {
    ran = run_to_end(monitor, stop);
    if (!ran) Signals::end();
  });
  announce(settings, probes.size(), (*server)->port(), note);
  signals.wait(duration);
  running.request_stop();
  running.join();
  if (!ran) return complain(ran.error(), kCouldNot);
  return last_words(monitor.ending(), settings);
}

}  // namespace recoup::cli
