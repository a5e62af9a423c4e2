#include "sources/probe/credentials/ask.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sources/probe/url.h"

namespace recoup::sources::probe {

core::Result<errand::Answer> ask(const errand::Request& request) {
  auto answer = errand::send(request);
  if (answer) return answer;
  return core::Error{fmt::format("expected an answer of {}, got none: {}",
                                 Url::parse(request.url).value_or(Url{}).authority(),
                                 answer.error().message)};
}

bool may_have_a_secret(const std::string& url) {
  static constexpr std::array<std::string_view, 3> kHere{"localhost", "127.0.0.1", "[::1]"};
  const auto parsed = Url::parse(url);
  return parsed && (parsed->scheme == "https" ||
                    std::find(kHere.begin(), kHere.end(), parsed->host) != kHere.end());
}

std::string clock_words(const std::optional<core::Instant>& theirs, core::Instant ours) {
  // Requests take seconds, and the Date is cut to one; services take minutes.
  constexpr std::chrono::seconds kWorthAWord{30};
  if (!theirs) return {};
  const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(ours - *theirs);
  if (ahead < kWorthAWord && ahead > -kWorthAWord) return {};
  return fmt::format("; this machine's clock is {} s {} theirs", std::abs(ahead.count()),
                     ahead.count() > 0 ? "ahead of" : "behind");
}

}  // namespace recoup::sources::probe
