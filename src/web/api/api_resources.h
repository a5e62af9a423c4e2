#pragma once

#include <functional>
#include <string>

#include "web/api/api_answer.h"
#include "web/api/api_query.h"
#include "web/http/message.h"
#include "web/site/call.h"

namespace recoup::web {

// An answer that is read from the ledger.
Response from_ledger(const Call& call, const std::function<Response(Records&)>& read);

// An answer about the verdict on the call's month: the snapshot has the running one.
Response from_judgement(const Call& call,
                        const std::function<Response(const core::Judgement&)>& show);

// The ledger, or what else Records read, gave no answer.
Response unreadable(const Request& request, const core::Error& error);

// "/api/v1/agreements/web/months": a path under an agreement's; its own where `under` is empty.
std::string agreement_path(const std::string& id, const std::string& under = {});

}  // namespace recoup::web
