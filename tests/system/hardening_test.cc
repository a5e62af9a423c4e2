// What the built program has against mistakes with memory, read from its own file.

#include <regex>
#include <set>

#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;

TEST_CASE("the program is position independent, its relocations are fixed, its stack is guarded") {
  const std::set<std::string> run_by_people{"Release", "RelWithDebInfo", "MinSizeRel"};
  if (!have(run_by_people.contains(BUILD_TYPE), "an optimised build")) return;
  const TempDir dir;
  const Finished read = run({"readelf", "--wide", "--file-header", "--program-headers", "--dynamic",
                             "--dyn-syms", recoup_binary()},
                            dir.path().string());
  REQUIRE(read.status == 0);
  const auto shows = [&](const char* pattern) {
    return std::regex_search(read.out, std::regex(pattern));
  };
  CHECK(shows("Type: +DYN "));
  CHECK(shows("FLAGS_1.*\\bPIE\\b"));
  CHECK(shows("GNU_RELRO"));
  CHECK(shows("FLAGS_1.*\\bNOW\\b"));
  CHECK(shows("GNU_STACK[^\n]* RW "));
  CHECK(shows("__stack_chk_fail"));
  CHECK(shows("_chk@GLIBC"));
}

#ifdef __x86_64__
TEST_CASE("code may be jumped to only where that is meant, and is marked so where the system is") {
  if (!have(std::string(BUILD_TYPE) != "Debug", "an optimised build")) return;
  const TempDir dir;
  // Control-flow Enforcement: each function that is called by its address begins with endbr64.
  const std::string program = read_text(recoup_binary());
  std::size_t landings = 0;
  for (std::size_t at = 0; (at = program.find("\xf3\x0f\x1e\xfa", at)) != std::string::npos; ++at) {
    ++landings;
  }
  CHECK(landings > 10'000);
  // A program is marked where all that it is made of is. The C library of Debian 12 brings files
  // that are not (Scrt1.o, crti.o); there the mark is missing, and nothing else.
  const auto marked = [&](const std::string& path) {
    const Finished read = run({"readelf", "--wide", "--notes", path}, dir.path().string());
    return read.out.find("IBT, SHSTK") != std::string::npos;
  };
  const std::string start = "/usr/lib/x86_64-linux-gnu/Scrt1.o";
  if (marked(start)) CHECK(marked(recoup_binary()));
}
#endif
