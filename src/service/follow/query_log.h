#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "service/follow/line_log.h"
#include "service/query_reading.h"

namespace recoup::service {

// QueryTotals is what became of all answers of one query.
struct QueryTotals {
  core::Interval asked;  // from the first to the last instant
  std::uint64_t rows = 0, malformed = 0;
  std::uint64_t requests = 0, errors = 0;       // in the answers
  std::uint64_t changed = 0;                    // minutes
  std::uint64_t evidence = 0;                   // records of single requests
  core::Interval touched;                       // from the first to the last minute that changed
  std::vector<sources::MalformedRow> examples;  // the first ones
};

// QueryLog asks one query of one agreement again and again, as a log of lines is read. While its
// engine is away, and where the engine itself knows nothing of a time, that time was not seen; it
// is asked for when the engine is back. So is a time of which it says nothing for too long.
class QueryLog {
 public:
  // The settings outlive it. `before` is the same query as it was asked by earlier settings, or
  // null.
  QueryLog(const config::AgreementSettings& agreement, const config::QuerySettings& query,
           const FollowContext& context, const QueryLog* before);

  // Asks what is due, a day at most; whether more is to be asked at once. The error is the
  // ledger's: nothing is lost, and the next look asks again.
  core::Result<bool> look(const std::stop_token& stop);

  // Asks all that is due, or all of that span, at once. The error is the engine's or the ledger's.
  core::Result<QueryTotals> run(const std::optional<core::Interval>& span,
                                const std::stop_token& stop);

  // Puts off what is due: its engine keeps another one waiting.
  void put_off();

  const record::FollowedLog& counts() const { return counts_; }

  // Where the engine is, by which two are known to ask the same one.
  const std::string& address() const;

 private:
  core::Result<void> begin();
  core::Result<void> step(const std::stop_token& stop);
  core::Result<void> take(const QueryAnswer& answer, const std::stop_token& stop);
  void note_answered(const QueryAnswer& answer, const QueryWritten& written);
  core::Result<void> note_away(const core::Error& error);
  core::Result<void> give_up();
  core::Result<void> note_times();
  std::vector<core::Unseen> times() const;
  void show_problems(const QueryAnswer& answer);
  std::string name() const;
  core::Instant wall() const { return context_.world.clock.wall(); }

  const config::AgreementSettings& agreement_;
  const config::QuerySettings& query_;
  const FollowContext& context_;
  bool has_begun_ = false;
  QueryPlace place_;
  core::Interval pending_;              // is to be asked at once
  core::MonoTime ask_next_;             // nothing is asked before
  std::optional<core::Error> failure_;  // of the engine, as it answered last
  std::optional<Silence> silence_;
  std::vector<core::Unseen> away_;        // times in which the engine did not answer
  std::vector<core::Unseen> unmeasured_;  // of which it knows nothing
  std::vector<core::Unseen> noted_;       // as the ledger has all of these
  core::Instant noted_at_;
  QueryTotals totals_;
  record::FollowedLog counts_;
};

}  // namespace recoup::service
