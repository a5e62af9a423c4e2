#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "core/outcome.h"

namespace recoup::core {

// OutcomeTable numbers outcomes in the order in which it meets them, so that whoever counts
// millions of requests keeps and compares a number for each and not a text. One thread at a time.
class OutcomeTable {
 public:
  using Id = std::uint32_t;

  // The names of errors are a server's to make up: at most `most_named` outcomes with one are told
  // apart, and further ones have the number of their status alone.
  explicit OutcomeTable(std::size_t most_named = std::numeric_limits<std::size_t>::max())
      : most_named_(most_named) {}

  Id id(const Outcome& outcome);

  // The number of Answered{status}, for readers that see nothing but statuses, line after line.
  Id answered(int status) {
    const Plain& known = plain_[static_cast<std::size_t>(status) % kPlain];
    return known.status == status ? known.id : find_answered(status);
  }

  const Outcome& operator[](Id id) const { return outcomes_[id]; }

  // All outcomes, by number.
  const std::vector<Outcome>& all() const { return outcomes_; }

 private:
  // Nearly all answers have no name: the number of their status was most likely asked for before.
  struct Plain {
    int status = -1;
    Id id = 0;
  };
  static constexpr std::size_t kPlain = 64;

  Id find(const Outcome& outcome);
  Id find_answered(int status);

  std::array<Plain, kPlain> plain_;  // by status modulo their number
  std::map<Outcome, Id> ids_;
  std::vector<Outcome> outcomes_;
  std::size_t named_ = 0;
  std::size_t most_named_;
};

}  // namespace recoup::core
