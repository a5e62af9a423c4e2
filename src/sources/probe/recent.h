#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "record/last_answer.h"
#include "record/probe_result.h"
#include "sources/probe/capture.h"
#include "sources/probe/probe.h"

namespace recoup::sources::probe {

// Recent is what every probe's last request came to, and how its last failures went: in memory
// alone, since the service started, for whoever asks why. The loop adds, anybody reads. From any
// thread; none holds another up for longer than it takes to copy what is of one agreement.
class Recent {
 public:
  // So many failures of each probe are kept, and of all of them so many bytes: beyond that the
  // oldest of all goes.
  static constexpr std::size_t kFailuresEach = 5;
  static constexpr std::size_t kMostBytes = 16 * 1024 * 1024;

  // By agreement and id.
  using Name = std::pair<std::string, std::string>;

  explicit Recent(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  // There are these probes from here on; what was kept of others is forgotten.
  void exchange(const Probes& probes);

  // A request began, ended, or ended in a way that is worth a look.
  void began(TargetId target, core::Instant at);
  void ended(TargetId target, record::ProbeResult result);
  void failed(TargetId target, RawExchange exchange);

  // Seen is what is known of one probe; of a list's, of whichever of its targets was asked last.
  struct Seen {
    std::size_t targets = 0;
    core::Millis every{1};
    core::Millis timeout{1};
    bool has_body_checks = false;
    std::optional<core::Instant> began;  // its last request
    std::uint64_t ended = 0;             // how many have
    std::optional<record::ProbeResult> last;
  };
  // Nothing where there is no such probe.
  std::optional<Seen> of(const Name& name) const;

  // Waits until more requests of it have ended than `ended`, or until then; what is known then.
  std::optional<Seen> await(const core::Clock& clock, const Name& name, std::uint64_t ended,
                            core::MonoTime until) const;

  // The last failures of an agreement's probes, `most` of them, the newest first; their secrets are
  // replaced.
  std::vector<record::Exchange> failures(const std::string& agreement, std::size_t most) const;

  // How often checks were made, of the probes that have some.
  std::map<Name, std::vector<record::CheckCounts>> checks() const;

  // The newest answer of each probe that had one, by agreement and id.
  std::vector<record::LastAnswer> answers() const;

 private:
  struct Failure;
  using Failures = std::list<Failure>;  // of all probes, the oldest first
  struct State {
    Name name;
    Seen seen;
    std::vector<record::CheckCounts> checks;
    core::Instant alike_since;  // as LastAnswer::since
    bool changed = false;
    std::deque<Failures::iterator> failures;  // the oldest first
  };
  struct Failure {
    State* of;
    std::size_t size;
    RawExchange exchange;
  };

  void drop_oldest(State& state);

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;  // everything below
  mutable core::Condition changed_;
  std::map<Name, State> states_;  // whose elements stay where they are
  std::unordered_map<TargetId, State*> of_target_;
  Failures failures_;
  std::size_t bytes_ = 0;
};

}  // namespace recoup::sources::probe
