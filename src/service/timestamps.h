#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "judge/stamps.h"
#include "ledger/ledger.h"
#include "record/stamp_counts.h"
#include "service/leadership.h"

namespace recoup::service {

// Stamper has a third party sign the time of what is recorded: of each UTC day that is over, of
// days whose counts have changed since, and of seals. Each token is of a document that names the
// one before it, so that what a day held lies between two moments that others signed. It runs in a
// thread of its own, by a way of its own to the ledger: an authority that is away stops nothing,
// and is asked again, later and later, up to once an hour.
class Stamper {
 public:
  // Sends a query to the address and gives the answer; post_time_query() in the program.
  using Ask = std::function<core::Result<std::string>(
      const std::string& url, const std::string& query, const std::stop_token& stop)>;

  // Ledger and clock outlive it. Without [timestamps] in the settings it asks nobody; nor does it
  // as long as another process does, where `leadership` says so.
  Stamper(config::SharedSettings settings, ledger::Ledger& ledger, const core::Clock& clock,
          Ask ask, const Leadership* leadership = nullptr);

  // Goes over to other settings from the next turn on. From any thread.
  void exchange(config::SharedSettings settings);

  // Takes a turn a minute until the stop is requested.
  void run(const std::stop_token& stop);

  // Has signed what is due, unless it waits after a failure.
  void turn(const std::stop_token& stop = {});

  // Whether the settings name somebody to ask. From any thread.
  bool asks() const;

  // As of the last turn. From any thread.
  record::StampCounts counts() const;

 private:
  // What is known of one agreement since it was looked at.
  struct Watched {
    std::vector<record::StampDocument> due = {};  // in the order in which they are asked for
    std::string newest = {};                      // the digest of the newest token, or empty
    std::optional<core::Instant> newest_at = {};
    std::optional<core::Instant> until = {};
    std::uint64_t again = 0;
  };

  bool look(const std::string& agreement, Watched& watched);
  core::Result<void> find_due(const std::string& agreement, Watched& watched);
  core::Result<void> find_changed(const std::string& agreement,
                                  const std::vector<judge::ReadStamp>& stamps, Watched& watched);
  core::Result<void> find_seals(const std::string& agreement,
                                const std::vector<judge::ReadStamp>& stamps, Watched& watched);
  bool stamp_first(const std::string& agreement, Watched& watched, const std::stop_token& stop);
  core::Result<void> complete(record::StampDocument& document, const Watched& watched);
  void note_failure(const std::string& what, const core::Error& error);
  void note_token();
  void show();

  ledger::Ledger& ledger_;
  const core::Clock& clock_;
  const Ask ask_;
  LeadershipWatch leadership_;
  config::SharedSettings settings_;
  std::map<std::string, Watched> watched_;
  core::MonoTime look_next_, retry_;
  core::Millis wait_{0};  // after the newest failure; 0: there was none since a token came
  core::Instant days_;    // up to here days were looked at for changes

  mutable std::mutex mutex_;          // guards what is below
  config::SharedSettings exchanged_;  // null: as before
  record::StampCounts counts_;
};

}  // namespace recoup::service
