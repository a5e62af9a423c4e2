#include "sources/sdk/missing.h"

#include <algorithm>

namespace recoup::sources::sdk {
namespace {

using core::Instant;

// An SDK reports a call when it is over, after its last retry, and often its attempts only then.
constexpr std::chrono::minutes kGrace{2};

// More clients than that are not told apart: processes may make their names up.
constexpr std::size_t kMostClients = 1000;
// Nor are they when they have so many intervals together, which take 100 MB.
constexpr std::size_t kMostIntervals = 1 << 20;

Instant begin_of(Instant at) {
  return at - (at.time_since_epoch() % core::Millis(Missing::kInterval));
}

}  // namespace

void Missing::expect(CounterId counters, std::string_view client, Instant at,
                     std::uint64_t attempts) {
  if (Balance* of = balance(counters, client, at)) of->expected += attempts;
}

void Missing::arrived(CounterId counters, std::string_view client, Instant at) {
  if (Balance* of = balance(counters, client, at)) ++of->arrived;
}

Missing::Balance* Missing::balance(CounterId counters, std::string_view client, Instant at) {
  const Instant begin = begin_of(at);
  if (begin < settled_) return nullptr;
  Clients& clients = counted_[counters];
  auto found = clients.find(client);
  const bool is_full =
      intervals_ >= kMostIntervals && (found == clients.end() || !found->second.contains(begin));
  if ((found == clients.end() && clients_ >= kMostClients) || is_full) {
    client = {};
    found = clients.find(client);
  }
  if (found == clients.end()) {
    found = clients.emplace(client, Intervals()).first;
    ++clients_;
  }
  const auto [interval, is_new] = found->second.try_emplace(begin);
  intervals_ += is_new ? 1 : 0;
  return &interval->second;
}

std::vector<Missing::Loss> Missing::settle(Instant now) {
  if (settled_ == Instant()) {
    // Of the first interval the begin was not listened to.
    settled_ = begin_of(now) + kInterval;
    counted_.clear();
    clients_ = 0;
    intervals_ = 0;
  }
  // The next interval is over as well: attempts of a call may lie in it.
  const Instant until = begin_of(now - kGrace - kInterval);
  std::vector<Loss> losses;
  if (until <= settled_) return losses;
  settled_ = until;
  for (auto& [counters, clients] : counted_) {
    for (auto& [client, intervals] : clients) {
      while (!intervals.empty() && intervals.begin()->first < until) {
        const Instant begin = intervals.begin()->first;
        const std::uint64_t lost = take_loss(intervals);
        if (lost > 0) losses.push_back({counters, client, {begin, begin + kInterval}, lost});
      }
    }
    clients_ -= std::erase_if(clients, [](const auto& one) { return one.second.empty(); });
  }
  std::erase_if(counted_, [](const auto& one) { return one.second.empty(); });
  return losses;
}

std::vector<Missing::Loss> Missing::settle_all() {
  Instant first = core::kOpenEnd;
  for (const auto& [counters, clients] : counted_) {
    for (const auto& [client, intervals] : clients) {
      if (!intervals.empty()) first = std::min(first, intervals.begin()->first);
    }
  }
  std::vector<Loss> losses;
  for (auto& [counters, clients] : counted_) {
    for (auto& [client, intervals] : clients) {
      while (!intervals.empty()) {
        const Instant begin = intervals.begin()->first;
        const std::uint64_t lost = take_loss(intervals);
        if (lost > 0 && begin > first) {
          losses.push_back({counters, client, {begin, begin + kInterval}, lost});
        }
      }
    }
  }
  counted_.clear();
  clients_ = 0;
  std::stable_sort(losses.begin(), losses.end(),
                   [](const Loss& a, const Loss& b) { return a.span.begin < b.span.begin; });
  return losses;
}

// Takes the first interval away. What it lacks may have begun in the next one.
std::uint64_t Missing::take_loss(Intervals& intervals) {
  const auto first = intervals.extract(intervals.begin());
  --intervals_;
  const Balance& of = first.mapped();
  if (of.arrived >= of.expected) return 0;
  std::uint64_t lacking = of.expected - of.arrived;
  const auto next = intervals.find(first.key() + kInterval);
  if (next != intervals.end() && next->second.arrived > next->second.expected) {
    const std::uint64_t there = std::min(lacking, next->second.arrived - next->second.expected);
    next->second.arrived -= there;
    lacking -= there;
  }
  return lacking;
}

}  // namespace recoup::sources::sdk
