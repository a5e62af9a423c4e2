#include "claim/verify/findings.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace recoup::claim {
namespace {

// More complaints of one kind help nobody.
constexpr std::size_t kMostComplaints = 20;

}  // namespace

void Findings::check(std::string holds) {
  close();
  holds_ = std::move(holds);
  before_ = into_.differs.size();
  held_ = true;
}

void Findings::differs(std::string sentence) {
  held_ = false;
  // What a file holds must not steer the terminal of whoever reads this.
  std::replace_if(
      sentence.begin(), sentence.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; },
      '?');
  auto& all = into_.differs;
  if (std::find(all.begin(), all.end(), sentence) != all.end()) return;
  if (all.size() - before_ >= kMostComplaints) {
    ++more_;
  } else {
    all.push_back(std::move(sentence));
  }
}

void Findings::close() {
  if (more_ > 0) into_.differs.push_back(fmt::format("and {} more of this kind", more_));
  if (!holds_.empty() && held_) into_.agreed.push_back(holds_);
  holds_.clear();
  more_ = 0;
}

}  // namespace recoup::claim
