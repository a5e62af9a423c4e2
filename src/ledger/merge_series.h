#pragma once

#include <map>
#include <string>

#include "ledger/merged.h"
#include "ledger/tables/tables.h"

namespace recoup::ledger {

// Merging is two ledgers on their way to be one. Inside a transaction of each.
struct Merging {
  Tables& from;
  Tables& to;
  Merged merged = {};
  std::map<std::string, core::Interval> touched = {};  // by agreement, what changed of it

  void touch(const std::string& agreement, const core::Interval& span) {
    core::Interval& all = touched[agreement];
    all = joined(all, span);
  }
};

// "the probe encrypt from eu of kms", for people.
std::string words_of(const record::SeriesKey& key);

// The counts of a series, those of folded days too.
std::map<core::Minute, std::vector<core::OutcomeCount>> minutes_of(Tables& from,
                                                                   record::SeriesId series);

// Brings all of one series over, whatever it is of; `from` is its number there. Throws Failure
// where the other ledger counted the same minute otherwise.
void merge_series(Merging& at, record::SeriesId from, const record::SeriesKey& key);

// The same of the parts of one.
void merge_evidence(Merging& at, record::SeriesId from, record::SeriesId to,
                    const record::SeriesKey& key);
void merge_unseen(Merging& at, record::SeriesId from, record::SeriesId to,
                  const record::SeriesKey& key);

}  // namespace recoup::ledger
