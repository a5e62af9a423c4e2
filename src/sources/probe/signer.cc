#include "sources/probe/signer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace recoup::sources::probe {

// Each is in signers/NAME.cc.
extern const SignerKind kSigV4;
extern const SignerKind kAcs3;
extern const SignerKind kTc3;
extern const SignerKind kAlibabaGateway;
extern const SignerKind kGoogle;
extern const SignerKind kAzure;
extern const SignerKind kBasic;
extern const SignerKind kBearer;

namespace {

const std::array kSigners{&kSigV4,  &kAcs3,  &kTc3,   &kAlibabaGateway,
                          &kGoogle, &kAzure, &kBasic, &kBearer};

// "A and B (and C)"
std::string variables_of(const SignerKind& kind) {
  std::string text = fmt::format("{}", fmt::join(kind.needs, " and "));
  if (!kind.takes.empty()) text += fmt::format(" (and {})", fmt::join(kind.takes, " and "));
  return text;
}

}  // namespace

std::vector<std::string> signer_names() {
  std::vector<std::string> names;
  for (const SignerKind* kind : kSigners) names.emplace_back(kind->name);
  return names;
}

const SignerKind* find_signer(std::string_view name) {
  if (name.empty()) return kSigners.front();
  const auto found = std::find_if(kSigners.begin(), kSigners.end(),
                                  [&](const SignerKind* kind) { return kind->name == name; });
  return found == kSigners.end() ? nullptr : *found;
}

core::Result<FoundKeys> find_keys(const SignerKind& kind, const rules::Signing& how,
                                  const documents::Environment& environment,
                                  const core::Clock& clock) {
  if (kind.find_elsewhere != nullptr) return kind.find_elsewhere(how, environment, clock);
  FoundKeys found;
  found.from = "the environment";
  for (const auto* variables : {&kind.needs, &kind.takes}) {
    for (const std::string_view variable : *variables) {
      const auto value = environment.find(std::string(variable));
      if (value == environment.end() || value->second.empty()) continue;
      found.secrets.emplace(variable, record::Secret(value->second));
    }
  }
  const bool complete = std::all_of(kind.needs.begin(), kind.needs.end(),
                                    [&](auto one) { return found.secrets.contains(one); });
  if (complete) return found;
  return core::Error{fmt::format("expected credentials to sign by {}, got none", kind.name), "",
                     fmt::format("set {} in the environment", variables_of(kind))};
}

}  // namespace recoup::sources::probe
