#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/money.h"
#include "core/time.h"
#include "report/snapshot.h"

namespace recoup::service {

// Notice is one thing that the user has to know, and is told once.
struct Notice {
  std::string kind;  // "claimable", "deadline", "overdue", "credited_in_part", "breach_certain",
                     // "source_silent", "test"
  std::string name;  // stands for it: what was told under this name is not told again
  std::string text;  // a sentence or two
  std::string agreement;
  std::optional<core::Month> month = {};
  std::optional<core::Money> amount = {};
  std::optional<core::Instant> until = {};  // the deadline, by its safe reading; or since when
  std::string next = {};                    // what to do, a command; may be empty
};

// All that there is to know as of the snapshot, in the order of its agreements. Of practice
// agreements nothing.
std::vector<Notice> notices_of(const report::Snapshot& snapshot);

// What `recoup notify --test` sends.
Notice test_notice(core::Instant now);

// The notice as JSON, as docs/service.md says; `at` is when it is sent.
std::string notice_json(const Notice& notice, core::Instant at);

}  // namespace recoup::service
