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

struct ProbeList;

// ProbeSettings is one HTTP request that is sent again and again, as data: a template of the rule
// with the user's own keys over it.
struct ProbeSettings {
  std::string id;
  // Which of several resources it asks whose time the contract sums; empty: there is one at most.
  std::string resource;
  std::string target;                     // of a list, as that names it; empty: the probe has none
  std::shared_ptr<const ProbeList> list;  // null likewise
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

// ProbeList is a probe that is sent to each target of a list. All of them are one series and differ
// in what "{target}" and "{LABEL}" stand for, or each is a series of its own.
struct ProbeList {
  std::vector<std::string> paths;  // of the list's files, or patterns of them
  ProbeSettings pattern;   // with placeholders in URL, headers and body; its URL may be empty
  bool by_target = false;  // each target is a series of its own: "ID/TARGET"
};

// What an [[agreement.probe]] is read with.
struct ProbeContext {
  const rules::RuleFile* rule;  // nullptr where the agreement's rule is not known
  const core::Agreement& agreement;
  const rules::Secrets& secrets;
};

// Reads an [[agreement.probe]]: the template it uses with the user's own keys over it, placeholders
// filled in. One with targets has a list that names their files alone, and is the pattern of their
// probes: nothing of them was read. Nothing where it cannot be sent; the reason is a complaint.
std::optional<ProbeSettings> read_probe(const documents::Table& table, const ProbeContext& context);

}  // namespace recoup::sources::probe
