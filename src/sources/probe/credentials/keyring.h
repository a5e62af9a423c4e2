#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/world.h"
#include "documents/files.h"
#include "rules/probe_keys.h"
#include "sources/probe/credentials/credentials.h"
#include "sources/probe/credentials/found_keys.h"

namespace recoup::sources::probe {

// Keyring has the credentials of all probes, a set for each signer and what it is told, and the
// headers of probes that stand in files. It keeps them fresh by a thread of its own, so that no
// probe waits for them: keys that end are looked for again in time, files are read again when they
// change. From any thread.
class Keyring {
 public:
  // Told of what cannot be had any more and can be had again, of files that changed, and of probes
  // that are refused.
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

  // The text of a file as it was last good. From the first call on the file is watched.
  record::Secret of(const std::shared_ptr<const rules::OutsideText>& outside);

  // Another one after each change of any set or file.
  std::uint64_t version() const { return version_; }

  // A request of the probe was refused for what signs it (RefusalWatch), in the words of why; or
  // one was taken again. Others than the first of each are not news. What was refused is looked for
  // again: it may have been replaced before its end.
  void refused(const rules::Signing& how, const std::string& probe, const std::string& why);
  void taken(const rules::Signing& how, const std::string& probe);
  // The probe is another one now, or is gone: nothing is known of it.
  void forget(const rules::Signing& how, const std::string& probe);

  // Looks for keys again before they end, and for files that changed, until the thread is told to
  // stop.
  std::unique_ptr<core::Thread> keep();

  // SetState is what is known of one set; no secret.
  struct SetState {
    std::string signer;
    std::string profile;                     // or what else tells it from other sets of the signer
    std::string from;                        // "the profile 'prod'"
    std::optional<core::Instant> ends = {};  // nothing: never
    bool ready = false;                      // requests can be signed
    std::string why;                         // the last look failed, and why; empty: it did not
    std::size_t refused = 0;                 // probes whose last request was refused
  };
  std::vector<SetState> states() const;

 private:
  struct Set {
    rules::Signing how;
    std::shared_ptr<const Credentials> keys = {};
    FoundKeys::Life life = {};
    SetState state = {};
    core::Instant next = core::kOpenEnd;  // when they are looked for again
    std::string stamp = {};               // of life.files, when they were last looked for
    std::set<std::string> refused = {};   // probes
  };
  struct File {
    std::shared_ptr<const rules::OutsideText> outside;
    record::Secret text;  // as it was last good
    std::string stamp;
    bool good = true;
  };

  core::Result<FoundKeys> find(const rules::Signing& how) const;
  void take(const rules::Signing& how, core::Result<FoundKeys> found);
  void refresh(const std::stop_token& stop);
  std::vector<rules::Signing> due();
  void read_changed_files();
  core::Millis time_to_wait() const;
  core::Instant next_look() const;
  void say(const std::string& news) const;

  const documents::Environment environment_;
  const core::World world_;
  const Say say_;
  mutable std::mutex mutex_;
  core::Condition changed_;
  std::map<std::string, Set> sets_;    // guarded by mutex_, and so is what follows
  std::map<std::string, File> files_;  // by path and prefix
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace recoup::sources::probe
