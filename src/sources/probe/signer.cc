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

namespace {

const std::array kSigners{&kSigV4, &kAcs3, &kTc3, &kAlibabaGateway};

// "A and B (and C)"
std::string variables_of(const SignerKind& kind) {
  std::string text = fmt::format("{}", fmt::join(kind.needs, " and "));
  if (!kind.takes.empty()) text += fmt::format(" (and {})", fmt::join(kind.takes, " and "));
  return text;
}

}  // namespace

const record::Secret& Credentials::of(std::string_view variable) const {
  static const record::Secret none;
  const auto found = secrets_.find(variable);
  return found == secrets_.end() ? none : found->second;
}

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

Credentials credentials_from(const documents::Environment& environment) {
  Credentials::Secrets secrets;
  for (const SignerKind* kind : kSigners) {
    for (const auto* variables : {&kind->needs, &kind->takes}) {
      for (const std::string_view variable : *variables) {
        const auto found = environment.find(std::string(variable));
        if (found != environment.end()) secrets.emplace(variable, record::Secret(found->second));
      }
    }
  }
  return Credentials(std::move(secrets));
}

std::string lacking(const rules::Signing& how, const Credentials& credentials) {
  const SignerKind& kind = *find_signer(how.by);
  const bool complete = std::none_of(kind.needs.begin(), kind.needs.end(),
                                     [&](auto one) { return credentials.of(one).empty(); });
  return complete ? "" : variables_of(kind);
}

}  // namespace recoup::sources::probe
