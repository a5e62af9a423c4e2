#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/result.h"
#include "report/settings_state.h"

namespace recoup::service {

// TargetWatch sees to it that probes are sent to what the files of their lists name now. A list
// that cannot be read, is wrong or has become empty stays what it was, and that is said in the log
// and kept for the outputs. Nothing else of the settings is read again. One thread, but for
// states().
class TargetWatch {
 public:
  // Goes over to other settings; what an error says is that the service goes on as before.
  using Exchange = std::function<core::Result<void>(config::SharedSettings)>;

  // The clock outlives it.
  TargetWatch(Exchange exchange, const core::Clock& clock);

  // Looks at the files of all lists of the settings in force, and exchanges those where one
  // differs.
  void look(const config::SharedSettings& settings);

  // Of all lists as they were last looked at, in their order.
  std::vector<report::TargetListState> states() const;

 private:
  using Name = std::pair<std::string, std::string>;  // of an agreement and its probe
  struct Known {
    std::string stamps = {};     // of the files when they were last read
    std::uint64_t failures = 0;  // since they were last good
    std::string problem = {};
  };

  void note_failure(const Name& name, Known& known, const std::string& problem);
  void note_good(const Name& name, Known& known);

  const Exchange exchange_;
  const core::Clock& clock_;
  std::map<Name, Known> known_;
  core::MonoTime retry_;      // an exchange that failed is not tried before
  mutable std::mutex mutex_;  // guards what is below
  std::vector<report::TargetListState> states_;
};

}  // namespace recoup::service
