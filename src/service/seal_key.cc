#include "service/seal_key.h"

#include <sys/stat.h>

#include <utility>

#include <fmt/format.h>

#include "documents/files.h"

namespace recoup::service {

using core::Error;
using core::Result;

Result<std::optional<record::SealKey>> seal_key(const config::Settings& settings) {
  if (settings.signing_key.empty()) return std::optional<record::SealKey>();
  struct stat status {};
  if (stat(settings.signing_key.c_str(), &status) == 0 &&
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{fmt::format("expected a key that its owner alone can read, got the mode {:04o}",
                             status.st_mode & 07777),
                 settings.signing_key,
                 fmt::format("chmod 600 '{}'; whoever can read it can sign in your name",
                             settings.signing_key)};
  }
  auto pem = documents::read_file(settings.signing_key);
  if (!pem) return Error{pem.error().message, settings.signing_key, pem.error().help};
  auto key = record::SealKey::from_pem(*std::move(pem));
  if (!key) return Error{key.error().message, settings.signing_key, key.error().help};
  return std::optional(*std::move(key));
}

}  // namespace recoup::service
