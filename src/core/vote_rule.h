#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::core {

// VoteRule says how many vantage points must have seen a loss that is believed to be the service's.
struct VoteRule {
  std::uint32_t least = 0;  // 0: more than half of those that vote
  std::uint32_t of = 0;     // that there are to be; no less than `least`

  bool operator==(const VoteRule&) const = default;
};

// "majority", or "2 of 3". Nothing for any other text.
std::optional<VoteRule> parse_vote_rule(std::string_view text);
std::string to_text(const VoteRule& rule);

}  // namespace recoup::core
