#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/rule_json.h"
#include "claim/verify/findings.h"

namespace recoup::claim {
namespace {

using Json = nlohmann::ordered_json;

// The user's word, and no term of a contract.
constexpr std::string_view kResources = "resources";

// What is quoted of a contract and where that was read: no figure follows from it, and it is told
// more fully as time goes on.
constexpr std::array<std::string_view, 9> kQuoted{"digest",      "source",  "source_read",
                                                  "sources",     "clauses", "exclusions",
                                                  "credit_base", "lists",   "needs"};

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string shown(const Json& json) {
  constexpr std::size_t kMost = 120;
  return json.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, kMost);
}

// A claim of another edition of the rule, which another SHA-256 says, may quote the contract
// otherwise: the contract itself tells whether it does so rightly.
void say_edition(const core::Version& terms, const core::Version& version, const std::string& name,
                 const std::vector<std::string>& otherwise, Findings& findings) {
  constexpr std::size_t kBegin = 12;
  const std::string parts =
      otherwise.empty() ? ""
                        : fmt::format(", and quotes its {} otherwise", fmt::join(otherwise, ", "));
  findings.unchecked(fmt::format(
      "the words of the contract: claim.json has another edition of {} than is known here "
      "(SHA-256 {}..., here {}...){}; the terms that figures follow from are looked at",
      name, terms.digest.substr(0, kBegin), version.digest.substr(0, kBegin), parts));
}

// Every key of the rule must be as it was published, but for terms that the published text lacks
// and the customer supplied.
void compare(const Stated& stated, const core::Rule& rule, const core::Version& version,
             Findings& findings) {
  const std::string name = fmt::format("{}@{}", rule.id, core::to_text(version.date()));
  const core::Version& terms = stated.terms();
  findings.check(fmt::format("the terms of claim.json are those of {} as it is known here", name));
  std::vector<std::string> open = terms.supplied;
  open.insert(open.end(), terms.missing.begin(), terms.missing.end());
  // When it came into force is no term: the text has no place where that is missing.
  if (!version.effective) std::erase(open, "effective");
  std::vector<std::string> lacks = version.missing;
  lacks.insert(lacks.end(), version.supplied.begin(), version.supplied.end());
  const bool edition = terms.digest != version.digest;
  // Which terms a text lacks changes with its editions; one that is known here is looked at all the
  // same, whoever supplied it.
  if (!edition && !std::is_permutation(open.begin(), open.end(), lacks.begin(), lacks.end())) {
    findings.differs(
        fmt::format("claim.json: expected the terms '{}' as supplied, which {} lacks, "
                    "got '{}'",
                    fmt::join(lacks, ", "), name, fmt::join(open, ", ")));
  }
  const Json got = rule_json(stated.contract, terms);
  const Json published = rule_json(rule, version);
  const auto is_supplied = [&](const std::string& key) {
    return holds(terms.supplied, term_of(key)) && (!edition || holds(lacks, term_of(key)));
  };
  std::vector<std::string> otherwise;
  const auto is_quoted = [&](const std::string& key) {
    if (!edition || std::find(kQuoted.begin(), kQuoted.end(), key) == kQuoted.end()) return false;
    if (key != "digest") otherwise.push_back(key);
    return true;
  };
  for (const auto& [key, expected] : published.items()) {
    // Claims of an older recoup do not say where single terms were read, or when.
    if (term_of(key) == kSource && !got.contains(key)) continue;
    const Json found = got.value(key, Json());
    if (found == expected || is_supplied(key) || is_quoted(key)) continue;
    findings.differs(
        fmt::format("claim.json: expected the {} of {} as it is known here, {}, got {}", key, name,
                    shown(expected), shown(found)));
  }
  for (const auto& [key, found] : got.items()) {
    if (published.contains(key) || key == kResources || is_supplied(key) || is_quoted(key))
      continue;
    findings.differs(fmt::format("claim.json: expected no {} as it is known here of {}, got {}",
                                 key, name, shown(found)));
  }
  if (edition) say_edition(terms, version, name, otherwise, findings);
}

// What only the customer knows: of how many the time is a sum.
void check_resources(const core::Version& terms, Findings& findings) {
  if (terms.summed_over.empty()) return;
  if (terms.resources.empty()) {
    findings.differs(fmt::format(
        "claim.json: expected the names of all {}, over which the time is summed, got none",
        terms.summed_over));
    return;
  }
  findings.unchecked(
      fmt::format("the {} that the time is summed over, {} in number: whether there "
                  "are others, the provider can tell",
                  terms.summed_over, terms.resources.size()));
}

}  // namespace

void check_contract(const Stated& stated, const Known& known, Findings& findings) {
  const core::Version& terms = stated.terms();
  const auto rule = known.rule(stated.contract.id);
  check_resources(terms, findings);
  const core::Version* published = nullptr;
  if (rule != nullptr) {
    for (const core::Version& version : rule->versions) {
      if (version.date() == terms.date()) published = &version;
    }
  }
  if (published == nullptr) {
    return findings.unchecked(
        fmt::format("the contract: {} of {} is not known here; its terms are as claim.json says, "
                    "read at {}",
                    stated.contract.id, core::to_text(terms.date()), terms.source));
  }
  compare(stated, *rule, *published, findings);
  if (!terms.supplied.empty()) {
    findings.unchecked(
        fmt::format("the terms {}: the text that was read does not state them, the "
                    "customer did",
                    fmt::join(terms.supplied, ", ")));
  }
}

}  // namespace recoup::claim
