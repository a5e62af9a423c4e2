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

ClientAuth read_client_auth(const documents::Value& type, const Pem& ca) {
  // Recoup's TLS library asks for certificates of known authorities alone.
  if (is_set(type) && type.is_text() &&
      (type.text() == "RequireAnyClientCert" || type.text() == "RequireClientCert")) {
    type.complain(fmt::format("expected certificates that are verified, got '{}'", *type.text()),
                  "one that nobody vouches for proves nothing: RequireAndVerifyClientCert with "
                  "client_ca_file asks for one that a CA signed");
    return ClientAuth::none;
  }
  const auto auth =
      named<ClientAuth>(type,
                        {{"NoClientCert", ClientAuth::none},
                         {"RequestClientCert", ClientAuth::request},
                         {"VerifyClientCertIfGiven", ClientAuth::verify_if_given},
                         {"RequireAndVerifyClientCert", ClientAuth::require_and_verify}},
                        ClientAuth::none);
  const bool verified =
      auth == ClientAuth::verify_if_given || auth == ClientAuth::require_and_verify;
  if (verified && !ca.is_set()) {
    type.complain("expected client_ca_file or client_ca beside it, got neither",
                  "who signed the certificates of clients must be known to verify them");
  }
  if (ca.is_set() && auth == ClientAuth::none && (!is_set(type) || type.text() == "NoClientCert")) {
    ca.at().complain("expected a client_auth_type that asks for certificates, got none",
                     "client_auth_type: RequireAndVerifyClientCert lets in whom this CA signed");
  }
  return auth;
}

void read_versions(const documents::Table& table, TlsServer& out) {
  static const Names<TlsVersion> kVersions{{"TLS10", TlsVersion::tls10},
                                           {"TLS11", TlsVersion::tls11},
                                           {"TLS12", TlsVersion::tls12},
                                           {"TLS13", TlsVersion::tls13}};
  const documents::Value least = table.optional("min_version");
  const documents::Value most = table.optional("max_version");
  out.min_version = named(least, kVersions, out.min_version);
  out.max_version = named(most, kVersions, out.max_version);
  if (out.min_version > out.max_version) {
    (is_set(most) ? most : least).complain("expected min_version up to max_version, got it above");
  }
}

std::vector<Curve> read_curves(const documents::Value& list) {
  static const Names<std::optional<Curve>> kCurves{{"CurveP256", Curve::p256},
                                                   {"CurveP384", Curve::p384},
                                                   {"CurveP521", Curve::p521},
                                                   {"X25519", Curve::x25519}};
  std::vector<Curve> curves;
  if (!is_set(list)) return curves;
  for (const documents::Value& item : list.items()) {
    const auto curve = named(item, kCurves, {});
    if (!curve) {
      if (!is_set(item)) item.complain("expected a curve, got an empty text");
    } else if (std::find(curves.begin(), curves.end(), *curve) == curves.end()) {
      curves.push_back(*curve);
    }
  }
  return curves;
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

std::optional<TlsServer> read_web_tls(const documents::Table& table, const fs::path& folder) {
  const Pem cert = read_pem(table, "cert", folder, documents::check_certificates);
  const Pem key = read_pem(table, "key", folder, documents::check_key);
  const Pem ca = read_pem(table, "client_ca", folder, documents::check_certificates);
  TlsServer tls;
  tls.client_auth = read_client_auth(table.optional("client_auth_type"), ca);
  read_versions(table, tls);
  tls.curves = read_curves(table.optional("curve_preferences"));
  refuse(table);
  if (!is_complete(table, cert, key)) return std::nullopt;
  tls.cert = cert.text;
  tls.key = record::Secret(key.text);
  tls.client_ca = ca.text;
  return tls;
}

}  // namespace recoup::web
