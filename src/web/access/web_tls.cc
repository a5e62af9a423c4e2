#include "web/access/web_tls.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "documents/files.h"
#include "documents/near.h"
#include "documents/pem.h"

namespace recoup::web {
namespace {

namespace fs = std::filesystem;

// An empty value is as good as none in these files.
bool is_set(const documents::Value& value) {
  return value && !(value.is_text() && value.text_or_empty()->empty());
}

template <typename T>
using Names = std::vector<std::pair<std::string, T>>;

// What the value names; `otherwise` where it is not set or was complained about.
template <typename T>
T named(const documents::Value& value, const Names<T>& names, T otherwise) {
  if (!is_set(value)) return otherwise;
  std::vector<std::string> words;
  for (const auto& [name, meaning] : names) words.push_back(name);
  const auto index = value.word(words);
  return index ? names[*index].second : otherwise;
}

// Pem is a text that stands at one key, or in the file that another key names.
struct Pem {
  documents::Value inline_text;
  documents::Value file;
  std::string text;    // empty where none could be read
  bool sound = false;  // it is what it should be

  bool is_set() const { return web::is_set(inline_text) || web::is_set(file); }
  const documents::Value& at() const { return web::is_set(file) ? file : inline_text; }
};

using Check = std::function<core::Result<void>(const std::string&)>;

Pem read_pem(const documents::Table& table, const std::string& key, const fs::path& folder,
             const Check& check) {
  Pem pem{table.optional(key), table.optional(key + "_file"), {}};
  if (!pem.is_set()) return pem;
  if (is_set(pem.inline_text) && is_set(pem.file)) {
    pem.file.complain(fmt::format("expected {} or {}_file, got both", key, key));
    return pem;
  }
  auto text = pem.at().text_or_empty();
  if (!text) return pem;
  if (is_set(pem.file)) {
    auto content = documents::read_file(folder / *text, kLargestWebFile);
    if (!content) {
      pem.file.complain(content.error());
      return pem;
    }
    text = *std::move(content);
  }
  const auto checked = check(*text);
  if (!checked) pem.at().complain(checked.error());
  pem.sound = checked.ok();
  pem.text = *std::move(text);
  return pem;
}

Tls::Clients read_clients(const documents::Value& type, const Pem& ca) {
  using Clients = Tls::Clients;
  // Recoup's TLS library asks for certificates of known authorities alone.
  if (is_set(type) && type.is_text() &&
      (type.text() == "RequireAnyClientCert" || type.text() == "RequireClientCert")) {
    type.complain(fmt::format("expected certificates that are verified, got '{}'", *type.text()),
                  "one that nobody vouches for proves nothing: RequireAndVerifyClientCert with "
                  "client_ca_file asks for one that a CA signed");
    return Clients::unknown;
  }
  const auto clients = named<Clients>(type,
                                      {{"NoClientCert", Clients::unknown},
                                       {"RequestClientCert", Clients::unknown},
                                       {"VerifyClientCertIfGiven", Clients::verified_if_given},
                                       {"RequireAndVerifyClientCert", Clients::verified}},
                                      Clients::unknown);
  if (clients != Clients::unknown && !ca.is_set()) {
    type.complain("expected client_ca_file or client_ca beside it, got neither",
                  "who signed the certificates of clients must be known to verify them");
  }
  if (ca.is_set() && (!is_set(type) || type.text() == "NoClientCert")) {
    ca.at().complain("expected a client_auth_type that asks for certificates, got none",
                     "client_auth_type: RequireAndVerifyClientCert lets in whom this CA signed");
  }
  return clients;
}

void read_versions(const documents::Table& table, Tls& out) {
  static const Names<int> kVersions{{"TLS10", 0}, {"TLS11", 1}, {"TLS12", 2}, {"TLS13", 3}};
  const documents::Value least = table.optional("min_version");
  const documents::Value most = table.optional("max_version");
  out.oldest = named(least, kVersions, out.oldest);
  out.newest = named(most, kVersions, out.newest);
  if (out.oldest > out.newest) {
    (is_set(most) ? most : least).complain("expected min_version up to max_version, got it above");
  }
}

// As GnuTLS names them.
std::vector<std::string> read_groups(const documents::Value& list) {
  static const Names<std::string> kCurves{{"CurveP256", "SECP256R1"},
                                          {"CurveP384", "SECP384R1"},
                                          {"CurveP521", "SECP521R1"},
                                          {"X25519", "X25519"}};
  std::vector<std::string> groups;
  if (!is_set(list)) return groups;
  for (const documents::Value& item : list.items()) {
    const std::string group = named(item, kCurves, std::string());
    if (group.empty()) {
      if (!is_set(item)) item.complain("expected a curve, got an empty text");
    } else if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
      groups.push_back(group);
    }
  }
  return groups;
}

// What Recoup cannot do, and would be unsafe to leave undone.
void refuse(const documents::Table& table) {
  const documents::Value suites = table.optional("cipher_suites");
  if (is_set(suites) && !(suites.is_array() && suites.items().empty())) {
    suites.complain("expected no cipher_suites, got some",
                    "Recoup offers its TLS library's own; min_version: TLS13 leaves the modern "
                    "ones alone");
  }
  const documents::Value names = table.optional("client_allowed_sans");
  if (is_set(names) && !(names.is_array() && names.items().empty())) {
    names.complain("expected no client_allowed_sans, got some",
                   "Recoup lets in whom the client CA signed: name one that signs these clients "
                   "alone");
  }
  const documents::Value preference = table.optional("prefer_server_cipher_suites");
  if (is_set(preference)) (void)preference.word({"true", "false"});
}

// Whether there are a certificate and a key that belong together; complains where one is missing.
bool is_complete(const documents::Table& table, const Pem& cert, const Pem& key) {
  constexpr const char* kHelp = "TLS needs a certificate and its key";
  if (!cert.is_set() && !key.is_set()) {
    table.complain("expected cert_file and key_file, got neither", kHelp);
  } else if (!key.is_set()) {
    cert.at().complain("expected key_file or key beside it, got neither", kHelp);
  } else if (!cert.is_set()) {
    key.at().complain("expected cert_file or cert beside it, got neither", kHelp);
  }
  if (!cert.sound || !key.sound) return false;
  const auto together = documents::check_pair(cert.text, key.text);
  if (!together) key.at().complain(together.error());
  return together.ok();
}

}  // namespace

std::optional<Tls> read_web_tls(const documents::Table& table, const fs::path& folder) {
  const Pem cert = read_pem(table, "cert", folder, documents::check_certificates);
  const Pem key = read_pem(table, "key", folder, documents::check_key);
  const Pem ca = read_pem(table, "client_ca", folder, documents::check_certificates);
  Tls tls;
  tls.clients = read_clients(table.optional("client_auth_type"), ca);
  read_versions(table, tls);
  tls.groups = read_groups(table.optional("curve_preferences"));
  refuse(table);
  if (!is_complete(table, cert, key)) return std::nullopt;
  tls.certificates = cert.text;
  tls.key = record::Secret(key.text);
  tls.authorities = ca.text;
  return tls;
}

}  // namespace recoup::web
