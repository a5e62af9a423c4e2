#include "service/web_access.h"

#include <array>
#include <utility>

#include <unistd.h>

#include "config/listen.h"
#include "web/access/users.h"
#include "web/http/hosts.h"
#include "web/http/rate_limit.h"

namespace recoup::service {
namespace {

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
  options.tls = web.tls;
  options.headers = web.headers;
  options.limits = limits;
  handler = web::with_users(std::move(handler), web.users);
  if (web.rate_limit) {
    handler = web::with_rate_limit(std::move(handler), web.rate_limit->interval,
                                   web.rate_limit->burst, world.clock);
  }
  handler = web::with_hosts(std::move(handler), names_of(settings));
  return web::Server::start(options, std::move(handler), world);
}

}  // namespace recoup::service
