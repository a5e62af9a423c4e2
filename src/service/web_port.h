#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "config/settings.h"
#include "core/world.h"
#include "web/http/server.h"

namespace recoup::service {

// WebPort is where the service answers: a server as the settings say it listens and is protected.
// Where these change, another server takes the port, and the one before it brings to their end the
// connections that it has. From any thread.
class WebPort {
 public:
  // The world outlives it, and what the handler uses. An error is one of the words or files given,
  // or that it cannot listen.
  static core::Result<std::unique_ptr<WebPort>> open(const config::Settings& settings,
                                                     const web::Limits& limits,
                                                     web::Handler handler, core::World world);

  int port() const { return port_; }

  // What it takes to be protected as these settings say, which listen where it does; null where
  // that is as before. Nothing has changed yet for good.
  core::Result<std::unique_ptr<web::Server>> prepare(const config::Settings& settings);

  // Goes over to what was prepared by these settings.
  void go_over(const config::Settings& settings, std::unique_ptr<web::Server> prepared);

  // Takes so much of the machine from here on.
  void limit(const web::Limits& limits);

  // Forgets servers that left and have nobody to answer any more.
  void tidy();

  // Of all its servers since it was opened.
  web::ServerCounts counts() const;

 private:
  WebPort(const config::Settings& settings, const web::Limits& limits, web::Handler handler,
          core::World world);
  web::Handler guarded(const config::Settings& settings) const;

  const core::World world_;
  const web::Handler handler_;
  int port_ = 0;

  mutable std::mutex mutex_;  // guards what is below
  web::WebConfig web_;        // what the server was made by
  std::vector<std::string> allowed_hosts_;
  web::Limits limits_;
  web::ServerCounts before_;  // of servers that are forgotten
  std::list<std::unique_ptr<web::Server>> leaving_;
  std::unique_ptr<web::Server> server_;
};

}  // namespace recoup::service
