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
#include "service/ledger_records.h"
#include "service/monitor.h"
#include "service/notify/notifier.h"
#include "service/timestamps.h"
#include "web/http/server.h"

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
        to_stamp = nullptr;
    std::optional<record::Writer> writer = {};  // who records, and may seal
  };

  // Opens the ledger, states the gap since the last run and makes the first assessment. World and
  // key outlive it; without a key seals are not signed.
  static core::Result<std::unique_ptr<Service>> open(config::SharedSettings settings,
                                                     Machine machine,
                                                     const sources::probe::Identity& identity,
                                                     const record::SealKey* key, const Say& say);
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

  // What is not where the settings want it; after run().
  Monitor::Unsaved unsaved() const { return monitor_.unsaved(); }

  // The answers to all requests, from any thread, while it lives.
  web::Handler handler();

  // The server that asks the handler: what it did is among the answers. It outlives run() and
  // exchange(), and this object the server's use of the handler.
  void watch(web::Server& server) { server_ = &server; }

 private:
  Service(config::SharedSettings settings, Machine machine, Ledgers ledgers,
          sources::probe::Identity identity, const record::SealKey* key);
  report::Snapshot snapshot();
  std::shared_ptr<const report::Snapshot> recent();

  const core::World world_;
  const core::Clock& clock_;
  const Ledgers ledgers_;
  const sources::probe::Identity identity_;
  const decltype(Machine::descriptors) descriptors_;
  std::mutex exchanging_;
  config::SharedSettings settings_;  // guarded by exchanging_
  Monitor monitor_;
  std::optional<Stamper> stamper_;  // where the settings have [timestamps]
  std::optional<LedgerRecords> records_;
  std::optional<Notifier> notifier_;  // nothing where there is no ledger for it
  std::atomic<web::Server*> server_{nullptr};
  std::mutex mutex_;
  std::shared_ptr<const report::Snapshot> recent_;  // guarded by mutex_
  core::MonoTime taken_;                            // likewise
};

// Runs the service until a signal (SIGINT, SIGTERM) or, where given, for a time: probes, ledger,
// assessment, page and metrics. Says where it listens once it does. `note` is said after that.
ServiceEnd serve(const config::Settings& settings, const documents::Environment& environment,
                 core::World world, std::optional<core::Millis> duration, const std::string& note,
                 const Say& say);

}  // namespace recoup::service
