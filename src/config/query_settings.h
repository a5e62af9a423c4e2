#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/rule.h"
#include "documents/document.h"
#include "rules/probe_tls.h"
#include "sources/query/query.h"

namespace recoup::config {

// QuerySettings is an [[agreement.query]]: another engine that has Requests of the agreement, and
// is asked how many there were.
struct QuerySettings {
  std::string id;  // of its own among the agreement's logs and queries
  sources::Query query;
  bool by_error_name = false;  // a preset of CloudTrail: outcomes by the names of errors
  bool corroborates = false;   // as LogSettings::corroborates

  std::optional<core::Instant> from;  // nothing earlier is asked; nothing: the month it begins in
  core::Millis every{60'000};         // how often it is asked
  core::Millis delay{60'000};         // how old a minute is when it is asked for
  core::Millis reread{7'200'000};     // how long late rows are looked for
  // How long it may say nothing before that is taken for a fault; nothing: for ever.
  std::optional<core::Millis> silent_after;
};

// What an agreement's queries are read with.
struct QueryContext {
  const core::Rule* rule;  // null: not known
  const core::Agreement& agreement;
  const rules::Secrets& secrets;
  std::set<std::string> ids;  // of the agreement's logs
};

// Reads the list of [[agreement.query]].
std::vector<QuerySettings> read_queries(const documents::Value& list, QueryContext context);

}  // namespace recoup::config
