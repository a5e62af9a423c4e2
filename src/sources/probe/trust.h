#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/world.h"
#include "sources/probe/probe.h"
#include "sources/probe/watched_files.h"

namespace recoup::sources::probe {

// Trust is whom a probe's TLS connections believe, and what they show of themselves. All probes of
// the same files share it, so that no connection reads one. Its files may be read anew by another
// thread.
class Trust {
 public:
  // `number` is its own among all of a loop; `certificate` may be null: then none is shown.
  Trust(std::size_t number, std::shared_ptr<const WatchedFiles> authorities,
        std::shared_ptr<const WatchedFiles> certificate);

  // Whether the files were good once: without them nothing can be verified.
  bool ready() const;

  // Another one after each change of a file.
  std::uint64_t version() const;

  // Makes connections of an easy handle use it: peer and host are verified. Connections that were
  // made with another trust, or version of it, are not used. It outlives the handle's use of it.
  void apply(void* easy, std::uint64_t version) const;

 private:
  static int on_context(void* easy, void* context, void* self);

  std::size_t number_;
  std::shared_ptr<const WatchedFiles> authorities_;
  std::shared_ptr<const WatchedFiles> certificate_;
};

// Trusts is the trust of all probes of a loop. Each file is held once, however many name it, and as
// long as one does.
class Trusts {
 public:
  using Say = WatchedFiles::Say;

  // `say` hears of files that cannot be read and of ones that changed, later from the thread that
  // watches; there may be none.
  explicit Trusts(Say say);
  ~Trusts();
  Trusts(const Trusts&) = delete;
  Trusts& operator=(const Trusts&) = delete;

  // The trust of such a probe, whose files are read where no other probe has the same; null for a
  // probe without TLS. From any thread.
  std::shared_ptr<const Trust> of(const Probe& probe);

  // Looks at the files each `every` until the thread is told to stop, in a thread of its own: a
  // large bundle or a slow disk keeps no probe waiting. While there are none it sleeps.
  std::unique_ptr<core::Thread> watch(core::World world, core::Millis every);

 private:
  struct Files;
  void refresh();

  std::unique_ptr<Files> files_;
};

// Done where the system's authorities can be read, or no probe goes by them.
core::Result<void> check_authorities(const Probes& probes);

}  // namespace recoup::sources::probe
