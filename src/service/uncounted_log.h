#pragma once

#include <map>
#include <set>
#include <string>

#include "report/snapshot.h"

namespace recoup::service {

// UncountedLog writes a line to the log when answers of 5xx that are no Errors by the contract come
// for the first time: one for each agreement and outcome while the service runs, not one for each
// request, and no more than kMost for an agreement. One thread.
class UncountedLog {
 public:
  static constexpr std::size_t kMost = 20;

  void tell(const core::Judgement& judgement);

 private:
  std::map<std::string, std::set<core::Outcome>> told_;  // by agreement
};

}  // namespace recoup::service
