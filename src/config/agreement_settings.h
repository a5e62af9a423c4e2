#pragma once

#include "billing/charges.h"
#include "config/lapse_settings.h"
#include "config/log_settings.h"
#include "config/query_settings.h"
#include "core/agreement.h"
#include "core/rule.h"
#include "core/vote_rule.h"
#include "core/zone.h"
#include "documents/document.h"
#include "rules/catalog.h"
#include "rules/probe_keys.h"
#include "sources/probe/probe_settings.h"

namespace recoup::config {

struct AgreementSettings {
  core::Agreement agreement;
  // Of the ids of all that its [[agreement]] is, "kms-{account}-{region}"; empty: it is one.
  std::string pattern;
  std::shared_ptr<const core::Rule> rule;
  std::optional<std::string> time_zone;  // overrides the rule's cycle zone
  std::vector<sources::probe::ProbeSettings> probes;
  std::vector<LogSettings> logs;
  // The most that its probes send in a billing cycle, all of them together; nothing: as many as are
  // due.
  std::optional<std::uint64_t> max_requests_per_month;
  std::vector<QuerySettings> queries;
  // Ids or ARNs of keys in custom key stores: what is asked of these is left out.
  std::vector<std::string> key_stores;
  billing::ChargeSettings charges;
  core::VoteRule votes;  // how many vantage points must have seen what was lost
  // What these cause is the customer's own: `agreement.exclusions` has their times.
  Lapses lapses;

  billing::Charged charged() const { return {agreement, *rule, charges}; }

  // The status that goes with the name of an error in the provider's own record of Requests; 0:
  // nobody knows.
  int status_of(std::string_view error_name) const;
};

// How many requests all probes of the agreement would send in such a time, were they never capped.
std::uint64_t requests_in(const AgreementSettings& agreement, core::Millis time);

// The contract's zone, or the agreement's own.
core::Result<core::Zone> zone_of(const AgreementSettings& agreement, const core::Version& version);

// What an [[agreement]] of the document is read with.
struct AgreementContext {
  const documents::Document& document;
  const rules::Catalog& catalog;
  const billing::PriceShelf& books;
  rules::Secrets secrets;
  SdkLogs& sdk;
  std::string contact;     // of those agreements that name no other
  std::string& elsewhere;  // gets complaints about other files, laid out
};

// Whom a claim names to be asked about it: a line of text, as it is to be shown. Nothing where it
// is absent or was complained about.
std::optional<std::string> read_contact(const documents::Value& value);

// Reads an [[agreement]] with its terms, probes, logs, exclusions and charges: one, or one for each
// pair of the accounts and Regions that it lists. Where one is wrong, the others are left out: they
// would be complained about again. Without a known rule the probes that use a template are left
// out.
std::vector<AgreementSettings> agreements_of(const documents::Table& table,
                                             const AgreementContext& context);

}  // namespace recoup::config
