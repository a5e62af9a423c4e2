#include "sources/probe/attention.h"

namespace recoup::sources::probe {

using core::Millis;
using std::chrono::nanoseconds;

Attention::Passed Attention::look(const core::Moment& now, Millis waited) {
  const core::Moment before = last_;
  last_ = now;
  const nanoseconds elapsed = now.mono - before.mono;
  bool away = false;
  if (elapsed > waited + kLate) {
    still_ += elapsed - waited;
    away = true;
  }

  record::ClockStep step;
  step.at = now.wall;
  step.by = std::chrono::round<Millis>(now.wall - before.wall - elapsed);
  step.suspended = std::chrono::floor<Millis>(now.boot - before.boot - elapsed);
  const bool asleep = step.suspended >= kAsleep;
  if (!asleep) step.suspended = Millis(0);
  const nanoseconds most = kStep + elapsed / 10;
  const bool stepped = step.by > most || step.by < -most || (asleep && step.by > Millis(0));
  if (!stepped) step.by = Millis(0);

  Passed passed;
  if (stepped || asleep) passed.step = step;
  if (step.by > Millis(0)) passed.unmeasured = {before.wall, before.wall + step.by};
  // A clock that was set back hid nothing.
  if (asleep || step.by > Millis(0)) {
    away = true;
    woke_ = now.mono;
  }
  if (away) ++absences_;
  return passed;
}

}  // namespace recoup::sources::probe
