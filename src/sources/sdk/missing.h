#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sources/minute_counters.h"

namespace recoup::sources::sdk {

// Missing tells how many attempts did not arrive, of each client in each interval of five minutes:
// as many as its calls counted, without those that arrived. Approximate, since nothing joins an
// attempt to its call: one that went over into the next interval is looked for there, and a call
// that was lost itself hides as many of what is missing as it had attempts.
class Missing {
 public:
  static constexpr std::chrono::minutes kInterval{5};

  // Of one client and interval.
  struct Loss {
    CounterId counters = 0;
    std::string client;
    core::Interval span;
    std::uint64_t attempts = 0;
  };

  // A call that began then made so many attempts; an attempt that began then arrived. What comes
  // when its interval was settled is passed over.
  void expect(CounterId counters, std::string_view client, core::Instant at,
              std::uint64_t attempts);
  void arrived(CounterId counters, std::string_view client, core::Instant at);

  // What is missing of the intervals for which nothing more is to come. The first time it begins
  // with the interval after the one that is running.
  std::vector<Loss> settle(core::Instant now);

  // What is missing when nothing more is to come, of all intervals but the first: what calls of it
  // had done before it began nobody wrote down. By interval.
  std::vector<Loss> settle_all();

 private:
  struct Balance {
    std::uint64_t expected = 0;
    std::uint64_t arrived = 0;
  };
  using Intervals = std::map<core::Instant, Balance>;  // by begin
  using Clients = std::map<std::string, Intervals, std::less<>>;

  Balance* balance(CounterId counters, std::string_view client, core::Instant at);
  std::uint64_t take_loss(Intervals& intervals);

  std::map<CounterId, Clients> counted_;
  std::size_t clients_ = 0;    // in it
  std::size_t intervals_ = 0;  // of all of them
  core::Instant settled_;      // what begins before is over
};

}  // namespace recoup::sources::sdk
