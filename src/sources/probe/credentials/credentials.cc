#include "sources/probe/credentials/credentials.h"

namespace recoup::sources::probe {

const record::Secret& Credentials::of(std::string_view variable) const {
  static const record::Secret none;
  const auto found = secrets_.find(variable);
  return found == secrets_.end() ? none : found->second;
}

}  // namespace recoup::sources::probe
