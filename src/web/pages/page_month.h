#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claim/readiness.h"
#include "report/formula_words.h"
#include "web/pages/page_frame.h"
#include "web/site/call.h"

namespace recoup::web {

// MonthView is what the sections of an agreement's page are made of: its verdict, and what the
// ledger says beside it, as far as that could be read.
struct MonthView {
  std::shared_ptr<const report::Snapshot> snapshot;
  std::shared_ptr<const core::Judgement> judgement;  // of the month
  report::FormulaWords words;
  bool running = false;
  std::vector<core::Month> months;         // of which something was seen, oldest first
  std::vector<record::ClaimMonth> claims;  // of months that are over
  std::vector<ContractName> contracts;     // to judge it by
  std::optional<EvidencePage> evidence;    // its first records
  std::vector<claim::Lack> lacks;          // what a claim for the month would lack
  std::vector<record::Exchange> failures;  // the last ones of its probes, the newest first
  std::vector<Html> faults;                // what could not be read and why: sentences

  const core::Assessment& assessment() const { return judgement->assessment; }
  core::Month month() const { return judgement->assessment.cycle.month; }
  const std::string& id() const { return judgement->agreement.id; }

  // Where the month's claim stands; null where it is not known.
  const record::ClaimLife* life() const;
  // The month's claim and seal; null where they are not known.
  const record::ClaimMonth* claim() const;
};

// How many failed requests the page of a month and of a day begin with.
inline constexpr std::size_t kFirstEvidence = 20;
inline constexpr std::size_t kDayEvidence = 100;

// How many of the last failures it shows whole.
inline constexpr std::size_t kMostFailures = 10;

// What a section says of a month of which no Request was measured.
inline constexpr std::string_view kNotMeasured = "Nobody knows: nothing was measured.";

// What a page of the month begins with: the verdict in a sentence and what follows from it; and its
// figures.
Html verdict_html(const MonthView& view);
Html figures_html(const MonthView& view);

// The months beside this one, and all of them.
Html month_pager_html(const MonthView& view);
Html months_section(const MonthView& view);

// The sections, each with its heading; empty where there is nothing to say.
Html picture_section(const MonthView& view);
Html burn_section(const MonthView& view);
Html incident_section(const MonthView& view);
Html provider_incidents_section(const MonthView& view);
Html lost_section(const MonthView& view);
Html evidence_section(const MonthView& view);
Html latency_section(const MonthView& view);
Html why_section(const MonthView& view);
Html coverage_section(const MonthView& view);
Html logs_section(const MonthView& view);
Html time_section(const MonthView& view);
Html uncounted_section(const MonthView& view);
Html exclusions_section(const MonthView& view);
Html credit_section(const MonthView& view);
Html claim_section(const MonthView& view);
Html contract_section(const MonthView& view);

// What-if: what other readings come to, and a form; the verdict by the contract that the call's
// query names in `under` beside its own, and the contracts that have the words of `contract` in
// them.
Html what_if_section(const Call& call, const MonthView& view);

}  // namespace recoup::web
