#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "web/api/api_answer.h"

namespace recoup::web {

// Query reads the parameters of one request. The first one that is not what was expected is the
// problem; what is read after it does not matter.
class Query {
 public:
  // Any other parameter than `known` is a problem. The request must live longer.
  Query(const Request& request, const std::vector<std::string_view>& known);

  // "limit": from 1 to `most`; 100 where it is not given.
  std::size_t limit(std::size_t most);

  // What was given; nothing where it was not.
  std::optional<std::string> text(const char* name);
  std::optional<core::Instant> instant(const char* name);
  std::optional<std::string> one_of(const char* name, const std::vector<std::string_view>& words);

  // "from" and "to": half-open, without an end where they are not given; not empty.
  core::Interval span();

  // Says that the parameter is not what was expected.
  void refuse(const char* name, const std::string& expected);

  const std::optional<Problem>& problem() const { return problem_; }

 private:
  const Request& request_;
  std::optional<Problem> problem_;
};

// A whole number of digits alone; nothing where the text is none.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace recoup::web
