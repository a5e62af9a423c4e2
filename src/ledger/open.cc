#include <string_view>

#include <fmt/format.h>

#include "ledger/ledger.h"
#include "ledger/sql/sqlite_ledger.h"

namespace recoup::ledger {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

// The part of an address before its first ':'. What follows may hold a password.
std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find(':')); }

}  // namespace

core::Result<std::unique_ptr<Ledger>> open_ledger(const std::string& url, Missing missing) {
  const std::string help = "write sqlite:PATH, like sqlite:recoup.db";
  if (url.starts_with(kSqlite)) {
    const std::string path = url.substr(kSqlite.size());
    if (path.empty()) return core::Error{"expected a path after 'sqlite:', got none", "", help};
    return open_sqlite(path, kBusyTimeout, missing);
  }
  if (url.starts_with("postgresql:") || url.starts_with("postgres:")) {
    return core::Error{"expected a ledger of a kind that this version knows, got postgresql", "",
                       help};
  }
  return core::Error{fmt::format("expected a ledger, got '{}'", scheme_of(url)), "", help};
}

}  // namespace recoup::ledger
