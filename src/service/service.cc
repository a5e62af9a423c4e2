#include "service/service.h"

#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "config/exposure.h"
#include "metrics/exporter.h"
#include "service/ledger_records.h"
#include "service/monitor.h"
#include "service/process_limits.h"
#include "service/process_usage.h"
#include "service/seal_key.h"
#include "service/signals.h"
#include "service/web_access.h"
#include "web/routes.h"

namespace recoup::service {
namespace {

Ended could_not(core::Error error) { return {std::move(error)}; }
Ended wrong_settings(core::Error error) { return {std::move(error), true}; }

constexpr const char* kUserAgent = "recoup/" RECOUP_VERSION;

// The settings' ledger, which nobody else records in for the same vantage.
core::Result<std::unique_ptr<ledger::Ledger>> open_to_record(const config::Settings& settings,
                                                             core::Instant now, const Say& say) {
  auto ledger = ledger::open_ledger(settings.ledger, ledger::Missing::make);
  if (!ledger) return ledger;
  if ((*ledger)->is_new()) say(fmt::format("{}: a new ledger", settings.ledger));
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const record::Writer writer{settings.vantage, host.data(), static_cast<std::uint64_t>(getpid()),
                              now};
  if (auto done = (*ledger)->become_writer(writer); !done) return done.error();
  return ledger;
}

// Says what became of all that was seen.
Ended last_words(const Monitor::Ending& ending, const config::Settings& settings, const Say& say) {
  if (!ending.why.empty() || !ending.lost.empty()) {
    return could_not(
        {fmt::format("stopped; {} requests that were counted and {} records of evidence are lost: "
                     "{}",
                     ending.lost.counts, ending.lost.evidence, ending.why),
         settings.ledger, "the time they are of becomes a gap when the service starts again"});
  }
  if (!ending.where.empty()) {
    return could_not({fmt::format("stopped; everything seen is in {}, for another file has the "
                                  "ledger's place",
                                  ending.where),
                      settings.ledger, "put the right one in its place before the next start"});
  }
  say("stopped; everything seen is in the ledger");
  return {};
}

void announce(const config::Settings& settings, std::size_t probes, int port,
              const std::string& note, const Say& say) {
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
  Outputs(Monitor& monitor, web::Records* records, const core::Clock& clock)
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
  report::Snapshot snapshot() {
    report::Snapshot snapshot = monitor_.snapshot();
    snapshot.process = process_usage();
    if (const web::Server* server = server_) {
      web::ServerCounts counts = server->counts();
      snapshot.web = {counts.connections, counts.closed_early, std::move(counts.answers)};
    }
    return snapshot;
  }

  // A snapshot copies what every probe did: pages and health checks share one for a second.
  std::shared_ptr<const report::Snapshot> recent() {
    const std::lock_guard lock(mutex_);
    const core::MonoTime now = clock_.mono();
    if (!recent_ || now - taken_ >= std::chrono::seconds(1)) {
      recent_ = std::make_shared<const report::Snapshot>(snapshot());
      taken_ = now;
    }
    return recent_;
  }

  Monitor& monitor_;
  web::Records* records_;
  const core::Clock& clock_;
  std::atomic<const web::Server*> server_{nullptr};
  std::mutex mutex_;
  std::shared_ptr<const report::Snapshot> recent_;  // guarded by mutex_
  core::MonoTime taken_;                            // likewise
};

// Until it is told to stop. A failure of one of its threads is the end of the service: one that
// goes on without its probes or its records would measure nothing and look as if it did.
core::Result<void> run_to_end(Monitor& monitor, const std::stop_token& stop) {
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

Ended serve(const config::Settings& settings, const documents::Environment& environment,
            const core::Clock& clock, std::optional<core::Millis> duration, const std::string& note,
            const Say& say) {
  const Signals signals(clock);
  forbid_core_dumps(environment);
  sources::probe::Identity identity{kUserAgent, sources::probe::credentials_from(environment)};
  const auto probes = watched_probes(settings);
  if (auto can = sources::probe::check(probes, identity.credentials); !can) {
    return wrong_settings(can.error());
  }
  const auto descriptors = raise_descriptors(probes);
  if (!descriptors) return could_not(descriptors.error());
  const auto key = seal_key(settings);
  if (!key) return wrong_settings(key.error());
  const auto ledger = open_to_record(settings, clock.wall(), say);
  if (!ledger) return could_not(ledger.error());
  const auto to_seal = (*ledger)->beside();
  if (!to_seal) return could_not(to_seal.error());
  const auto to_show = (*ledger)->beside();
  if (!to_show) return could_not(to_show.error());

  const record::SealKey* signing = *key ? &**key : nullptr;
  Monitor monitor(settings, **ledger, clock, std::move(identity), {to_seal->get(), signing});
  if (auto done = monitor.start(); !done) return could_not(done.error());
  std::optional<LedgerRecords> records;
  if (*to_show) records.emplace(settings, **to_show, clock, signing);
  Outputs outputs(monitor, records ? &*records : nullptr, clock);
  const auto server =
      start_server(settings, web::limits_within(descriptors->web), outputs.handler(), clock);
  if (!server) return could_not(server.error());
  outputs.watch(**server);

  core::Result<void> ran;
  std::jthread running([&](const std::stop_token& stop) {
    ran = run_to_end(monitor, stop);
    if (!ran) Signals::end();
  });
  announce(settings, probes.size(), (*server)->port(), note, say);
  signals.wait(duration);
  running.request_stop();
  running.join();
  if (!ran) return could_not(ran.error());
  return last_words(monitor.ending(), settings, say);
}

}  // namespace recoup::service
