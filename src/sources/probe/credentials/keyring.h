#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/world.h"
#include "documents/files.h"
#include "rules/probe_keys.h"
#include "sources/probe/credentials/credentials.h"
#include "sources/probe/credentials/found_keys.h"

namespace recoup::sources::probe {

// Keyring has the credentials of all probes, a set for each signer and profile, and keeps them
// fresh: keys that end are looked for again in time, by a thread of its own, so that no probe waits
// for them. From any thread.
class Keyring {
 public:
  // Told of keys that cannot be had any more, and that can be had again.
  using Say = std::function<void(const std::string&)>;

  Keyring(documents::Environment environment, core::World world, Say say);

  // Looks for what signs so unless it is here already, and waits for it. The error says what is
  // lacking and what to do; it holds no secret.
  core::Result<void> need(const rules::Signing& how);

  // Held is what is there to sign with, and until when it is taken.
  struct Held {
    std::shared_ptr<const Credentials> keys = {};  // null: none
    core::Instant ends = core::kOpenEnd;
  };
  Held of(const rules::Signing& how) const;

  // Another one after each change of any set.
  std::uint64_t version() const { return version_; }

  // Looks for keys again before they end, until the thread is told to stop.
  std::unique_ptr<core::Thread> keep();

  // SetState is what is known of one set; no secret.
  struct SetState {
    std::string signer;
    std::string profile;
    std::string from;                        // "the profile 'prod'"
    std::optional<core::Instant> ends = {};  // nothing: never
    bool ready = false;                      // requests can be signed
    std::string why;                         // the last look failed, and why; empty: it did not
  };
  std::vector<SetState> states() const;

 private:
  struct Set {
    std::shared_ptr<const Credentials> keys;
    FoundKeys::Life life;
    SetState state;
    core::Instant next = core::kOpenEnd;  // when they are looked for again
  };
  using Name = std::pair<std::string, std::string>;  // signer, profile

  static Name name_of(const rules::Signing& how);
  core::Result<FoundKeys> find(const Name& name) const;
  void take(const Name& name, core::Result<FoundKeys> found);
  void refresh(const std::stop_token& stop);
  core::Instant next_look() const;

  const documents::Environment environment_;
  const core::World world_;
  const Say say_;
  mutable std::mutex mutex_;
  core::Condition changed_;
  std::map<Name, Set> sets_;  // guarded by mutex_
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace recoup::sources::probe
