#include <spdlog/spdlog.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/service.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"

namespace recoup::cli {

Exit run(const RunOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (geteuid() == 0) {
    spdlog::warn("running as root, which nothing here needs: a user of its own is safer");
  }
  warn(*settings);
  warn_of_doubles(*settings);
  const SystemClock clock;
  return serve(*settings, clock, std::nullopt, "");
}

}  // namespace recoup::cli
