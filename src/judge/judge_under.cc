#include "judge/judge_under.h"

namespace recoup::judge {

core::Result<core::Judgement> judge_under(ledger::Ledger& ledger, const rules::Catalog& catalog,
                                          config::AgreementSettings agreement,
                                          const std::string& words, core::Month month,
                                          const core::KnownCharge& charge, core::Instant now) {
  auto contract = rules::find_contract(catalog, words, month);
  if (!contract) return contract.error();
  if (contract->rule->id == agreement.rule->id) {
    contract->version = agreement.rule->find_version(contract->version->date());
  } else {
    agreement.rule = contract->rule;
  }
  const auto terms = cycle_terms_under(agreement, *contract->version, month);
  if (!terms) return terms.error();
  return judge(ledger, agreement, *terms, charge, now);
}

}  // namespace recoup::judge
