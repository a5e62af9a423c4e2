#include "core/ensure.h"

#include <stdexcept>

#include <fmt/format.h>

namespace recoup::core {

void not_so(const char* what, const char* function) {
  throw std::logic_error(fmt::format(
      "a mistake in recoup: '{}' does not hold in {}(); please report it", what, function));
}

}  // namespace recoup::core
