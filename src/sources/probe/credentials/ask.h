#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "errand/http.h"

namespace recoup::sources::probe {

// How long metadata is waited for: it is on the machine itself, and who does not answer at once is
// not there.
inline constexpr core::Millis kNear{1000};

// Asks for credentials: the machine's own metadata, a token service. The error names the host and
// the reason, and nothing of what was sent.
core::Result<errand::Answer> ask(const errand::Request& request);

// Whether a secret may be sent there: to this machine itself, or encrypted.
bool may_have_a_secret(const std::string& url);

// "; this machine's clock is 420 s ahead of theirs" where the answer's Date shows that the clocks
// differ by more than a token service takes; empty otherwise.
std::string clock_words(const std::optional<core::Instant>& theirs, core::Instant ours);

}  // namespace recoup::sources::probe
