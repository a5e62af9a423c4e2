#include "web/api/api_query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace recoup::web {

Query::Query(const Request& request, const std::vector<std::string_view>& known)
    : request_(request) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string expected =
        known.empty()
            ? "no parameter"
            : fmt::format("{}{}", known.size() == 1 ? "" : "one of ", fmt::join(known, ", "));
    problem_ = Problem{400, fmt::format("expected {}, got {}", expected, in_quotes(name)), name};
    return;
  }
}

std::size_t Query::limit(std::size_t most) {
  constexpr std::size_t kUsual = 100;
  const auto given = text("limit");
  if (!given) return kUsual;
  const auto number = parse_number(*given);
  if (number && *number >= 1 && *number <= most) return static_cast<std::size_t>(*number);
  refuse("limit", fmt::format("a whole number from 1 to {}", most));
  return kUsual;
}

std::optional<std::string> Query::text(const char* name) {
  const auto given = request_.query.find(name);
  if (given == request_.query.end()) return std::nullopt;
  return given->second;
}

std::optional<core::Instant> Query::instant(const char* name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  if (const auto parsed = core::parse_instant(*given)) return *parsed;
  refuse(name, "an instant like 2026-10-03T02:00:00Z");
  return std::nullopt;
}

std::optional<std::string> Query::one_of(const char* name,
                                         const std::vector<std::string_view>& words) {
  const auto given = text(name);
  if (!given || std::find(words.begin(), words.end(), *given) != words.end()) return given;
  refuse(name, fmt::format("one of {}", fmt::join(words, ", ")));
  return std::nullopt;
}

core::Interval Query::span() {
  const core::Interval span{instant("from").value_or(core::Instant::min()),
                            instant("to").value_or(core::kOpenEnd)};
  if (span.empty()) refuse("to", "an instant after that of from");
  return span;
}

void Query::refuse(const char* name, const std::string& expected) {
  if (problem_) return;
  const std::string got = text(name).value_or("");
  problem_ =
      Problem{400, fmt::format("{}: expected {}, got {}", name, expected, in_quotes(got)), name};
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace recoup::web
