#include "cli/practice_provider.h"

#include <fmt/format.h>

namespace recoup::cli {
namespace {

// What goes wrong in which seconds of each minute.
struct StagedFailure {
  int from, to;  // [from, to)
  int status;
  std::string_view name;
};

constexpr StagedFailure kStagedFailures[] = {{20, 23, 503, "DependencyTimeoutException"},
                                             {45, 46, 500, "KMSInternalException"}};

}  // namespace

core::Result<std::unique_ptr<PracticeProvider>> PracticeProvider::start(core::World world) {
  std::unique_ptr<PracticeProvider> provider(new PracticeProvider(world.clock));
  const auto handler = [raw = provider.get()](const web::Request&) { return raw->answer(); };
  auto server = web::Server::start({"127.0.0.1"}, handler, world);
  if (!server) return server.error();
  provider->server_ = *std::move(server);
  return provider;
}

web::Response PracticeProvider::answer() {
  const std::uint64_t number = ++answered_;
  web::Response response;
  response.content_type = "application/x-amz-json-1.1";
  response.headers["x-amzn-requestid"] = fmt::format("00000000-0000-4000-8000-{:012x}", number);
  response.body = R"({"Plaintext":"cHJhY3RpY2U="})";
  const auto since_minute = clock_.wall() - core::minute_of(clock_.wall());
  for (const StagedFailure& failure : kStagedFailures) {
    if (since_minute < std::chrono::seconds(failure.from)) continue;
    if (since_minute >= std::chrono::seconds(failure.to)) continue;
    response.status = failure.status;
    response.body = fmt::format(R"({{"__type":"com.amazonaws.kms#{}"}})", failure.name);
  }
  return response;
}

}  // namespace recoup::cli
