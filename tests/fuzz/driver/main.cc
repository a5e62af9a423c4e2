// The same targets for libFuzzer, by clang: `recoup-fuzz TARGET CORPUS [OPTION OF libFuzzer…]` goes
// on from the folder CORPUS, to which it adds the target's own seeds and what it finds.
// `--list` prints the targets; a file in the place of CORPUS is run alone.

#define CATCH_CONFIG_RUNNER
#include "fuzz/fuzz.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*take)(const std::uint8_t* bytes, std::size_t size));

namespace {

int argument_count;
char** arguments;
const recoup::test::Parse* parser;

// What a target throws ends the program: then libFuzzer keeps the input.
int take(const std::uint8_t* bytes, std::size_t size) noexcept {
  (*parser)(std::string(reinterpret_cast<const char*>(bytes), size));
  return 0;
}

// Does not return.
void run_libfuzzer(const std::vector<std::string>& seeds, const recoup::test::Parse& parse, int) {
  const std::filesystem::path corpus = arguments[1];
  if (!std::filesystem::is_regular_file(corpus)) {  // else one input, that is to be run again
    std::filesystem::create_directories(corpus);
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      std::ofstream(corpus / ("seed-" + std::to_string(i)), std::ios::binary) << seeds[i];
    }
  }
  // Catch2's handlers would end the program before libFuzzer has kept the input.
  for (const int number : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGTERM, SIGINT}) {
    std::signal(number, SIG_DFL);
  }
  parser = &parse;
  std::exit(LLVMFuzzerRunDriver(&argument_count, &arguments, take));
}

}  // namespace

int main(int argc, char** argv) {
  Catch::Session session;
  if (argc == 2 && std::string(argv[1]) == "--list") {
    const char* words[] = {argv[0], "--list-tags"};
    return session.run(2, words);
  }
  if (argc < 3) {
    std::fputs("usage: recoup-fuzz TARGET CORPUS [OPTION OF libFuzzer…] | --list\n", stderr);
    return 2;
  }
  recoup::test::feed = run_libfuzzer;
  argument_count = argc - 1;
  arguments = argv + 1;
  const std::string tag = '[' + std::string(argv[1]) + ']';
  const char* words[] = {argv[0], tag.c_str(), "-w", "NoTests"};
  return session.run(4, words);
}
