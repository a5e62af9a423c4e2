// HTTP Basic authentication (RFC 7617): a user, and a password from outside the settings.
#include "record/base64.h"
#include "sources/probe/signers/authorization.h"

namespace recoup::sources::probe {
namespace {

core::Result<FoundKeys> find_password(const rules::Signing& how, const documents::Environment&,
                                      const core::Clock&) {
  const auto password = rules::text_now(*how.secret);
  if (!password) return password.error();
  auto found =
      authorization("Basic " + record::to_base64(how.says.at("user") + ':' + password->reveal()),
                    how.secret->from);
  if (!how.secret->file.empty()) found.life.files = {how.secret->file};
  return found;
}

}  // namespace

extern const SignerKind kBasic;
const SignerKind kBasic{
    .name = "basic",
    .says = {.needs = {"user"}, .secret = "password", .needs_secret = true},
    .find_elsewhere = find_password,
    .make = make_signer<Authorization>,
    // RFC 9110, 15.5.2: the request lacks valid credentials.
    .refusals = {.statuses = {401}},
};

}  // namespace recoup::sources::probe
