#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "record/secret.h"

namespace recoup::sources::probe {

// Credentials are the secrets that signers sign with, by their variable of the environment. They
// leave it for a request alone.
class Credentials {
 public:
  using Secrets = std::map<std::string, record::Secret, std::less<>>;

  Credentials() = default;
  explicit Credentials(Secrets secrets) : secrets_(std::move(secrets)) {}

  // Empty where the variable is not set.
  const record::Secret& of(std::string_view variable) const;

  bool operator==(const Credentials&) const = default;

 private:
  Secrets secrets_;
};

}  // namespace recoup::sources::probe
