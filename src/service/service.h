#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "core/world.h"
#include "service/leadership.h"
#include "service/ledger_keeper.h"
#include "service/ledger_records.h"
#include "service/monitor.h"
#include "service/notify/notifier.h"
#include "service/reloader.h"
#include "service/target_watch.h"
#include "service/timestamps.h"
#include "service/web_port.h"

namespace recoup::service {

// ServiceEnd is how a service came to its end.
struct ServiceEnd {
  std::optional<core::Error> error = {};  // nothing: all is in order
  bool wrong_settings = false;            // the error is of what the settings say
};

// Says a line to whoever started the service.
using Say = std::function<void(std::string_view)>;

// Service is what `recoup run` runs, but for its port and its process: probes, ledger, assessment,
// seals, and the answers to whoever asks. It can be dropped at any time after run(), or instead of
// its end: the ledger is as a process leaves it that is killed.
class Service {
 public:
  // The ledger, and ways of their own to it for those who read for seconds; null where there can be
  // no second one, as of a ledger in memory.
  struct Ledgers {
    std::unique_ptr<ledger::Ledger> to_record, to_seal, to_follow, to_show, to_tell,
        to_stamp = nullptr, to_query = nullptr, to_lead = nullptr, to_keep = nullptr;
    std::optional<record::Writer> writer = {};  // who records, and may be the judge
  };

  // Opens the ledger, states the gap since the last run and makes the first assessment. World and
  // key outlive it; without a key seals are not signed, and without `reread` the settings are as
  // they are for good.
  static core::Result<std::unique_ptr<Service>> open(config::SharedSettings settings,
                                                     Machine machine,
                                                     const sources::probe::Identity& identity,
                                                     const record::SealKey* key, const Say& say,
                                                     Reread reread = nullptr);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Probes, records, judges and seals until the stop is requested; then what is left becomes
  // durable. Once.
  core::Result<void> run(const std::stop_token& stop);

  // Goes over to other settings while it runs, all or nothing. What an error of wrong settings, or
  // of a key that only a new start can change, says is that it goes on as before. The machine is
  // asked anew for the descriptors that the probes may need, and the server gets by with the rest.
  // From any thread.
  core::Result<void> exchange(config::SharedSettings settings);

  // Reads the settings again and goes over to them, as the Reloader says. From any thread.
  core::Result<void> reload(std::string_view cause) { return reloader_.reload(cause); }

  // What it watches by the settings in force, in a line for people. From any thread.
  std::string standing();

  // What is not where the settings want it; after run().
  Unsaved unsaved() const { return monitor_.unsaved(); }

  // Whether it probes and records; from any thread.
  bool was_alive_within(core::Millis time) const { return monitor_.was_alive_within(time); }

  // The answers to all requests, from any thread, while it lives.
  web::Handler handler();

  // The port whose servers ask the handler: what they did is among the answers, and it is protected
  // as the settings say. It outlives run() and exchange(), and this object its use of the handler.
  void watch(WebPort& port) { port_ = &port; }

 private:
  Service(config::SharedSettings settings, Machine machine, Ledgers ledgers,
          sources::probe::Identity identity, const record::SealKey* key, Reread reread);
  report::Snapshot snapshot();
  config::SharedSettings in_force();
  void look_around();
  void tidy_memory();
  std::shared_ptr<const report::Snapshot> recent();

  const core::World world_;
  const core::Clock& clock_;
  const Ledgers ledgers_;
  const sources::probe::Identity identity_;
  const decltype(Machine::descriptors) descriptors_;
  const core::Millis look_every_;
  std::mutex exchanging_;
  config::SharedSettings settings_;          // guarded by exchanging_
  std::optional<core::MonoTime> exchanged_;  // what that took is not given back; likewise
  const record::Role role_;
  const std::unique_ptr<Leadership> leadership_;  // null: no other process can have the ledger
  Monitor monitor_;
  std::optional<Stamper> stamper_;      // nothing where there is no ledger for it
  std::optional<LedgerKeeper> keeper_;  // likewise
  std::optional<LedgerRecords> records_;
  std::optional<Notifier> notifier_;  // nothing where there is no ledger for it
  std::atomic<WebPort*> port_{nullptr};
  std::atomic<bool> reload_over_http_;
  std::atomic<bool> mask_accounts_;
  Reloader reloader_;
  TargetWatch targets_;
  std::mutex mutex_;
  std::shared_ptr<const report::Snapshot> recent_;  // guarded by mutex_
  core::MonoTime taken_;                            // likewise
  std::uint64_t taken_news_ = 0;                    // likewise
};

// Runs the service until a signal (SIGINT, SIGTERM) or, where given, for a time: probes, ledger,
// assessment, page and metrics. Says where it listens once it does. `note` is said after that. A
// role that is given goes before that of the settings, also when they are read again.
ServiceEnd serve(const config::Settings& settings, const documents::Environment& environment,
                 core::World world, std::optional<core::Millis> duration, const std::string& note,
                 const Say& say, std::optional<record::Role> role = std::nullopt);

}  // namespace recoup::service
