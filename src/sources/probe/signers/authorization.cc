#include "sources/probe/signers/authorization.h"

#include <utility>

namespace recoup::sources::probe {

FoundKeys authorization(std::string value, std::string from) {
  FoundKeys found;
  found.secrets.emplace(kAuthorization, record::Secret(std::move(value)));
  found.from = std::move(from);
  return found;
}

Authorization::Authorization(const ProbeSettings&, const Credentials& credentials)
    : value_(credentials.of(kAuthorization)) {}

void Authorization::configure(void*, HeaderList& headers) const {
  headers.add("Authorization: " + value_.reveal());
}

std::vector<std::string> Authorization::begin(core::Instant) { return {}; }

}  // namespace recoup::sources::probe
