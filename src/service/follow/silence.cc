#include "service/follow/silence.h"

#include <algorithm>

namespace recoup::service {
namespace {

constexpr std::chrono::minutes kNoteEvery{5};
constexpr const char* kWhy = "the log said nothing";

}  // namespace

std::vector<core::Unseen> without_told(const std::vector<core::Unseen>& silent,
                                       const std::vector<core::Minute>& told, core::Millis most,
                                       core::Instant now) {
  std::vector<core::Unseen> left;
  for (const core::Unseen& one : silent) {
    const core::Instant end = std::min(one.span.end, now);
    core::Instant begin = one.span.begin;
    bool is_cut = false;
    const auto keep = [&](core::Instant until) {
      // What was silent as a whole stays so, however short it is.
      const bool is_long = until - begin > (is_cut ? most : core::Millis(0));
      if (is_long) left.push_back({{begin, until}, one.why});
    };
    const auto first = std::lower_bound(told.begin(), told.end(), core::minute_of(begin));
    for (auto minute = first; minute != told.end() && core::Instant(*minute) < end; ++minute) {
      is_cut = true;
      keep(std::max(begin, core::Instant(*minute)));
      begin = core::Instant(*minute) + std::chrono::minutes(1);
    }
    if (begin < end) keep(end);
  }
  return left;
}

bool Silence::told(const std::vector<core::Minute>& minutes, core::Instant now) {
  grew_ = now;
  is_silent_ = false;
  if (minutes.empty()) return false;
  const std::vector<core::Unseen> before = times_;
  // It was silent up to now, also since it was noted last: before the service was stopped, perhaps.
  const bool was_silent = !times_.empty() && newest_ == times_.back().span.begin;
  if (was_silent) times_.back().span.end = std::max(times_.back().span.end, now);
  const core::Instant end = core::Instant(minutes.back()) + std::chrono::minutes(1);
  newest_ = std::max(newest_.value_or(end), end);
  times_ = without_told(times_, minutes, after_.value_or(core::Millis(0)), now);
  return times_ != before;
}

bool Silence::look(core::Instant now) {
  // A clock that was set back has not been silent for longer than it shows.
  grew_ = std::min(grew_, now);
  noted_ = std::min(noted_, now);
  if (!after_ || !newest_ || now - grew_ < *after_ || *newest_ >= now) return false;
  if (is_silent_ && now - noted_ < kNoteEvery) return false;
  is_silent_ = true;
  noted_ = now;
  const core::Unseen silent{{*newest_, now}, kWhy};
  if (!times_.empty() && times_.back().span.begin == silent.span.begin) times_.pop_back();
  times_.push_back(silent);
  return true;
}

}  // namespace recoup::service
