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
