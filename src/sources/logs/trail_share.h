#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/outcome_table.h"
#include "sources/logs/trail_content.h"
#include "sources/logs/trail_record.h"

namespace recoup::sources {

// Longer texts of a record are cut where they are kept.
inline constexpr std::size_t kLongestTrailText = 128;

// ShareTally gathers what one file tells of one agreement. The wish and the file's name outlive it.
class ShareTally {
 public:
  ShareTally(const TrailWish& wish, std::string_view file) : wish_(wish), file_(file) {}

  // A Request of the agreement; `number` is the record's, from 1.
  void add(const TrailRecord& record, std::uint64_t number);

  // Something happened in the account and Region, whatever it was.
  void hear(core::Instant at) { share_.events.heard = std::max(share_.events.heard, at); }
  void mark(record::TrailMark mark) { share_.events.marks.push_back(std::move(mark)); }

  TrailShare take();

 private:
  core::Outcome outcome_of(const TrailRecord& record) const;
  bool is_on_key_store(const TrailRecord& record) const;
  bool is_worth(core::OutcomeTable::Id outcome);
  void keep(const TrailRecord& record, std::uint64_t number, std::uint64_t id,
            const core::Outcome& outcome);

  static constexpr std::size_t kMostNamed = 1000;

  const TrailWish& wish_;
  std::string_view file_;
  core::OutcomeTable outcomes_{kMostNamed};
  std::vector<bool> is_worth_;  // by outcome
  std::size_t kept_ = 0;        // bytes of evidence, about
  TrailShare share_;
};

}  // namespace recoup::sources
