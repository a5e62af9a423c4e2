#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "errand/http.h"
#include "sources/probe/credentials/found_keys.h"

// What the token services of OAuth 2 (RFC 6749) have in common.
namespace recoup::sources::probe {

// "a=1&b=2" of a form, encoded; fields without a value are left out.
std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields);

// A question to a token service, by a form. Nothing is sent to a host that is neither this machine
// nor asked encrypted.
core::Result<errand::Answer> ask_for_token(const std::string& url, const std::string& form);

// The access token that the service answered with, to what was sent at `asked`; `from` says whose
// it is. The error has the service's own name for it, and what the Date of the answer tells of our
// clock; no secret.
core::Result<FoundKeys> token_in(const core::Result<errand::Answer>& answer,
                                 const std::string& from, core::Instant asked);

// The first text, or whole number, at that place of JSON; empty where there is none.
std::string json_text(const std::string& json, std::string_view path);

}  // namespace recoup::sources::probe
