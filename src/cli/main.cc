// Recoup measures what a cloud provider promised in its SLA, with the contract's own arithmetic,
// and writes the claim when the promise was not kept. src/README.md is the map.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/log_format.h"

namespace {

using recoup::cli::kCouldNot;

// Nothing here may need memory: there may be none.
int could_not(const char* command, const char* why) {
  std::fprintf(stderr, "recoup: error: could not finish%s%s: %s\n", *command == '\0' ? "" : " ",
               command, why);
  return kCouldNot;
}

int run(int argc, char** argv) {
  const char* command = argc > 1 ? argv[1] : "";
  try {
    return recoup::cli::run_command_line(argc, argv);
  } catch (const std::bad_alloc&) {
    return could_not(command, "ran out of memory");
  } catch (const std::exception& error) {
    return could_not(command, error.what());
  }
}

// Where an exception cannot be caught by any of the above, as in another thread.
[[noreturn]] void end_with_a_sentence() noexcept {
  const char* why = "an unexpected fault";
  try {
    if (std::current_exception()) throw;
  } catch (const std::bad_alloc&) {
    why = "ran out of memory";
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
  }
  could_not("", why);
  std::_Exit(kCouldNot);
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(end_with_a_sentence);
  recoup::cli::log_as_text();
  const int status = run(argc, argv);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  // Where it failed long ago, nobody knows why.
  std::fprintf(stderr, "recoup: error: standard output could not be written: %s\n",
               errno == 0 ? "some of it is lost" : std::strerror(errno));
  return status == 0 ? kCouldNot : status;
}
