#include "sources/probe/trust.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "documents/files.h"

namespace recoup::sources::probe {
namespace {

bool has_tls(const Probe& probe) { return probe.settings.url.starts_with("https://"); }

std::string or_empty(const char* text) { return text == nullptr ? "" : text; }

// The file of authorities that libcurl goes by of its own accord, and their folder.
std::string system_file() { return or_empty(curl_version_info(CURLVERSION_NOW)->cainfo); }
std::string system_folder() { return or_empty(curl_version_info(CURLVERSION_NOW)->capath); }

std::string ca_file_of(const Probe& probe) {
  const auto& tls = probe.settings.tls;
  return tls && !tls->ca_file.empty() ? tls->ca_file : system_file();
}

}  // namespace

Trust::Trust(std::size_t number, const WatchedFiles& authorities, const WatchedFiles* certificate)
    : number_(number), authorities_(authorities), certificate_(certificate) {}

bool Trust::ready() const {
  return authorities_.version() > 0 && (certificate_ == nullptr || certificate_->version() > 0);
}

std::uint64_t Trust::version() const {
  return authorities_.version() + (certificate_ == nullptr ? 0 : certificate_->version());
}

void Trust::apply(void* easy, std::uint64_t version) const {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  // libcurl's own way is to read the file for each connection, or to keep a single one.
  curl_easy_setopt(easy, CURLOPT_CAINFO, static_cast<char*>(nullptr));
  // It does not ask a callback which connections and sessions are alike, but compares its options:
  // this one tells them apart, and names no folder, which it does not need to.
  const std::string name = fmt::format("trust-{}-{}", number_, version);
  curl_easy_setopt(easy, CURLOPT_CAPATH, name.c_str());
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &Trust::on_context);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, const_cast<Trust*>(this));
}

int Trust::on_context(void*, void* context, void* self) {
  const auto& trust = *static_cast<const Trust*>(self);
  auto* ssl = static_cast<ssl_ctx_st*>(context);
  const auto authorities = trust.authorities_.current();
  bool done = authorities != nullptr && authorities->put_on(ssl);
  if (trust.certificate_ != nullptr) {
    const auto certificate = trust.certificate_->current();
    done = done && certificate != nullptr && certificate->put_on(ssl);
  }
  return done ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

struct Trusts::Files {
  std::map<std::string, WatchedFiles> authorities;  // by file
  std::map<std::pair<std::string, std::string>, WatchedFiles> certificates;
  std::map<std::pair<const WatchedFiles*, const WatchedFiles*>, Trust> trusts;

  const WatchedFiles& authorities_of(const std::string& file);
  const WatchedFiles* certificate_of(const rules::ProbeTls* tls);
  const Trust* trust_of(const Probe& probe);
};

const WatchedFiles& Trusts::Files::authorities_of(const std::string& file) {
  std::vector<std::string> files;
  WatchedFiles::Make make = [](const auto&) { return make_openssl_authorities(); };
  if (!file.empty()) {
    files.push_back(file);
    make = [folder = file == system_file() ? system_folder() : ""](const auto& texts) {
      return make_authorities(texts[0], folder);
    };
  }
  return authorities.try_emplace(file, std::move(files), std::move(make)).first->second;
}

const WatchedFiles* Trusts::Files::certificate_of(const rules::ProbeTls* tls) {
  if (tls == nullptr || tls->client_cert.empty()) return nullptr;
  return &certificates
              .try_emplace({tls->client_cert, tls->client_key},
                           std::vector<std::string>{tls->client_cert, tls->client_key},
                           [](const auto& texts) { return make_certificate(texts[0], texts[1]); })
              .first->second;
}

const Trust* Trusts::Files::trust_of(const Probe& probe) {
  if (!has_tls(probe)) return nullptr;
  const WatchedFiles& by = authorities_of(ca_file_of(probe));
  const WatchedFiles* shown = certificate_of(probe.settings.tls.get());
  return &trusts.try_emplace({&by, shown}, trusts.size(), by, shown).first->second;
}

Trusts::Trusts(const std::vector<Probe>& probes, Say say)
    : say_(say ? std::move(say) : [](const std::string&) {}), files_(std::make_unique<Files>()) {
  by_probe_.reserve(probes.size());
  for (const Probe& probe : probes) by_probe_.push_back(files_->trust_of(probe));
  refresh();
}

Trusts::~Trusts() = default;

void Trusts::refresh() {
  for (auto& [file, watched] : files_->authorities) watched.refresh(say_);
  for (auto& [names, watched] : files_->certificates) watched.refresh(say_);
}

std::unique_ptr<core::Thread> Trusts::watch(core::World world, core::Millis every) {
  if (files_->trusts.empty()) return nullptr;
  return world.threads.start("tls files", [this, world, every](const std::stop_token& stop) {
    while (true) {
      world.clock.pause(stop, world.clock.mono() + every);
      if (stop.stop_requested()) return;
      refresh();
    }
  });
}

core::Result<void> check_authorities(const std::vector<Probe>& probes) {
  const std::string file = system_file();
  const auto by_system = std::find_if(probes.begin(), probes.end(), [&](const Probe& probe) {
    return has_tls(probe) && ca_file_of(probe) == file;
  });
  if (by_system == probes.end() || file.empty()) return {};
  const auto text = documents::read_file(file);
  if (text) return {};
  return core::Error{
      fmt::format("expected the system's certificates of authorities, by which probe '{}' is "
                  "verified, in '{}', got none: {}",
                  by_system->settings.id, file, text.error().help),
      by_system->agreement, "install the package ca-certificates, or name a ca_file in the probe"};
}

}  // namespace recoup::sources::probe
