#include "web/http/rate_limit.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace recoup::web {
namespace {

// Bucket says when it would be full again: what is in it follows from that.
class Bucket {
 public:
  Bucket(core::Millis interval, int burst, const core::Clock& clock)
      : interval_(interval), burst_(burst), clock_(clock) {}

  bool take() {
    const std::lock_guard lock(mutex_);
    const core::MonoTime now = clock_.mono();
    const core::MonoTime full = std::max(full_, now) + interval_;
    if (full - now > interval_ * burst_) return false;
    full_ = full;
    return true;
  }

 private:
  const core::Millis interval_;
  const int burst_;
  const core::Clock& clock_;
  std::mutex mutex_;
  core::MonoTime full_{};
};

}  // namespace

Handler with_rate_limit(Handler next, core::Millis interval, int burst, const core::Clock& clock) {
  return [bucket = std::make_shared<Bucket>(interval, burst, clock),
          next = std::move(next)](const Request& request) -> ResponseOrWork {
    if (bucket->take()) return next(request);
    return problem(429, "more requests than the web configuration lets through");
  };
}

}  // namespace recoup::web
