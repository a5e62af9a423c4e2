#pragma once

namespace recoup::cli {

// Reads the command line and runs the command it names; the process's exit status.
int run_command_line(int argc, char** argv);

}  // namespace recoup::cli
