#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/api/api_answer.h"
#include "web/api/api_query.h"
#include "web/http/message.h"
#include "web/site.h"

namespace recoup::web {

// Call is a GET of one of the API's paths, as far as its path says what is meant.
struct Call {
  const Site& site;
  const Request& request;
  bool may_wait;  // it may take longer: the ledger may be read
  std::shared_ptr<const report::Snapshot> snapshot;
  std::shared_ptr<const core::Standing> agreement;  // in its running cycle; null: none is named
  core::Month month{};                              // where the path names one; has begun

  const std::string& id() const { return agreement->agreement.id; }
};

// The paths there are, as the OpenAPI document writes them.
std::vector<std::string> api_paths();

// The answer; nothing where it takes longer and may not.
using Answer = std::optional<Response>;

// One function for each path.
Answer list_agreements(const Call& call);
Answer show_agreement(const Call& call);
Answer list_months(const Call& call);
Answer list_contracts(const Call& call);
Answer list_series(const Call& call);
Answer list_claims(const Call& call);
Answer show_assessment(const Call& call);
Answer list_intervals(const Call& call);
Answer list_evidence(const Call& call);
Answer show_charge(const Call& call);
Answer send_claim_files(const Call& call);

// The rest of an answer that is read from the ledger.
Answer from_ledger(const Call& call, const std::function<Response(Records&)>& read);

// The rest of an answer about the verdict on the call's month: the snapshot has the running one.
Answer from_standing(const Call& call, const std::function<Response(const core::Standing&)>& show);

// The ledger, or what else Records read, gave no answer.
Response unreadable(const Request& request, const core::Error& error);

// "/api/v1/agreements/web/months": a path under an agreement's; its own where `under` is empty.
std::string agreement_path(const std::string& id, const std::string& under = {});

}  // namespace recoup::web
