#include <spdlog/spdlog.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/log_format.h"
#include "cli/workspace.h"
#include "service/service.h"
#include "service/system_world.h"

namespace recoup::cli {

Exit run(const RunOptions& options) {
  auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (options.listen) {
    settings->listen = *options.listen;
    settings->listen_is_given = true;
  }
  stand_in_for_output();
  if (geteuid() == 0) {
    spdlog::warn("running as root, which nothing here needs: a user of its own is safer");
  }
  warn(*settings);
  warn_of_doubles(*settings);
  return exit_of(service::serve(*settings, environment(), service::system_world(), std::nullopt, "",
                                say_somewhere, options.role));
}

}  // namespace recoup::cli
