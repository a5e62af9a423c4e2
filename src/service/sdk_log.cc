#include "service/sdk_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

namespace recoup::service {
namespace {

constexpr std::chrono::minutes kEvery{1};

}  // namespace

void SdkLog::tell(const record::SdkCounts& counts, core::MonoTime now) {
  if (now < next_) return;
  next_ = now + kEvery;
  tell_sums(counts);
  tell_losses(counts);
  tell_uncounted(counts);
}

void SdkLog::tell_sums(const record::SdkCounts& counts) {
  if (counts.dropped > told_.dropped) {
    spdlog::warn(
        "SDKs: {} datagrams were dropped by the system, {} since the service started: attempts of "
        "this time are missing; help: let more of them wait: sysctl net.core.rmem_max",
        counts.dropped - told_.dropped, counts.dropped);
  }
  if (counts.malformed > told_.malformed) {
    spdlog::warn("SDKs: {} datagrams were malformed, {} since the service started; the first: {}",
                 counts.malformed - told_.malformed, counts.malformed,
                 fmt::join(counts.examples, "; "));
  }
  if (counts.untimely > told_.untimely) {
    spdlog::warn(
        "SDKs: {} attempts that are more than a day old, or lie ahead, were not counted, {} since "
        "the service started; help: see that the clocks are right",
        counts.untimely - told_.untimely, counts.untimely);
  }
  told_ = counts;
}

void SdkLog::tell_losses(const record::SdkCounts& counts) {
  core::Instant until = told_until_;
  for (const record::SdkLoss& loss : counts.losses) {
    if (loss.span.begin < told_until_) continue;
    spdlog::warn(
        "SDKs: {}/{}: about {} attempts of client '{}' from {} to {} did not arrive, by how many "
        "its calls made",
        loss.agreement, loss.log, loss.attempts, loss.client, core::to_text(loss.span.begin),
        core::to_text(loss.span.end));
    until = std::max(until, loss.span.end);
  }
  told_until_ = until;
}

void SdkLog::tell_uncounted(const record::SdkCounts& counts) {
  for (const record::SdkCounts::Uncounted& one : counts.uncounted_subjects) {
    if (!subjects_.emplace(one.service, one.region).second) continue;
    if (one.service.empty()) {
      spdlog::warn("SDKs: attempts of further services and Regions are counted by no agreement");
    } else {
      spdlog::warn(
          "SDKs: attempts of {} in {} are counted by no agreement, or not those of every client",
          one.service, one.region.empty() ? "no Region" : one.region);
    }
  }
}

}  // namespace recoup::service
