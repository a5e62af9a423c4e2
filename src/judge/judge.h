#pragma once

#include "config/settings.h"
#include "core/counts.h"
#include "core/judgement.h"
#include "judge/beside.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// The first and the last day of a cycle.
struct CycleDays {
  core::Date first;
  core::Date last;
};

// Those of the cycle of that name, as the version counts cycles; nothing where its zone is not
// known.
std::optional<CycleDays> days_of(const config::AgreementSettings& settings,
                                 const core::Version& version, core::Month month);

// Which contract version and cycle a month of an agreement is judged by. The version is the one in
// force on the month's first day; where none is, the error says since when there is one.
struct CycleTerms {
  std::shared_ptr<const core::Version> version;  // of the agreement's rule
  core::Zone zone;
  core::Cycle cycle;
};
core::Result<CycleTerms> cycle_terms(const config::AgreementSettings& settings, core::Month month);

// The same for a version of the settings' rule, whether it is in force then or not.
core::Result<CycleTerms> cycle_terms_under(const config::AgreementSettings& settings,
                                           const core::Version& version, core::Month month);

// The month that the instant falls into, in the agreement's zone.
core::Result<core::Month> month_at(const config::AgreementSettings& settings, core::Instant at);

// The judgement on what was counted by the version of the terms, in their cycle. `kept` are the
// ledger's exclusions: they count, and are listed, after those of the settings. `beside` is of the
// same cycle; null: nothing is said beside the figures.
core::Judgement judgement_of(const config::AgreementSettings& settings, const CycleTerms& terms,
                             const core::Counts& counts, const Beside* beside,
                             const std::vector<core::ExclusionWindow>& kept,
                             core::KnownCharge charge, core::Instant now);

// The verdicts on a month by the other versions that it can be read by, from all that the ledger
// has of it; in nearly all months there are none. One whose cycle no zone can be found for is an
// error.
core::Result<std::vector<core::Judgement>> judge_other_readings(
    ledger::Ledger& ledger, const config::AgreementSettings& settings, core::Month month,
    const core::KnownCharge& charge, core::Instant now);

// The verdict on a month, from all that the ledger has of it, with its other readings; by given
// terms, without these.
core::Result<core::Judgement> judge(ledger::Ledger& ledger,
                                    const config::AgreementSettings& settings, core::Month month,
                                    core::KnownCharge charge, core::Instant now);
core::Result<core::Judgement> judge(ledger::Ledger& ledger,
                                    const config::AgreementSettings& settings,
                                    const CycleTerms& terms, core::KnownCharge charge,
                                    core::Instant now);

}  // namespace recoup::judge
