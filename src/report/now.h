#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/snapshot.h"

// What an agreement's service is like at the moment, beside what its month comes to.
namespace recoup::report {

// Condition is that in one word.
enum class Condition {
  up,       // the newest that is known went well
  partly,   // some of its probes fail, or some Requests of the newest interval were Errors
  failing,  // all its probes fail, or half of these Requests and more were Errors
  unseen,   // something was measured, and for longer than an interval nothing was
  silent,   // a log or a query that brought Requests says nothing any more
  nobody,   // no Request of the cycle is known
};

// "Up", "Nobody measures": as a label.
std::string_view to_text(Condition condition);

// Whether Requests are failing now.
bool is_trouble(Condition condition);

// Whether nobody knows what it is like now.
bool is_dark(Condition condition);

// Now is the condition, and since when. What is known begins with the month, and with the service's
// start: an earlier begin is not seen.
struct Now {
  Condition condition = Condition::nobody;
  std::optional<core::Instant> since = {};
  std::string what = {};  // fails: "503 KMSInternalException", "1 of 3 probes"; or which source
  std::optional<core::Instant> as_of = {};  // up to when it is known, where that is a while ago
};

// NowReader says it of the agreements of a snapshot, which outlives it. What was measured a moment
// ago is told by the newest answers of probes; what logs and other processes saw, by the intervals.
class NowReader {
 public:
  explicit NowReader(const Snapshot& snapshot);

  // Looks at the newest intervals alone: for lists of many agreements.
  Condition condition(const core::Judgement& judgement) const;

  // Looks through the month for since when.
  Now of(const core::Judgement& judgement) const;

 private:
  // What the newest answers of an agreement's probes say, as far as these are recent.
  struct Answers {
    std::size_t probes = 0;
    std::size_t failing = 0;
    std::string what = {};                            // the newest failure
    std::optional<core::Instant> failing_since = {};  // the first of those that fail
    std::optional<core::Instant> recovered = {};      // the last of those that failed before
    std::optional<core::Instant> known_since = {};    // likewise of those that never did

    core::Instant fails_since(const core::Assessment& assessment) const;
    core::Instant well_since(const core::Assessment& assessment, core::Instant at) const;
  };
  Answers answers_of(const std::string& agreement) const;
  const record::FollowedLog* silent_log(const std::string& agreement) const;

  const Snapshot& snapshot_;
  std::multimap<std::string_view, const record::LastAnswer*> answers_;
  std::multimap<std::string_view, const record::FollowedLog*> logs_;
};

// The index of the cycle's interval that the instant lies in; of one behind the cycle the last one.
std::size_t interval_index(const core::Assessment& assessment, core::Instant at);

}  // namespace recoup::report
