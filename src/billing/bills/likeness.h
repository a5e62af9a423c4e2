#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recoup::billing {

// The candidates that `word` may have been meant to be, the likeliest first, at most five: by
// spelling, by words that both have, and by initials ("AWS KMS", "AWS Key Management Service").
// Where none is like it, the first ones.
std::vector<std::string> likeliest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// "'A'", "'A' and 'B'", "'A', 'B' and 3 more": at most five; "(empty)" for an empty one.
std::string listed(const std::vector<std::string>& words);

}  // namespace recoup::billing
