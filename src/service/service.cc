#include "service/service.h"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <system_error>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "config/exposure.h"
#include "core/text.h"
#include "ledger/open.h"
#include "metrics/exporter.h"
#include "service/probe_answers.h"
#include "service/process_limits.h"
#include "service/process_usage.h"
#include "service/seal_key.h"
#include "service/signals.h"
#include "service/supervisor.h"
#include "service/timestamp_post.h"
#include "sources/probe/loop.h"
#include "sources/sdk/udp.h"
#include "web/routes.h"

namespace recoup::service {
namespace {

ServiceEnd could_not(core::Error error) { return {std::move(error)}; }
ServiceEnd wrong_settings(core::Error error) { return {std::move(error), true}; }

constexpr core::Millis kTellEvery = std::chrono::seconds(5);
// By then most probes have sent a request by the settings of a minute ago.
constexpr core::Millis kSettled = std::chrono::minutes(1);

constexpr const char* kUserAgent = "recoup/" RECOUP_VERSION;

// The settings' ledger, which nobody else records in for the same vantage. A judge records nothing.
core::Result<Service::Ledgers> open_ledgers(const config::Settings& settings, core::Instant now,
                                            const Say& say) {
  auto ledger = ledger::open_ledger(settings.ledger, ledger::Missing::make);
  if (!ledger) return ledger.error();
  if ((*ledger)->is_new()) say(fmt::format("{}: a new ledger", settings.ledger.shown()));
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const record::Writer writer{settings.vantage, host.data(), static_cast<std::uint64_t>(getpid()),
                              now};
  if (record::counts(settings.role)) {
    if (auto done = (*ledger)->become_writer(writer); !done) return done.error();
  }
  auto to_seal = (*ledger)->beside();
  if (!to_seal) return to_seal.error();
  auto to_follow = (*ledger)->beside();
  if (!to_follow) return to_follow.error();
  auto to_show = (*ledger)->beside();
  if (!to_show) return to_show.error();
  auto to_tell = (*ledger)->beside();
  if (!to_tell) return to_tell.error();
  auto to_stamp = (*ledger)->beside();
  if (!to_stamp) return to_stamp.error();
  auto to_query = (*ledger)->beside();
  if (!to_query) return to_query.error();
  auto to_lead = (*ledger)->beside();
  if (!to_lead) return to_lead.error();
  auto to_keep = (*ledger)->beside();
  if (!to_keep) return to_keep.error();
  return Service::Ledgers{*std::move(ledger),    *std::move(to_seal),
                          *std::move(to_follow), *std::move(to_show),
                          *std::move(to_tell),   *std::move(to_stamp),
                          *std::move(to_query),  *std::move(to_lead),
                          *std::move(to_keep),   writer};
}

// Says what became of all that was seen.
ServiceEnd last_words(const Unsaved& unsaved, const config::Settings& settings, const Say& say) {
  if (!unsaved.why.empty() || !unsaved.lost.empty()) {
    return could_not(
        {fmt::format("stopped; {} requests that were counted and {} records of evidence are lost: "
                     "{}",
                     unsaved.lost.counts, unsaved.lost.evidence, unsaved.why),
         settings.ledger.shown(),
         "the time they are of becomes a gap when the service starts again"});
  }
  if (!unsaved.where.empty()) {
    return could_not({fmt::format("stopped; everything seen is in {}, for another file has the "
                                  "ledger's place",
                                  unsaved.where),
                      settings.ledger.shown(),
                      "put the right one in its place before the next start"});
  }
  if (!unsaved.waits.empty()) {
    say("stopped; " + unsaved.waits);
    say("the next start brings it into the ledger, once the database can be reached");
    return {};
  }
  say("stopped; everything seen is in the ledger");
  return {};
}

// Where the service listens, once it does.
struct Ports {
  int web = 0;
  int sdk = 0;
};

void announce(const config::Settings& settings, std::size_t probes, const Ports& ports,
              const std::string& note, const Say& say) {
  const std::string page = fmt::format("{}://{}", settings.web.tls ? "https" : "http",
                                       config::to_text({settings.listen.host, ports.web}));
  if (settings.role == record::Role::judge) {
    say(fmt::format("a judge of {}, without probes; the ledger is {}",
                    core::counted(settings.agreements.size(), "agreement"),
                    settings.ledger.shown()));
  } else {
    say(fmt::format("{} for {}{}; the ledger is {}", core::counted(probes, "probe"),
                    core::counted(settings.agreements.size(), "agreement"),
                    settings.role == record::Role::prober
                        ? fmt::format(" from {}, which another process judges", settings.vantage)
                        : "",
                    settings.ledger.shown()));
  }
  say(fmt::format("   page     {0}/\n   API      {0}/api/v1/openapi.json\n   metrics  {0}/metrics",
                  page));
  if (settings.sdk_listen && record::counts(settings.role)) {
    say(fmt::format("   SDKs     {}: AWS_CSM_ENABLED=true AWS_CSM_PORT={}",
                    config::to_text({settings.sdk_listen->host, ports.sdk}), ports.sdk));
  }
  if (!note.empty()) say(note);
  if (const auto warning = config::exposure_warning(settings)) say("warning: " + *warning);
}

core::Result<std::unique_ptr<sources::probe::Network>> open_network() {
  try {
    return std::unique_ptr<sources::probe::Network>(std::make_unique<sources::probe::Loop>());
  } catch (const std::system_error& error) {
    return core::Error{fmt::format("no request can be probed: {}", error.what()), "",
                       "the system lets this process open too little: see ulimit -n"};
  }
}

// Tells who supervises the process that the service is alive, as long as it is; null where nobody
// wants to hear it. A write that waits for its disk takes seconds, and is no end.
std::unique_ptr<core::Thread> reassure(const core::World& world, const Service& service) {
  const auto every = Supervisor::alive_every();
  if (!every) return nullptr;
  return world.threads.start("watchdog", [=, &service](const std::stop_token& stop) {
    constexpr core::Millis kLong = std::chrono::minutes(1);
    while (!stop.stop_requested()) {
      if (service.was_alive_within(kLong)) Supervisor::alive();
      world.clock.pause(stop, world.clock.mono() + *every);
    }
  });
}

// Null where the settings do not have SDKs report.
core::Result<std::unique_ptr<sources::sdk::UdpDatagrams>> open_datagrams(
    const config::Settings& settings) {
  if (!settings.sdk_listen || !record::counts(settings.role)) {
    return std::unique_ptr<sources::sdk::UdpDatagrams>();
  }
  return sources::sdk::UdpDatagrams::open(settings.sdk_listen->host, settings.sdk_listen->port);
}

// Null where there is no way of its own to the ledger: then no other process has one.
std::unique_ptr<Leadership> lead(const Service::Ledgers& ledgers, record::Role role,
                                 const core::Clock& clock, const Pace& pace, Monitor& monitor) {
  if (!ledgers.to_lead) return nullptr;
  return std::make_unique<Leadership>(
      *ledgers.to_lead, record::judges(role) ? ledgers.writer : std::nullopt, clock,
      [&monitor](const core::Error& error) { monitor.failures().note("seal", error); },
      std::max(Leadership::kEvery, pace.seal));
}

}  // namespace

Service::Service(config::SharedSettings settings, Machine machine, Ledgers ledgers,
                 sources::probe::Identity identity, const record::SealKey* key, Reread reread)
    : world_(machine.world),
      clock_(world_.clock),
      ledgers_(std::move(ledgers)),
      identity_(std::move(identity)),
      descriptors_(std::move(machine.descriptors)),
      look_every_(machine.pace.files),
      settings_(std::move(settings)),
      role_(settings_->role),
      leadership_(lead(ledgers_, role_, clock_, machine.pace, monitor_)),
      monitor_(settings_, *ledgers_.to_record, std::move(machine), identity_,
               {ledgers_.to_seal.get(), key, leadership_.get()},
               {ledgers_.to_follow.get(), ledgers_.to_query.get()}),
      reload_over_http_(settings_->reload_over_http),
      mask_accounts_(settings_->mask_accounts),
      reloader_(
          std::move(reread),
          [this](config::SharedSettings next) { return exchange(std::move(next)); }, clock_),
      targets_([this](config::SharedSettings next) { return exchange(std::move(next)); }, clock_) {
  if (ledgers_.to_stamp && record::judges(role_)) {
    stamper_.emplace(settings_, *ledgers_.to_stamp, clock_, post_time_query, leadership_.get());
  }
  if (settings_->timestamps && !ledgers_.to_stamp) {
    spdlog::warn("timestamps: none are asked for: a ledger in memory keeps nothing to be stamped");
  }
  if (ledgers_.to_keep && record::judges(role_)) {
    keeper_.emplace(settings_, *ledgers_.to_keep, clock_, leadership_.get());
  }
  if (ledgers_.to_show) records_.emplace(settings_, *ledgers_.to_show, clock_, key);
  if (ledgers_.to_tell && record::judges(role_)) {
    notifier_.emplace(
        settings_, *ledgers_.to_tell, clock_, [this] { return recent(); }, leadership_.get());
  }
}

core::Result<std::unique_ptr<Service>> Service::open(config::SharedSettings settings,
                                                     Machine machine,
                                                     const sources::probe::Identity& identity,
                                                     const record::SealKey* key, const Say& say,
                                                     Reread reread) {
  auto ledgers = open_ledgers(*settings, machine.world.clock.wall(), say);
  if (!ledgers) return ledgers.error();
  std::unique_ptr<Service> service(new Service(std::move(settings), std::move(machine),
                                               *std::move(ledgers), identity, key,
                                               std::move(reread)));
  if (auto done = service->monitor_.start(); !done) return done.error();
  return service;
}

core::Result<void> Service::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(exchanging_);
  if (auto can = config::check_exchange(*settings_, *settings); !can) return can;
  const auto probes = watched_probes(*settings);
  if (auto can = sources::probe::check(probes, identity_.keys.get()); !can) return can;
  std::optional<core::Result<Descriptors>> shares;
  if (descriptors_) shares = descriptors_(probes);
  if (shares && !*shares) return shares->error();
  WebPort* port = port_;
  core::Result<std::unique_ptr<web::Server>> server = std::unique_ptr<web::Server>();
  if (port != nullptr) server = port->prepare(*settings);
  if (!server) return server.error();
  if (auto done = monitor_.exchange(settings); !done) return done;
  if (records_) records_->exchange(settings);
  if (notifier_) notifier_->exchange(settings);
  if (stamper_) stamper_->exchange(settings);
  if (keeper_) keeper_->exchange(settings);
  reload_over_http_ = settings->reload_over_http;
  mask_accounts_ = settings->mask_accounts;
  if (port != nullptr) {
    port->go_over(*settings, *std::move(server));
    // Whoever opens connections to the server goes on taking none from the probes.
    if (shares) port->limit(web::limits_within((*shares)->web));
  }
  settings_ = std::move(settings);
  if (!exchanged_) exchanged_ = clock_.mono();
  // What is shown from here on is of these settings.
  const std::lock_guard shown(mutex_);
  recent_ = nullptr;
  return {};
}

config::SharedSettings Service::in_force() {
  const std::lock_guard lock(exchanging_);
  return settings_;
}

// At what changes without telling it: files of targets, and servers that left the port and have
// nobody to answer any more. Whatever fails there ends nothing.
void Service::look_around() {
  try {
    if (WebPort* port = port_) port->tidy();
    reloader_.alone([this] { targets_.look(in_force()); });
    tidy_memory();
  } catch (const std::exception& error) {
    spdlog::error("settings: files could not be looked at: {}", error.what());
  }
}

// An exchange holds both settings, and transfers of both, until each probe has sent its next
// request. What is free then would stay this process's own for good.
void Service::tidy_memory() {
  const std::lock_guard lock(exchanging_);
  if (!exchanged_ || clock_.mono() - *exchanged_ < kSettled) return;
  exchanged_.reset();
  give_back_memory();
}

std::string Service::standing() {
  const std::lock_guard lock(exchanging_);
  return fmt::format("{} for {}", core::counted(watched_probes(*settings_).size(), "probe"),
                     core::counted(settings_->agreements.size(), "agreement"));
}

// A failure of one of its threads is the end of the service: one that goes on without its probes or
// its records would measure nothing and look as if it did.
core::Result<void> Service::run(const std::stop_token& stop) {
  constexpr const char* kWhatNow =
      "what was seen in the last second may be lost; the next start states the gap";
  try {
    std::unique_ptr<core::Thread> leading;
    if (leadership_) {
      leadership_->turn();
      leading = world_.threads.start(
          "judge", [this](const std::stop_token& ending) { leadership_->run(ending); });
    }
    // Who is told something may take long to answer: nobody waits for that.
    std::unique_ptr<core::Thread> telling;
    if (notifier_) {
      telling = world_.threads.start(
          "notices", [this](const std::stop_token& ending) { notifier_->run(ending, kTellEvery); });
    }
    // Nothing waits for a third party: whatever becomes of it, the rest goes on.
    std::unique_ptr<core::Thread> stamping;
    if (stamper_) {
      stamping = world_.threads.start(
          "timestamps", [this](const std::stop_token& ending) { stamper_->run(ending); });
    }
    std::unique_ptr<core::Thread> keeping;
    if (keeper_) {
      keeping = world_.threads.start(
          "upkeep", [this](const std::stop_token& ending) { keeper_->run(ending); });
    }
    const auto looking = world_.threads.start("settings", [this](const std::stop_token& ending) {
      while (!ending.stop_requested()) {
        look_around();
        // Without lists there is little that could change.
        const bool lists = !targets_.states().empty();
        clock_.pause(ending, clock_.mono() + (lists ? look_every_ : 5 * look_every_));
      }
    });
    monitor_.run(stop);
    return {};
  } catch (const std::bad_alloc&) {
    return core::Error{"ran out of memory while it probed and recorded", "", kWhatNow};
  } catch (const std::exception& error) {
    return core::Error{fmt::format("could not go on: {}", error.what()), "", kWhatNow};
  }
}

web::Handler Service::handler() {
  web::Site site;
  site.snapshot = [this] { return recent(); };
  site.metrics_text = [this] { return metrics::to_text(snapshot(), RECOUP_VERSION); };
  site.metrics_type = metrics::kContentType;
  site.version = RECOUP_VERSION;
  site.news = [this, began = clock_.wall().time_since_epoch().count()] {
    return fmt::format("{}-{}\n", began, monitor_.news());
  };
  site.failures = [this](const std::string& agreement, std::size_t most) {
    return monitor_.prober().recent().failures(agreement, most);
  };
  if (record::counts(role_)) {
    site.probe = [this](const web::Request& request) {
      return answer_probe(monitor_.prober(), clock_, request);
    };
  }
  site.records = records_ ? &*records_ : nullptr;
  site.reload = [this]() -> std::optional<core::Result<void>> {
    if (!reload_over_http_) return std::nullopt;
    return reload("POST /-/reload");
  };
  return web::make_handler(std::move(site));
}

report::Snapshot Service::snapshot() {
  report::Snapshot snapshot = monitor_.snapshot();
  snapshot.process = process_usage();
  if (identity_.keys) {
    for (const auto& one : identity_.keys->states()) {
      snapshot.credentials.push_back({one.signer, one.profile, one.ready, one.ends});
    }
  }
  if (record::counts(role_) && ledgers_.writer) snapshot.vantage = ledgers_.writer->vantage;
  snapshot.leads = leadership_ ? leadership_->holds() : record::judges(role_);
  if (leadership_) snapshot.holders = leadership_->holders();
  // What is told and stamped is another's to say, where another does it.
  if (notifier_ && snapshot.leads) snapshot.notices = notifier_->counts();
  if (stamper_ && snapshot.leads && stamper_->asks()) snapshot.stamps = stamper_->counts();
  if (keeper_) snapshot.upkeep = keeper_->counts();
  snapshot.mask_accounts = mask_accounts_;
  snapshot.settings = reloader_.state();
  snapshot.settings->lists = targets_.states();
  if (const WebPort* port = port_) {
    web::ServerCounts counts = port->counts();
    snapshot.web = {counts.connections, counts.closed_early, std::move(counts.answers)};
  }
  return snapshot;
}

// A snapshot copies what every probe did: pages and health checks share one for a second, unless
// there is news.
std::shared_ptr<const report::Snapshot> Service::recent() {
  const std::lock_guard lock(mutex_);
  const core::MonoTime now = clock_.mono();
  const std::uint64_t news = monitor_.news();
  if (!recent_ || news != taken_news_ || now - taken_ >= std::chrono::seconds(1)) {
    taken_news_ = news;
    recent_ = std::make_shared<const report::Snapshot>(snapshot());
    taken_ = now;
  }
  return recent_;
}

ServiceEnd serve(const config::Settings& as_read, const documents::Environment& environment,
                 core::World world, std::optional<core::Millis> duration, const std::string& note,
                 const Say& say, std::optional<record::Role> role) {
  config::Settings settings = as_read;
  if (role) settings.role = *role;
  // 1. The process: from here on signals are taken in one place, and no memory is dumped.
  const Signals signals(world.clock);
  forbid_core_dumps(environment);

  // 2. What the settings ask for is possible. Nothing was opened before that is known.
  const sources::probe::Identity identity{
      kUserAgent, std::make_shared<sources::probe::Keyring>(environment, world, say)};
  const auto probes = watched_probes(settings);
  if (auto can = sources::probe::check(probes, identity.keys.get()); !can) {
    return wrong_settings(can.error());
  }
  const auto descriptors = raise_descriptors(probes);
  if (!descriptors) return could_not(descriptors.error());
  const auto key = seal_key(settings);
  if (!key) return wrong_settings(key.error());

  // 3. Open: the network, the port of SDKs, and the ledger, in which nobody else records for this
  // vantage from here on. The gap since the last run is in it before anything new is.
  auto network = open_network();
  if (!network) return could_not(network.error());
  auto datagrams = open_datagrams(settings);
  if (!datagrams) return could_not(datagrams.error());
  const int sdk_port = *datagrams ? (*datagrams)->port() : 0;
  Machine machine{world, *std::move(network), {}, raise_descriptors, *std::move(datagrams)};
  const auto service =
      Service::open(std::make_shared<const config::Settings>(settings), std::move(machine),
                    identity, *key ? &**key : nullptr, say, [&] {
                      auto next = config::load_settings(settings.file, environment);
                      if (next && settings.listen_is_given) next->listen = settings.listen;
                      if (next && role) next->role = *role;
                      return next;
                    });
  if (!service) return could_not(service.error());

  // 4. The port, once there is something to answer with.
  const auto port =
      WebPort::open(settings, web::limits_within(descriptors->web), (*service)->handler(), world);
  if (!port) return could_not(port.error());
  (*service)->watch(**port);

  // 5. Runs: probes, records, judges and seals, until a signal, the time's end or its own failure;
  // at SIGHUP by what the settings say then.
  core::Result<void> ran;
  const auto running = world.threads.start("service", [&](const std::stop_token& stop) {
    ran = (*service)->run(stop);
    if (!ran) Signals::end();
  });
  announce(settings, probes.size(), {(*port)->port(), sdk_port}, note, say);
  Supervisor::ready((*service)->standing());
  auto reassuring = reassure(world, **service);
  signals.wait(duration, [&] {
    Supervisor::reloading();
    (void)(*service)->reload("SIGHUP");
    Supervisor::ready((*service)->standing());
  });
  Supervisor::stopping();
  reassuring.reset();

  // 6. Stops: no request is sent any more, what was answered becomes durable, a month that is being
  // sealed is sealed; then the port is closed, and the ledger.
  running->request_stop();
  running->join();
  if (!ran) return could_not(ran.error());
  return last_words((*service)->unsaved(), settings, say);
}

}  // namespace recoup::service
