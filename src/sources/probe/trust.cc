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

Trust::Trust(std::size_t number, std::shared_ptr<const WatchedFiles> authorities,
             std::shared_ptr<const WatchedFiles> certificate)
    : number_(number), authorities_(std::move(authorities)), certificate_(std::move(certificate)) {}

bool Trust::ready() const {
  return authorities_->version() > 0 && (certificate_ == nullptr || certificate_->version() > 0);
}

std::uint64_t Trust::version() const {
  return authorities_->version() + (certificate_ == nullptr ? 0 : certificate_->version());
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
  const auto authorities = trust.authorities_->current();
  bool done = authorities != nullptr && authorities->put_on(ssl);
  if (trust.certificate_ != nullptr) {
    const auto certificate = trust.certificate_->current();
    done = done && certificate != nullptr && certificate->put_on(ssl);
  }
  return done ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

// What is held, by what it is made of. It goes with the last probe that needs it.
struct Trusts::Files {
  using Pair = std::pair<std::string, std::string>;

  Say say;

  std::mutex mutex;                                                // guards everything below
  std::map<std::string, std::weak_ptr<WatchedFiles>> authorities;  // by file
  std::map<Pair, std::weak_ptr<WatchedFiles>> certificates;        // by certificate and key
  std::map<std::pair<std::string, Pair>, std::weak_ptr<const Trust>> trusts;
  std::size_t numbered = 0;  // trusts, ever
  core::Condition more;      // there are files now

  std::shared_ptr<WatchedFiles> authorities_of(const std::string& file);
  std::shared_ptr<WatchedFiles> certificate_of(const Pair& files);
  std::vector<std::shared_ptr<WatchedFiles>> held();
  bool await_some(const core::Clock& clock, const std::stop_token& stop);

 private:
  using Made = std::shared_ptr<WatchedFiles>;
  Made hold(std::weak_ptr<WatchedFiles>& known, Made made);
};

// Nobody else knows them yet: they are read for the first time.
std::shared_ptr<WatchedFiles> Trusts::Files::hold(std::weak_ptr<WatchedFiles>& known, Made made) {
  made->refresh(say);
  known = made;
  return made;
}

std::shared_ptr<WatchedFiles> Trusts::Files::authorities_of(const std::string& file) {
  std::weak_ptr<WatchedFiles>& known = authorities[file];
  if (auto held = known.lock()) return held;
  std::vector<std::string> files;
  WatchedFiles::Make make = [](const auto&) { return make_openssl_authorities(); };
  if (!file.empty()) {
    files.push_back(file);
    make = [folder = file == system_file() ? system_folder() : ""](const auto& texts) {
      return make_authorities(texts[0], folder);
    };
  }
  return hold(known, std::make_shared<WatchedFiles>(std::move(files), std::move(make)));
}

std::shared_ptr<WatchedFiles> Trusts::Files::certificate_of(const Pair& files) {
  if (files.first.empty()) return nullptr;
  std::weak_ptr<WatchedFiles>& known = certificates[files];
  if (auto held = known.lock()) return held;
  return hold(known, std::make_shared<WatchedFiles>(
                         std::vector<std::string>{files.first, files.second},
                         [](const auto& texts) { return make_certificate(texts[0], texts[1]); }));
}

std::vector<std::shared_ptr<WatchedFiles>> Trusts::Files::held() {
  std::vector<std::shared_ptr<WatchedFiles>> all;
  const std::lock_guard lock(mutex);
  const auto look_through = [&](auto& known) {
    std::erase_if(known, [](const auto& each) { return each.second.expired(); });
    for (const auto& [name, files] : known) {
      if (auto one = files.lock()) all.push_back(std::move(one));
    }
  };
  look_through(authorities);
  look_through(certificates);
  std::erase_if(trusts, [](const auto& each) { return each.second.expired(); });
  return all;
}

// Until there is something to look at; false where the stop was requested.
bool Trusts::Files::await_some(const core::Clock& clock, const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  return clock.await(lock, more, stop, core::kNever,
                     [this] { return !authorities.empty() || !certificates.empty(); });
}

Trusts::Trusts(Say say) : files_(std::make_unique<Files>()) {
  files_->say = say ? std::move(say) : [](const std::string&) {};
}

Trusts::~Trusts() = default;

std::shared_ptr<const Trust> Trusts::of(const Probe& probe) {
  if (!has_tls(probe)) return nullptr;
  const std::string by = ca_file_of(probe);
  const auto& tls = probe.settings.tls;
  const Files::Pair shown = tls ? Files::Pair{tls->client_cert, tls->client_key} : Files::Pair{};
  const std::lock_guard lock(files_->mutex);
  std::weak_ptr<const Trust>& known = files_->trusts[{by, shown}];
  if (auto trust = known.lock()) return trust;
  auto trust = std::make_shared<const Trust>(files_->numbered++, files_->authorities_of(by),
                                             files_->certificate_of(shown));
  known = trust;
  files_->more.notify_all();
  return trust;
}

void Trusts::refresh() {
  for (const auto& files : files_->held()) files->refresh(files_->say);
}

std::unique_ptr<core::Thread> Trusts::watch(core::World world, core::Millis every) {
  return world.threads.start("tls files", [this, world, every](const std::stop_token& stop) {
    while (files_->await_some(world.clock, stop)) {
      world.clock.pause(stop, world.clock.mono() + every);
      if (stop.stop_requested()) return;
      refresh();
    }
  });
}

core::Result<void> check_authorities(const Probes& probes) {
  const std::string file = system_file();
  const auto by_system = std::find_if(probes.begin(), probes.end(), [&](const auto& probe) {
    return has_tls(*probe) && ca_file_of(*probe) == file;
  });
  if (by_system == probes.end() || file.empty()) return {};
  const auto text = documents::read_file(file);
  if (text) return {};
  return core::Error{
      fmt::format("expected the system's certificates of authorities, by which probe '{}' is "
                  "verified, in '{}', got none: {}",
                  (*by_system)->settings.id, file, text.error().help),
      (*by_system)->agreement,
      "install the package ca-certificates, or name a ca_file in the probe"};
}

}  // namespace recoup::sources::probe
