#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace recoup::cli {
namespace {

void add_tidy(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<LedgerTidyOptions>();
  auto* command =
      commands.add("tidy",
                   "Keeps the ledger small, as the service does by itself: days that are over are "
                   "folded, and evidence goes that no claim needs any more; lists what went",
                   "  recoup ledger tidy --dry-run   only says what would become of it\n"
                   "  recoup ledger tidy             beside a running service, too",
                   options, ledger_tidy, group);
  add_config(command, options->config);
  command->add_flag("--dry-run", options->dry_run, "only say what would become of it");
  command->add_flag("--json", options->json, "as JSON");
}

}  // namespace

void add_ledger_commands(Commands& commands) {
  auto* group = commands.add_group("ledger", "Looks after the ledger", "  recoup ledger tidy");
  add_tidy(commands, group);
}

}  // namespace recoup::cli
