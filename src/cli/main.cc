// Recoup measures what a cloud provider promised in its SLA, with the contract's own arithmetic,
// and writes the claim when the promise was not kept. src/README.md is the map.

#include "cli/arguments.h"

int main(int argc, char** argv) { return recoup::cli::run_command_line(argc, argv); }
