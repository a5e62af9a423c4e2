#include "rules/probe_tls.h"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "documents/files.h"
#include "documents/pem.h"

namespace recoup::rules {
namespace {

namespace fs = std::filesystem;
using core::Result;

constexpr std::size_t kLargestFile = 16'000'000;
constexpr std::array kKeys{"ca_file", "client_cert", "client_key", "server_name"};

// Whether the certificate or key itself stands where its file should.
bool is_pem(const std::string& text) { return text.find("-----BEGIN") != std::string::npos; }

// PemFile is a file that a key names; its path is empty where there is none to go by.
struct PemFile {
  documents::Value value;
  std::string path;
  bool sound = false;
};

using Look = Result<void> (*)(const std::string&);

// Asks once: thousands of probes may name one bundle.
const Result<void>& asked_once(const std::string& question, const Secrets& secrets,
                               const std::function<Result<void>()>& ask) {
  const auto known = secrets.asked.find(question);
  if (known != secrets.asked.end()) return known->second;
  return secrets.asked.emplace(question, ask()).first->second;
}

PemFile read_pem_file(const documents::Table& table, const char* key, const Secrets& secrets,
                      Look look) {
  PemFile file{table.optional(key), {}};
  const auto name = file.value.text();
  if (!name) return file;
  if (is_pem(*name)) {
    file.value.complain("expected the path of a file, got what should stand in it",
                        "write it to a file and name that");
    return file;
  }
  file.path = (secrets.folder / *name).string();
  const auto& good = asked_once(fmt::format("{} {}", key, file.path), secrets, [&] {
    const auto text = documents::read_file(file.path, kLargestFile);
    return text ? look(*text) : Result<void>(text.error());
  });
  if (!good) file.value.complain(good.error());
  file.sound = good.ok();
  return file;
}

// A key that others can read is no longer its owner's alone. A group may be the service's own.
void check_mode(const PemFile& key) {
  if (!key.sound) return;
  constexpr auto kOthers = fs::perms::others_read | fs::perms::others_write;
  std::error_code code;
  const fs::perms mode = fs::status(key.path, code).permissions();
  if (code || (mode & kOthers) == fs::perms::none) return;
  key.value.complain(
      fmt::format("expected a private key that only its owner and group can read, got a file of "
                  "mode {:04o}",
                  static_cast<unsigned>(mode & fs::perms::mask)),
      fmt::format("chmod 600 {}", key.path));
}

// The two belong together, and neither is of use alone.
void check_together(const PemFile& cert, const PemFile& key, const Secrets& secrets) {
  if (cert.value && !key.value) {
    cert.value.complain("expected the key 'client_key' beside 'client_cert', got none",
                        "a certificate is shown by whoever has its private key");
  } else if (key.value && !cert.value) {
    key.value.complain("expected the key 'client_cert' beside 'client_key', got none");
  }
  if (!cert.sound || !key.sound) return;
  const auto& together =
      asked_once(fmt::format("pair {} {}", cert.path, key.path), secrets, [&]() -> Result<void> {
        const auto certificates = documents::read_file(cert.path, kLargestFile);
        if (!certificates) return certificates.error();
        const auto own = documents::read_file(key.path, kLargestFile);
        if (!own) return own.error();
        return documents::check_pair(*certificates, *own);
      });
  if (!together) {
    key.value.complain(together.error().message,
                       "the certificate that the key belongs to stands first in its file");
  }
}

std::string read_server_name(const documents::Value& value) {
  const auto name = value.text();
  if (!name) return {};
  const bool plain = std::all_of(name->begin(), name->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
  if (plain) return *name;
  value.complain(fmt::format("expected the name of a host, got '{}'", *name),
                 "write it without scheme, port and path, like \"kms.example.com\"");
  return {};
}

}  // namespace

std::shared_ptr<const ProbeTls> read_probe_tls(const documents::Table& table,
                                               const Secrets& secrets) {
  const PemFile ca = read_pem_file(table, "ca_file", secrets, documents::check_certificates);
  const PemFile cert = read_pem_file(table, "client_cert", secrets, documents::check_certificates);
  const PemFile key = read_pem_file(table, "client_key", secrets, documents::check_key);
  check_mode(key);
  check_together(cert, key, secrets);
  ProbeTls tls{ca.path, cert.path, key.path, read_server_name(table.optional("server_name"))};
  if (ca.path.empty() && cert.path.empty() && key.path.empty() && tls.server_name.empty()) {
    return nullptr;
  }
  return std::make_shared<const ProbeTls>(std::move(tls));
}

void check_probe_tls(const documents::Table& table, const std::optional<std::string>& url) {
  if (!url || !url->starts_with("http://")) return;
  for (const char* key : kKeys) {
    if (const documents::Value value = table.optional(key)) {
      value.complain(fmt::format("expected a URL of https beside '{}', got one of http", key));
    }
  }
}

}  // namespace recoup::rules
