// A Bearer token (RFC 6750) that somebody else fetches: a variable has it, or a file, which is read
// again when it changes.
#include "sources/probe/signers/authorization.h"

namespace recoup::sources::probe {
namespace {

core::Result<FoundKeys> find_token(const rules::Signing& how, const documents::Environment&,
                                   const core::Clock&) {
  const auto token = rules::text_now(*how.secret);
  if (!token) return token.error();
  auto found = authorization("Bearer " + token->reveal(), how.secret->from);
  if (!how.secret->file.empty()) found.life.files = {how.secret->file};
  return found;
}

}  // namespace

extern const SignerKind kBearer;
const SignerKind kBearer{
    .name = "bearer",
    .says = {.secret = "token", .needs_secret = true},
    .find_elsewhere = find_token,
    .make = make_signer<Authorization>,
    // RFC 6750, 3: a token that is expired, revoked or malformed is answered with 401.
    .refusals = {.statuses = {401}},
};

}  // namespace recoup::sources::probe
