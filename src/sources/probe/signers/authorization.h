#pragma once

#include <string>
#include <string_view>

#include "record/secret.h"
#include "sources/probe/signer.h"

// What the signers have in common whose signature is a header that stays as it is until there are
// other credentials: Authorization, with a token or a password.
namespace recoup::sources::probe {

// The name that the whole value of the header has among credentials.
inline constexpr std::string_view kAuthorization = "Authorization";

// Credentials of that header alone.
FoundKeys authorization(std::string value, std::string from);

// Sends the header.
class Authorization final : public Signer {
 public:
  Authorization(const ProbeSettings& settings, const Credentials& credentials);
  void configure(void* easy, HeaderList& headers) const override;
  std::vector<std::string> begin(core::Instant now) override;

 private:
  record::Secret value_;
};

}  // namespace recoup::sources::probe
