#include "ledger/sql/connection.h"

#include <limits>

#include <fmt/format.h>

namespace recoup::ledger {

core::Error describe(std::string_view task, const std::string& where, const Failure& failure) {
  const core::Error& error = failure.error();
  return {fmt::format("could not {}: {}", task, error.message), where, error.help};
}

std::uint64_t Rows::count(int column) const {
  const std::int64_t value = integer(column);
  if (value < 0) throw Failure({fmt::format("expected a count, got {}", value)});
  return static_cast<std::uint64_t>(value);
}

void Statement::bind(int position, std::uint64_t value) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (value > static_cast<std::uint64_t>(kMost)) {
    throw Failure({fmt::format("expected a number up to {}, got {}", kMost, value)});
  }
  bind(position, static_cast<std::int64_t>(value));
}

}  // namespace recoup::ledger
