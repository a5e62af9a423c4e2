#include "ledger/tables/chain_walk.h"

#include <fmt/format.h>

#include "ledger/tables/columns.h"
#include "record/hex.h"

namespace recoup::ledger {
namespace {

std::string shown(std::uint64_t position, const record::Evidence& seen) {
  std::string text = fmt::format("record {} ({}, {}", position, core::to_text(seen.at),
                                 core::to_text(seen.outcome));
  if (!seen.request_id.empty()) text += ", request " + seen.request_id;
  return text + ')';
}

}  // namespace

bool is_of(const record::ChainHead& head, const record::SeriesKey& key) {
  return head.kind == to_text(key.kind) && head.name == key.name && head.part == key.part;
}

ChainWalk::ChainWalk(const record::SeriesKey& key, std::uint64_t records, std::string head,
                     const std::vector<record::ChainHead>& sealed)
    : records_(records),
      head_(std::move(head)),
      link_(record::first_link(key.agreement, std::string(to_text(key.kind)), key.name, key.part)),
      fault_{key, 0, ""} {
  for (const record::ChainHead& one : sealed) {
    if (is_of(one, key)) sealed_.emplace(one.records, one.head);
  }
}

bool ChainWalk::begin_at(std::uint64_t records, std::string_view link) {
  at_ = records;
  link_ = link;
  const auto sealed = sealed_.find(records);
  const bool fits = sealed == sealed_.end() || sealed->second == record::to_hex(link_);
  sealed_.erase(sealed_.begin(), sealed_.upper_bound(records));
  if (fits) return true;
  return stop(
      records,
      fmt::format("the {} records that were removed are not those that were sealed", records));
}

bool ChainWalk::step(std::uint64_t position, std::string_view link, const record::Evidence& seen) {
  if (position > at_ + 1) {
    return stop(at_ + 1, fmt::format("record {} was taken out: the next one is {}", at_ + 1,
                                     shown(position, seen)));
  }
  if (position <= at_) {
    return stop(position, shown(position, seen) + " was put in: there are two of its position");
  }
  if (position > records_) {
    return stop(position, shown(position, seen) + " was put in behind the end of the chain");
  }
  linker_.advance(link_, seen);
  if (link_ != link) return stop(position, shown(position, seen) + " was changed, or put in");
  at_ = position;
  const auto sealed = sealed_.find(at_);
  if (sealed == sealed_.end() || sealed->second == record::to_hex(link_)) return true;
  return stop(position, fmt::format("the records up to {} are not those that were sealed: the "
                                    "chain was made anew",
                                    shown(position, seen)));
}

bool ChainWalk::finish() {
  if (at_ < records_) {
    return stop(at_ + 1, fmt::format("record {} was taken out: expected {} records, got {}",
                                     at_ + 1, records_, at_));
  }
  if (at_ > 0 && link_ != head_) {
    return stop(at_, "the head of the chain was changed: it is not the last record's link");
  }
  if (!sealed_.empty() && sealed_.rbegin()->first > at_) {
    return stop(at_ + 1, fmt::format("record {} was taken out: {} records were sealed, got {}",
                                     at_ + 1, sealed_.rbegin()->first, at_));
  }
  return true;
}

bool ChainWalk::stop(std::uint64_t position, std::string what) {
  fault_.position = position;
  fault_.what = std::move(what);
  return false;
}

}  // namespace recoup::ledger
