#include "web/api/api_resources.h"

#include <fmt/format.h>

namespace recoup::web {

Response from_ledger(const Call& call, const std::function<Response(Records&)>& read) {
  if (call.month > call.running_month()) {
    return refuse(call.request, {404, fmt::format("{} has not begun: {} is the running month",
                                                  core::to_text(call.month),
                                                  core::to_text(call.running_month()))});
  }
  if (call.site.records == nullptr) {
    return refuse(call.request,
                  {503, "the ledger is kept in memory and can only be read by the service itself"});
  }
  return read(*call.site.records);
}

Response from_judgement(const Call& call,
                        const std::function<Response(const core::Judgement&)>& show) {
  if (call.running()) return show(*call.agreement);
  return from_ledger(call, [&](Records& records) {
    const auto judgement = records.judgement(call.id(), call.month);
    if (!judgement) return unreadable(call.request, judgement.error());
    if (*judgement) return show(***judgement);
    return refuse(call.request, {404, fmt::format("no version of the contract is known for {}",
                                                  core::to_text(call.month))});
  });
}

Response unreadable(const Request& request, const core::Error& error) {
  return refuse(request, {503, error.message});
}

std::string agreement_path(const std::string& id, const std::string& under) {
  return "/api/v1/agreements/" + id + (under.empty() ? "" : "/" + under);
}

}  // namespace recoup::web
