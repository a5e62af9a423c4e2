#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace recoup::cli {

void add_merge_command(Commands& commands) {
  auto options = std::make_shared<MergeOptions>();
  auto* command = commands.add(
      "merge",
      "Joins ledgers: brings all that was counted from one or more into another. The order changes "
      "nothing, and again adds nothing; what two of them counted of the same minutes of one "
      "vantage "
      "is refused. Seals stay in their ledger: the months are sealed anew",
      "  recoup merge berlin.db tokyo.db --into sqlite:all.db\n"
      "  recoup merge berlin.db --into postgresql://recoup@db.example.org/recoup\n"
      "  recoup merge /mnt/berlin/recoup.db        # into the ledger of the settings",
      options, merge);
  add_config(command, options->config);
  command
      ->add_option("LEDGER", options->from,
                   "what is brought over: a file, or an address like "
                   "postgresql://USER@HOST/DATABASE")
      ->required();
  command->add_option("--into", options->into,
                      "where to: sqlite:PATH or an address (default: `ledger` of the settings)");
}

}  // namespace recoup::cli
