#include "cli/arguments.h"

#include <string>
#include <vector>

#include "cli/command_line.h"

namespace recoup::cli {

int run_command_line(int argc, char** argv) {
  Commands commands;
  commands.begin_section("Setting up and running");
  add_setup_commands(commands);
  commands.begin_section("Requests and verdicts");
  add_evidence_commands(commands);
  add_incident_commands(commands);
  add_merge_command(commands);
  commands.begin_section("Charges and claims");
  add_claim_commands(commands);
  commands.begin_section("The ledger");
  add_copy_commands(commands);
  add_ledger_commands(commands);
  commands.add_help();
  return commands.run({argv + 1, argv + argc});
}

}  // namespace recoup::cli
