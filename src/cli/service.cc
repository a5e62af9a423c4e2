#include "cli/service.h"

#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "cli/workspace.h"
#include "metrics/exporter.h"
#include "monitor/monitor.h"
#include "web/routes.h"
#include "web/server.h"

namespace recoup::cli {
namespace {

constexpr const char* kUserAgent = "recoup/" RECOUP_VERSION;

// Signals are taken in one place, by waiting for them: blocked in every thread that starts later.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  // Until one comes, or the time is over.
  void wait(std::optional<core::Millis> most) const {
    if (!most) {
      int number = 0;
      sigwait(&set_, &number);
      return;
    }
    const timespec time{most->count() / 1000, (most->count() % 1000) * 1'000'000};
    sigtimedwait(&set_, nullptr, &time);
  }

 private:
  sigset_t set_;
};

// A second way to the ledger, for what reads long; none to a ledger that lives in one object.
core::Result<std::unique_ptr<ledger::Ledger>> open_to_seal(const config::Settings& settings) {
  if (settings.ledger == "sqlite::memory:") return std::unique_ptr<ledger::Ledger>();
  return open(settings);
}

void announce(const config::Settings& settings, std::size_t probes, int port,
              const std::string& note) {
  const std::string page = fmt::format("http://{}:{}", settings.listen.host, port);
  say(fmt::format("{} probes for {} agreements; the ledger is {}", probes,
                  settings.agreements.size(), settings.ledger));
  say(fmt::format("   page     {}/\n   metrics  {}/metrics", page, page));
  if (!note.empty()) say(note);
}

}  // namespace

Exit serve(const config::Settings& settings, const core::Clock& clock,
           std::optional<core::Millis> duration, const std::string& note) {
  const Signals signals;
  sources::probe::Identity identity{kUserAgent, sources::probe::credentials_from(environment())};
  const auto probes = monitor::watched_probes(settings);
  if (auto can = sources::probe::check(probes, identity.credentials); !can) {
    return complain(can.error(), kWrongWords);
  }
  const auto key = seal_key(settings);
  if (!key) return complain(key.error(), kWrongWords);
  const auto ledger = open(settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto to_seal = open_to_seal(settings);
  if (!to_seal) return complain(to_seal.error(), kCouldNot);

  monitor::Monitor monitor(settings, **ledger, clock, std::move(identity),
                           {to_seal->get(), *key ? &**key : nullptr});
  if (auto done = monitor.start(); !done) return complain(done.error(), kCouldNot);
  web::Pages pages;
  pages.snapshot = [&] { return std::make_shared<const core::Snapshot>(monitor.snapshot()); };
  pages.metrics_text = [&] { return metrics::to_text(monitor.snapshot(), RECOUP_VERSION); };
  pages.metrics_type = metrics::kContentType;
  const auto server = web::Server::start(settings.listen.host, settings.listen.port,
                                         web::make_handler(std::move(pages)));
  if (!server) return complain(server.error(), kCouldNot);

  std::jthread running([&](const std::stop_token& stop) { monitor.run(stop); });
  announce(settings, probes.size(), (*server)->port(), note);
  signals.wait(duration);
  running.request_stop();
  running.join();
  say("stopped; everything seen is in the ledger");
  return kDone;
}

}  // namespace recoup::cli
