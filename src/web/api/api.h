#pragma once

#include "web/http/message.h"
#include "web/site/call.h"

// The API by its OpenAPI document, which /api/v1/openapi.json gives: one function for each path.
namespace recoup::web {

Response send_document(const Call& call);
Response list_agreements(const Call& call);
Response show_agreement(const Call& call);
Response list_months(const Call& call);
Response list_contracts(const Call& call);
Response list_series(const Call& call);
Response list_failures(const Call& call);
Response list_claims(const Call& call);
Response list_claim_totals(const Call& call);
Response show_assessment(const Call& call);
Response list_intervals(const Call& call);
Response list_evidence(const Call& call);
Response show_charge(const Call& call);
Response send_claim_files(const Call& call);

// The problem that a call has instead of an answer.
Response refuse_api(const Call& call, Refusal why);

}  // namespace recoup::web
