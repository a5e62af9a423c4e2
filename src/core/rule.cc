#include "core/rule.h"

namespace recoup::core {

const Version* Rule::in_force(Date day) const {
  const Version* found = nullptr;
  for (const Version& version : versions) {
    if (version.effective <= day) found = &version;
  }
  return found;
}

}  // namespace recoup::core
