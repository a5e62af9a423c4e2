#include "ledger/open.h"

#include "ledger/spooled_ledger.h"
#include "ledger/sql_ledger.h"

namespace recoup::ledger {

core::Result<std::unique_ptr<Ledger>> open_ledger(const Address& address, Missing missing) {
  try {
    auto database = address.open(missing);
    if (const auto folder = address.spool_folder()) {
      return std::unique_ptr<Ledger>(std::make_unique<SpooledLedger>(std::move(database), *folder));
    }
    return std::unique_ptr<Ledger>(std::make_unique<SqlLedger>(std::move(database)));
  } catch (const Failure& failure) {
    return describe("open the ledger", address.file().value_or(address.shown()), failure);
  }
}

core::Result<std::unique_ptr<Ledger>> open_copy(const Address& address) {
  try {
    return std::unique_ptr<Ledger>(std::make_unique<SqlLedger>(address.open_copy()));
  } catch (const Failure& failure) {
    return describe("copy the ledger", address.file().value_or(address.shown()), failure);
  }
}

core::Result<std::unique_ptr<Ledger>> open_ledger(const std::string& url, Missing missing) {
  const auto address = Address::parse(url);
  if (!address) return address.error();
  return open_ledger(*address, missing);
}

}  // namespace recoup::ledger
