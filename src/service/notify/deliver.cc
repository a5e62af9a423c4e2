#include "service/notify/deliver.h"

#include <fmt/format.h>

#include "errand/http.h"
#include "errand/program.h"

namespace recoup::service {
namespace {

using core::Error;
using core::Result;

Result<void> post(const config::NotifySettings& settings, const std::string& json,
                  const std::stop_token& stop) {
  constexpr int kFirstGood = 200;
  constexpr int kFirstOther = 300;
  errand::Request request;
  request.method = "POST";
  request.url = settings.webhook.reveal();
  request.headers = {"Content-Type: application/json"};
  for (const rules::Header& header : settings.headers) {
    request.headers.push_back(header.name + ": " +
                              (header.secret.empty() ? header.value : header.secret.reveal()));
  }
  request.body = json;
  request.within = settings.timeout;
  request.user_agent = "recoup/" RECOUP_VERSION;
  // What is answered is not looked at: it may repeat what was sent.
  const auto answer = errand::send(request, stop);
  if (!answer) return answer.error();
  if (answer->status >= kFirstGood && answer->status < kFirstOther) return {};
  return Error{fmt::format("it answered with the status {}", answer->status)};
}

}  // namespace

Result<void> deliver(const config::NotifySettings& settings, const std::string& json,
                     const core::Clock& clock, const std::stop_token& stop) {
  if (settings.command.empty()) return post(settings, json, stop);
  const auto done = errand::run(
      {.words = settings.command, .input = json + '\n', .within = settings.timeout}, clock, stop);
  if (!done) return done.error();
  return {};
}

}  // namespace recoup::service
