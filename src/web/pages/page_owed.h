#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/html.h"
#include "report/overview.h"

namespace recoup::web {

// Money of several currencies, each amount as its claim asks for it.
class Sums {
 public:
  void add(const std::optional<core::Money>& amount);
  bool empty() const { return by_currency_.empty() && unknown_ == 0; }

  // "184.50 USD and 20.00 EUR and more"; empty where no amount is known.
  report::Html html() const;

 private:
  std::map<std::string, core::Ratio> by_currency_;
  std::uint64_t unknown_ = 0;
};

// What is owed, by whom and until when it must be claimed: a sentence and the open claims.
report::Html owed_html(const report::Snapshot& snapshot, const std::vector<report::Ranked>& lines);

}  // namespace recoup::web
