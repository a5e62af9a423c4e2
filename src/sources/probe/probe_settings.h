#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "rules/probe_keys.h"
#include "rules/rule_file.h"
#include "sources/probe/checks.h"

namespace recoup::sources::probe {

// ProbeSettings is one HTTP request that is sent again and again, as data: a template of the rule
// with the user's own keys over it.
struct ProbeSettings {
  std::string id;
  std::string url;
  std::string method = "GET";
  std::vector<rules::Header> headers;
  std::string body;
  std::optional<rules::Signing> sign;
  rules::AnswerFields answer;
  std::vector<int> expect;  // statuses that are not worth evidence; empty: 200 to 399
  core::Millis every{5000};
  core::Millis timeout{10000};
  bool keep_alive = true;
  // The times after which an answer is late by a version of the contract, in order.
  std::vector<core::Millis> late_after;
  std::shared_ptr<const rules::ProbeTls> tls;  // nothing: the usual
  std::shared_ptr<const Checks> checks = {};   // beside the contract; null: none
};

// What an [[agreement.probe]] is read with.
struct ProbeContext {
  const rules::RuleFile* rule;  // nullptr where the agreement's rule is not known
  const core::Agreement& agreement;
  const rules::Secrets& secrets;
};

// Reads an [[agreement.probe]]: the template it uses with the user's own keys over it, placeholders
// filled in. Nothing where it cannot be sent; the reason is a complaint.
std::optional<ProbeSettings> read_probe(const documents::Table& table, const ProbeContext& context);

}  // namespace recoup::sources::probe
