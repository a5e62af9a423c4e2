#include "cli/commands.h"
#include "cli/service.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"

namespace recoup::cli {

Exit run(const RunOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const SystemClock clock;
  return serve(*settings, clock, std::nullopt, "");
}

}  // namespace recoup::cli
