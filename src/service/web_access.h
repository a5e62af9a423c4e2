#pragma once

#include "config/settings.h"
#include "core/world.h"
#include "web/http/server.h"

namespace recoup::service {

// The service's server, as the settings say it listens and is protected, with answers from
// `handler`. The world outlives it. An error is one of the words or files given, or that it cannot
// listen.
core::Result<std::unique_ptr<web::Server>> start_server(const config::Settings& settings,
                                                        const web::Limits& limits,
                                                        web::Handler handler, core::World world);

}  // namespace recoup::service
