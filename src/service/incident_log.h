#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/judgement.h"
#include "core/loss_runs.h"

namespace recoup::service {

// IncidentLog writes to the log when an agreement begins to lose and when that is over, with what
// it took from the uptime and the budget, and when a commitment is missed. What was over before the
// service began is not told, nor is anything of a single request. One thread.
class IncidentLog {
 public:
  // More that are over already when they become known, as from a log that is imported, are one
  // line.
  static constexpr std::size_t kMostAtOnce = 5;

  // What is new in the running cycle since it was called last.
  void tell(const core::Judgement& judgement, core::Instant now);

 private:
  enum class Standing { met, below, certain };

  // What was told of an agreement's running cycle.
  struct Told {
    std::optional<core::Month> month;    // nothing before the first judgement
    std::uint64_t lost = 0;              // intervals, when it was looked at last
    std::vector<core::LossRun> runs;     // that were told, or were over before
    std::optional<core::Interval> open;  // of the one that goes on
    Standing standing = Standing::met;
  };

  void tell_incidents(const core::Judgement& judgement, core::Instant now, Told& told);
  void tell_open(const core::Judgement& judgement, const std::vector<core::LossRun>& runs,
                 core::Instant now, Told& told);
  void tell_new(const core::Judgement& judgement, const std::vector<core::LossRun>& runs,
                core::Instant now, Told& told);
  static void tell_standing(const core::Judgement& judgement, Told& told);

  std::map<std::string, Told> told_;  // by agreement
};

}  // namespace recoup::service
