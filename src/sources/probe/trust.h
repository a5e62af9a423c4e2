#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/world.h"
#include "sources/probe/board.h"
#include "sources/probe/probe.h"
#include "sources/probe/watched_files.h"

namespace recoup::sources::probe {

// Trust is whom a probe's TLS connections believe, and what they show of themselves. All probes of
// the same files share it, so that no connection reads one. Its files may be read anew by another
// thread.
class Trust {
 public:
  // `number` is its own among all of a loop; `certificate` may be null: then none is shown.
  Trust(std::size_t number, const WatchedFiles& authorities, const WatchedFiles* certificate);

  // Whether the files were good once: without them nothing can be verified.
  bool ready() const;

  // Another one after each change of a file.
  std::uint64_t version() const;

  // Makes connections of an easy handle use it: peer and host are verified. Connections that were
  // made with another trust, or version of it, are not used. It outlives the handle.
  void apply(void* easy, std::uint64_t version) const;

 private:
  static int on_context(void* easy, void* context, void* self);

  std::size_t number_;
  const WatchedFiles& authorities_;
  const WatchedFiles* certificate_;
};

// Trusts is the trust of all probes of a loop. Each file is held once, however many name it.
class Trusts {
 public:
  using Say = WatchedFiles::Say;

  // Reads the files. `say` hears of what cannot be read and of what changed, later from the thread
  // that watches; there may be none.
  Trusts(const std::vector<Probe>& probes, Say say);
  ~Trusts();
  Trusts(const Trusts&) = delete;
  Trusts& operator=(const Trusts&) = delete;

  // Null for a probe without TLS.
  const Trust* of(ProbeIndex probe) const { return by_probe_[probe]; }

  // Looks at the files each `every` until the thread is told to stop, in a thread of its own: a
  // large bundle or a slow disk keeps no probe waiting. Null where there are no files.
  std::unique_ptr<core::Thread> watch(core::World world, core::Millis every);

 private:
  struct Files;
  void refresh();

  Say say_;
  std::unique_ptr<Files> files_;
  std::vector<const Trust*> by_probe_;
};

// Done where the system's authorities can be read, or no probe goes by them.
core::Result<void> check_authorities(const std::vector<Probe>& probes);

}  // namespace recoup::sources::probe
