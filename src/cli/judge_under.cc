#include "cli/judge_under.h"

#include "cli/workspace.h"

namespace recoup::cli {

core::Result<core::Standing> judge_under(ledger::Ledger& ledger, const config::Catalog& catalog,
                                         config::AgreementSettings agreement,
                                         const std::string& words, core::Month month,
                                         const core::KnownCharge& charge, core::Instant now) {
  auto contract = find_contract(catalog, words, month);
  if (!contract) return contract.error();
  if (contract->rule->id == agreement.rule->id) {
    contract->version = agreement.rule->in_force(contract->version->effective);
  } else {
    agreement.rule = contract->rule;
  }
  const auto bench = monitor::bench_under(agreement, *contract->version, month);
  if (!bench) return bench.error();
  return monitor::judge(ledger, agreement, *bench, charge, now);
}

}  // namespace recoup::cli
