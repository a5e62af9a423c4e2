#include "web/http/limits.h"

#include <algorithm>

namespace recoup::web {
namespace {

constexpr std::size_t kOfAConnection = 2;
constexpr unsigned kFewest = 8;

}  // namespace

std::size_t descriptors_of(const Limits& limits) {
  return kOfAConnection * (std::size_t{limits.connections} + limits.closing);
}

Limits limits_within(std::size_t descriptors) {
  Limits limits;
  if (descriptors >= descriptors_of(limits)) return limits;
  // The parts have the usual proportions.
  const auto all = static_cast<unsigned>(descriptors / kOfAConnection);
  limits.connections = std::max(kFewest, all - all / 5);
  limits.closing = std::max(2U, all / 5);
  limits.by_address = limits.connections / 2;
  return limits;
}

}  // namespace recoup::web
