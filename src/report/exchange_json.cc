#include "report/exchange_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace recoup::report {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// "12.345678": nanoseconds in milliseconds, exact.
std::string exact_millis(std::chrono::nanoseconds duration) {
  return fmt::format("{}.{:06}", duration.count() / 1'000'000, duration.count() % 1'000'000);
}

Json server_json(const record::TlsSeen& server) {
  return {{"version", server.version},
          {"cipher", server.cipher},
          {"earliest_end", core::to_text(server.earliest_end)},
          {"subject", server.subject},
          {"issuer", server.issuer}};
}

}  // namespace

Json phases_json(const record::Phases& phases) {
  Json json;
  for (const record::Phase phase : record::kPhases) {
    json[std::string(record::to_text(phase))] =
        exact_millis(phases[static_cast<std::size_t>(phase)]);
  }
  return json;
}

Json exchange_json(const record::Exchange& exchange) {
  const record::ProbeResult& result = exchange.result;
  Json checks = Json::array();
  for (const record::CheckResult& one : result.checks) {
    checks.push_back(
        {{"check", one.check}, {"failed", one.failed()}, {"why", text_or_null(one.why)}});
  }
  Json json = {{"probe", exchange.probe}, {"at", core::to_text(result.started)}};
  if (!exchange.target.empty()) json["target"] = exchange.target;
  json.update(outcome_json(result.outcome));
  json.update({{"expected", result.expected},
               {"duration_ms", exact_millis(result.duration)},
               {"phases_ms", phases_json(result.phases)},
               {"checks", std::move(checks)},
               {"peer", text_or_null(exchange.peer)},
               {"tls", result.server ? server_json(*result.server) : Json(nullptr)},
               {"why", text_or_null(exchange.why)},
               {"asked", exchange.asked},
               {"answered", text_or_null(exchange.answered)},
               {"body", exchange.body},
               {"body_is_cut", exchange.body_is_cut}});
  return json;
}

}  // namespace recoup::report
