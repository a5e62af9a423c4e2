#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::documents {

// The candidate that `word` was most likely meant to be: the fewest characters inserted, dropped,
// replaced or swapped with a neighbour, and few in proportion to the word. Nothing where none is.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// "did you mean 'x'?", or where nothing is near, `otherwise`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         const std::string& otherwise = {});

}  // namespace recoup::documents
