#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/judgement.h"
#include "ledger/ledger.h"

namespace recoup::service {

// VoteCounter keeps what the votes on running cycles come to. To count them is to read the whole
// cycle of an agreement: each turn does so for a moment, and each agreement at most once a minute.
class VoteCounter {
 public:
  explicit VoteCounter(const core::Clock& clock) : clock_(clock) {}

  // Begins a turn.
  void begin();

  // The votes on the judgement's cycle, counted now or some time before; an error where they are to
  // be counted and cannot be.
  core::Result<std::optional<core::Votes>> of(ledger::TallyStore& ledger,
                                              const core::Judgement& judgement,
                                              const core::VoteRule& rule, core::Instant now);

 private:
  struct Counted {
    std::optional<core::Votes> votes = {};
    core::Month month{};
    core::MonoTime next;
  };

  const core::Clock& clock_;
  core::MonoTime until_;
  std::map<std::string, Counted> counted_;  // by agreement
};

}  // namespace recoup::service
