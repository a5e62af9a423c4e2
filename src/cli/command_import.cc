#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/read_file.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/worth.h"

namespace recoup::cli {

Exit import_files(const ImportOptions& options) {
  return with_agreement(
      options.config, options.agreement,
      [&](const Workplace& at) {
        warn_of_doubles(at.settings, options.agreement);
        const service::LogSource source{options.agreement, options.log, options.format,
                                        config::worth_a_record(at.settings),
                                        options.format_options};
        Exit exit = kDone;
        for (const std::string& file : options.files) {
          const FileRead read = read_file(*at.ledger, source, file);
          if (read.exit == kDone) {
            say(fmt::format("{}: {}", file, read.words));
          } else {
            exit = std::max(exit, complain(read.error, read.exit));
          }
        }
        return exit;
      },
      ledger::Missing::make);
}

}  // namespace recoup::cli
