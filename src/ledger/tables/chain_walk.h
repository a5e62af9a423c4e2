#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "record/chain.h"
#include "record/records.h"

namespace recoup::ledger {

bool is_of(const record::ChainHead& head, const record::SeriesKey& key);

// ChainWalk goes along one chain from its first record, and stops at the first that does not fit.
class ChainWalk {
 public:
  // `records` and `head`, a link, are where the chain is said to end; `sealed` what seals say of
  // this and of other series.
  ChainWalk(const record::SeriesKey& key, std::uint64_t records, std::string head,
            const std::vector<record::ChainHead>& sealed);

  // Before the first step, of a chain whose begin was removed: it goes on behind so many records
  // with that link. Whether that fits what is sealed of it; what was sealed before is not looked
  // at.
  bool begin_at(std::uint64_t records, std::string_view link);

  // The next record by its position, with the link that is kept of it. Whether it fits.
  bool step(std::uint64_t position, std::string_view link, const record::Evidence& seen);

  // After the last record; whether the chain ends as it is said to.
  bool finish();

  // The first fault, if there is one.
  const record::ChainFault& fault() const { return fault_; }

 private:
  bool stop(std::uint64_t position, std::string what);

  record::Linker linker_;
  std::uint64_t records_;
  std::string head_;
  std::map<std::uint64_t, std::string> sealed_;  // links in hexadecimal digits by position
  std::string link_;
  std::uint64_t at_ = 0;  // records that fit
  record::ChainFault fault_;
};

}  // namespace recoup::ledger
