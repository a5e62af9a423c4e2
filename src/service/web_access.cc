#include "service/web_access.h"

#include <array>
#include <utility>

#include <unistd.h>

#include "config/exposure.h"
#include "web/access/users.h"
#include "web/http/rate_limit.h"

namespace recoup::service {
namespace {

using web::ClientAuth;
using web::Curve;

int minor_of(web::TlsVersion version) { return static_cast<int>(version); }

const char* group_of(Curve curve) {
  switch (curve) {
    case Curve::p256: return "SECP256R1";
    case Curve::p384: return "SECP384R1";
    case Curve::p521: return "SECP521R1";
    case Curve::x25519: return "X25519";
  }
  return "";
}

web::Tls::Clients clients_of(ClientAuth auth) {
  switch (auth) {
    case ClientAuth::verify_if_given: return web::Tls::Clients::verified_if_given;
    case ClientAuth::require_and_verify: return web::Tls::Clients::verified;
    case ClientAuth::none:
    case ClientAuth::request: return web::Tls::Clients::unknown;
  }
  return web::Tls::Clients::verified;
}

web::Tls tls_of(const web::TlsServer& settings) {
  web::Tls tls;
  tls.certificates = settings.cert;
  tls.key = settings.key;
  tls.clients = clients_of(settings.client_auth);
  tls.authorities = settings.client_ca;
  tls.oldest = minor_of(settings.min_version);
  tls.newest = minor_of(settings.max_version);
  for (const Curve curve : settings.curves) tls.groups.emplace_back(group_of(curve));
  return tls;
}

// What requests may come under beside addresses and localhost: what the settings name and, where
// others can reach the port, what this machine calls itself. No stranger's DNS answers for these.
std::vector<std::string> names_of(const config::Settings& settings) {
  std::vector<std::string> names = settings.allowed_hosts;
  names.push_back(settings.listen.host);
  std::array<char, 256> own{};
  if (config::is_loopback(settings.listen.host) || gethostname(own.data(), own.size() - 1) != 0) {
    return names;
  }
  names.emplace_back(own.data());
  names.push_back(names.back().substr(0, names.back().find('.')));
  return names;
}

}  // namespace

core::Result<std::unique_ptr<web::Server>> start_server(const config::Settings& settings,
                                                        const web::Limits& limits,
                                                        web::Handler handler, core::World world) {
  const web::WebConfig& web = settings.web;
  web::ServerOptions options{settings.listen.host, settings.listen.port};
  if (web.tls) options.tls = tls_of(*web.tls);
  options.headers = web.headers;
  options.hosts = web::Hosts(names_of(settings));
  options.limits = limits;
  handler = web::with_users(std::move(handler), web.users);
  if (web.rate_limit) {
    handler = web::with_rate_limit(std::move(handler), web.rate_limit->interval,
                                   web.rate_limit->burst, world.clock);
  }
  return web::Server::start(options, std::move(handler), world);
}

}  // namespace recoup::service
