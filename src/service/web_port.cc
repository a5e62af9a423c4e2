#include "service/web_port.h"

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

web::ServerOptions options_of(const config::Settings& settings, const web::Limits& limits) {
  web::ServerOptions options{settings.listen.host, settings.listen.port};
  options.tls = settings.web.tls;
  options.headers = settings.web.headers;
  options.limits = limits;
  return options;
}

void add(web::ServerCounts& all, const web::ServerCounts& more) {
  all.connections += more.connections;
  all.closed_early += more.closed_early;
  for (const auto& [status, count] : more.answers) all.answers[status] += count;
}

}  // namespace

WebPort::WebPort(const config::Settings& settings, const web::Limits& limits, web::Handler handler,
                 core::World world)
    : world_(world),
      handler_(std::move(handler)),
      web_(settings.web),
      allowed_hosts_(settings.allowed_hosts),
      limits_(limits) {}

core::Result<std::unique_ptr<WebPort>> WebPort::open(const config::Settings& settings,
                                                     const web::Limits& limits,
                                                     web::Handler handler, core::World world) {
  std::unique_ptr<WebPort> port(new WebPort(settings, limits, std::move(handler), world));
  auto server = web::Server::start(options_of(settings, limits), port->guarded(settings), world);
  if (!server) return server.error();
  port->server_ = *std::move(server);
  port->port_ = port->server_->port();
  return port;
}

// What a request passes before it is answered.
web::Handler WebPort::guarded(const config::Settings& settings) const {
  const web::WebConfig& web = settings.web;
  web::Handler handler = web::with_users(handler_, web.users);
  if (web.rate_limit) {
    handler = web::with_rate_limit(std::move(handler), web.rate_limit->interval,
                                   web.rate_limit->burst, world_.clock);
  }
  return web::with_hosts(std::move(handler), names_of(settings));
}

core::Result<std::unique_ptr<web::Server>> WebPort::prepare(const config::Settings& settings) {
  const std::lock_guard lock(mutex_);
  if (settings.web == web_ && settings.allowed_hosts == allowed_hosts_) {
    return std::unique_ptr<web::Server>();
  }
  return web::Server::start_beside(*server_, options_of(settings, limits_), guarded(settings),
                                   world_);
}

void WebPort::go_over(const config::Settings& settings, std::unique_ptr<web::Server> prepared) {
  if (!prepared) return;
  const std::lock_guard lock(mutex_);
  web_ = settings.web;
  allowed_hosts_ = settings.allowed_hosts;
  server_.swap(prepared);
  prepared->leave();
  leaving_.push_back(std::move(prepared));
}

void WebPort::limit(const web::Limits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
  server_->limit(limits);
}

void WebPort::tidy() {
  std::list<std::unique_ptr<web::Server>> gone;  // declared first: they end without the lock
  const std::lock_guard lock(mutex_);
  for (auto at = leaving_.begin(); at != leaving_.end();) {
    const auto one = at++;
    const web::ServerCounts counts = (*one)->counts();
    if (counts.connections > 0) continue;
    add(before_, counts);
    gone.splice(gone.end(), leaving_, one);
  }
}

web::ServerCounts WebPort::counts() const {
  const std::lock_guard lock(mutex_);
  web::ServerCounts all = before_;
  add(all, server_->counts());
  for (const auto& one : leaving_) add(all, one->counts());
  return all;
}

}  // namespace recoup::service
