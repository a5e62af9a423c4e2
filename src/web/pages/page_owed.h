#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "report/snapshot.h"

namespace recoup::web {

// Line is one agreement in the overview: where it stands now, and what it owes from before.
struct Line {
  std::shared_ptr<const core::Standing> standing;
  std::vector<const record::ClaimLife*> open;  // claims of earlier months, by month
};

// The snapshot's agreements, the worst first. The lines point into the snapshot.
std::vector<Line> lines_of(const report::Snapshot& snapshot);

// Money of several currencies, each amount as its claim asks for it.
class Sums {
 public:
  void add(const std::optional<core::Money>& amount);
  bool empty() const { return by_currency_.empty() && unknown_ == 0; }

  // "184.50 USD and 20.00 EUR and more"; empty where no amount is known.
  std::string html() const;

 private:
  std::map<std::string, core::Ratio> by_currency_;
  std::uint64_t unknown_ = 0;
};

// What is owed, by whom and until when it must be claimed: a sentence and the open claims.
std::string owed_html(const report::Snapshot& snapshot, const std::vector<Line>& lines);

}  // namespace recoup::web
