#include "service/timestamp_post.h"

#include <fmt/format.h>

#include "errand/http.h"
#include "record/time_token.h"

namespace recoup::service {

using core::Error;

core::Result<std::string> post_time_query(const std::string& url, const std::string& query,
                                          const std::stop_token& stop) {
  auto answer = errand::send({.method = "POST",
                              .url = url,
                              .headers = {"Content-Type: application/timestamp-query",
                                          "Accept: application/timestamp-reply", "Expect:"},
                              .body = query,
                              .within = std::chrono::seconds(30),
                              .most = record::kLargestToken,
                              .user_agent = "recoup/" RECOUP_VERSION},
                             stop);
  if (!answer) {
    return Error{
        fmt::format("expected an answer with a token, got none: {}", answer.error().message)};
  }
  if (answer->status != 200) {
    return Error{fmt::format("expected the status 200, got {}", answer->status)};
  }
  if (answer->type.starts_with("text/")) {
    return Error{fmt::format("expected application/timestamp-reply, got {}", answer->type)};
  }
  return std::move(answer->body);
}

}  // namespace recoup::service
