#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "documents/document.h"
#include "documents/files.h"

namespace recoup::rules {

// ProbeTls is what a probe's TLS connections need beyond the usual. Files are PEM, as paths.
struct ProbeTls {
  std::string ca_file;      // whom to believe; empty: whom the system does
  std::string client_cert;  // shown with those up to its authority; empty: none
  std::string client_key;   // its private key; there iff client_cert is
  std::string
      server_name;  // asked for, and what the certificate must be for; empty: the URL's host
};

// Secrets is where a header's value, and what TLS needs, may come from, beside the file itself.
struct Secrets {
  const documents::Environment& environment;
  std::filesystem::path folder;  // of relative paths
  // What was found of files of certificates and keys, by what was asked.
  mutable std::map<std::string, core::Result<void>> asked = {};
};

// Reads ca_file, client_cert, client_key and server_name of a probe; nothing where none of them
// stands. The files are looked at: what a probe could not be sent with is a complaint. What a key
// file holds is neither kept nor shown.
std::shared_ptr<const ProbeTls> read_probe_tls(const documents::Table& table,
                                               const Secrets& secrets);

// Complains about each of these keys where `url`, the probe's, which is sound, is not one of https.
void check_probe_tls(const documents::Table& table, const std::optional<std::string>& url);

}  // namespace recoup::rules
