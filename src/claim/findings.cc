#include "claim/findings.h"

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
}

void Findings::differs(std::string sentence) {
  if (into_.differs.size() - before_ >= kMostComplaints) {
    ++more_;
  } else {
    into_.differs.push_back(std::move(sentence));
  }
}

void Findings::close() {
  if (more_ > 0) into_.differs.push_back(fmt::format("and {} more of this kind", more_));
  if (!holds_.empty() && into_.differs.size() == before_) into_.agreed.push_back(holds_);
  holds_.clear();
  more_ = 0;
}

}  // namespace recoup::claim
