#pragma once

#include <optional>
#include <vector>

#include "core/tally.h"
#include "core/time.h"

namespace recoup::service {

// What is left of the times in which a log said nothing when it tells of these minutes, in order:
// each of them was seen, and where two of them are no further apart than `most`, so was the time
// between them. From `now` on nothing was missed yet.
std::vector<core::Unseen> without_told(const std::vector<core::Unseen>& silent,
                                       const std::vector<core::Minute>& told, core::Millis most,
                                       core::Instant now);

// Silence watches whether one log goes on. That it began to say nothing is known only of one that
// had said something.
class Silence {
 public:
  // `after`: how long it may say nothing; nothing: for ever. `newest`: the end of what it told of
  // before, where it did.
  Silence(std::optional<core::Millis> after, std::optional<core::Instant> newest,
          std::vector<core::Unseen> times, core::Instant now)
      : after_(after), newest_(newest), times_(std::move(times)), grew_(now), noted_(now) {}

  // It told of these minutes, in order. Whether the times of its silence are others than before.
  bool told(const std::vector<core::Minute>& minutes, core::Instant now);

  // Looks whether it says nothing. Whether the times of its silence are others than before: that
  // they grow is so every five minutes.
  bool look(core::Instant now);

  // Since when it says nothing; nothing: it goes on.
  std::optional<core::Instant> since() const {
    return is_silent_ ? newest_ : std::optional<core::Instant>();
  }
  std::optional<core::Instant> newest() const { return newest_; }
  const std::vector<core::Unseen>& times() const { return times_; }

 private:
  std::optional<core::Millis> after_;
  std::optional<core::Instant> newest_;
  std::vector<core::Unseen> times_;
  core::Instant grew_;   // when it said something last, or was begun to be watched
  core::Instant noted_;  // when the times grew last
  bool is_silent_ = false;
};

}  // namespace recoup::service
