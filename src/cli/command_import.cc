#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/read_file.h"
#include "cli/terminal.h"
#include "cli/workspace.h"

namespace recoup::cli {

Exit import_files(const ImportOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto agreement = pick(*settings, options.agreement);
  if (!agreement) return complain(agreement.error(), kWrongWords);
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);

  const monitor::LogSource source{options.agreement, options.log, options.format};
  Exit exit = kDone;
  for (const std::string& file : options.files) {
    const auto read = read_file(**ledger, source, file);
    if (read) {
      say(fmt::format("{}: {}", file, *read));
    } else {
      exit = complain(read.error(), kCouldNot);
    }
  }
  return exit;
}

}  // namespace recoup::cli
