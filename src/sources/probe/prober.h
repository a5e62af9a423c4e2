#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/world.h"
#include "record/evidence.h"
#include "sources/probe/board.h"
#include "sources/probe/network.h"
#include "sources/probe/probe.h"
#include "sources/probe/recent.h"

namespace recoup::sources::probe {

// Nothing, or why these probes cannot be sent: a probe that is to be signed needs credentials,
// which are looked for where they are not on the ring already, and one whose certificate is to be
// verified somebody to believe. It may wait for the network. Without a ring (null) none may be
// signed.
core::Result<void> check(const Probes& probes, Keyring* keys);

// Prober sends each probe's request when it is due, by one network, and tells the board
// what became of it: of every due instant, either a Begun and its Observation, or a NeverSent.
// It never waits for the board's readers, follows no redirect, and repeats no request.
class Prober {
 public:
  struct Options {
    // How often the clocks are looked at though nothing is due: a step of the wall clock is noticed
    // within this time.
    core::Millis look_every{100};
    // How often files for TLS are looked at.
    core::Millis files_every{1000};
    // Told of files for TLS that cannot be read and of ones that changed, while it runs by another
    // thread; and of certificates that a server refuses.
    std::function<void(const std::string&)> say = {};
  };

  // Without probes yet. `world` and `board` outlive the prober.
  Prober(core::World world, std::unique_ptr<Network> network, Board& board, Identity identity,
         Options options);
  ~Prober();

  // Probes until it is told to stop, in the calling thread; then drops what is in flight, of which
  // the board hears no more: those due instants are not accounted for.
  void run(const std::stop_token& stop);

  // These are probed from the loop's next turn on; the board watches them. What stays goes on
  // undisturbed, also where it changed: its requests in flight end as they began. So do those of a
  // probe that is no longer there; with the last of them the board is told that it is Retired.
  // `worth` says which answers that a probe expects are worth a record all the same, and is asked
  // by the loop alone; null: none. From any thread; reads files for TLS that are new.
  void exchange(const Probes& probes, record::WorthARecord worth);

  // The probe's next request is due now, and the ones after it every period from there on; unless
  // one was begun less than its period ago, or is in flight. From any thread.
  void ask(const Recent::Name& probe);

  // What the probes' last requests came to.
  const Recent& recent() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::sources::probe
