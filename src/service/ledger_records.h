#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "billing/charges.h"
#include "config/settings.h"
#include "core/clock.h"
#include "judge/judge.h"
#include "ledger/ledger.h"
#include "record/signature.h"
#include "web/site/records.h"

namespace recoup::service {

// LedgerRecords is what the service's pages and API show of the ledger, through a way to it of
// their own. It only reads.
class LedgerRecords final : public web::Records {
 public:
  // All but the settings outlive it; `key` signs the claims that are packed, and may be null.
  LedgerRecords(config::SharedSettings settings, ledger::Ledger& ledger, const core::Clock& clock,
                const record::SealKey* key);

  core::Result<std::vector<core::Month>> months(const std::string& agreement) override;
  web::Found<std::shared_ptr<const core::Judgement>> judgement(const std::string& agreement,
                                                               core::Month month) override;
  web::Found<std::shared_ptr<const core::Judgement>> judgement_under(
      const std::string& agreement, core::Month month, const std::string& contract) override;
  std::vector<web::ContractName> contracts(const std::string& agreement) override;
  core::Result<web::EvidencePage> evidence(const std::string& agreement, const core::Interval& span,
                                           web::EvidencePlace from, std::size_t most) override;
  core::Result<std::vector<web::SeriesInfo>> series(const std::string& agreement) override;
  core::KnownCharge charge(const std::string& agreement, core::Month month) override;
  core::Result<std::vector<record::ClaimMonth>> claims(const std::string& agreement) override;
  core::Result<std::vector<claim::Lack>> readiness(const core::Judgement& judgement) override;
  core::Result<web::ClaimFiles> claim_files(const std::string& agreement,
                                            core::Month month) override;

  // Shows the agreements of these settings from here on. From any thread.
  void exchange(config::SharedSettings settings);

 private:
  using SharedAgreement = std::shared_ptr<const config::AgreementSettings>;

  struct Known {
    config::SharedSettings settings;
    std::vector<web::ContractName> contracts;  // all, by rule and date
  };
  std::shared_ptr<const Known> known() const;

  // Who asks has looked whether it is known; it may have been taken out of the settings since.
  core::Result<SharedAgreement> settings_of(const std::string& agreement) const;

  const core::Clock& clock_;
  const record::SealKey* key_;
  mutable std::mutex known_mutex_;
  std::shared_ptr<const Known> known_;  // guarded by known_mutex_

  std::mutex mutex_;  // guards what is below
  ledger::Ledger& ledger_;
  billing::Charges charges_;
};

}  // namespace recoup::service
