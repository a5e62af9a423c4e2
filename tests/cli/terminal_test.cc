#include "cli/terminal.h"

#include "cli/text_table.h"
#include "support/catch.h"

using namespace recoup::cli;

TEST_CASE("text is broken at its words, and what hangs is moved in as far as is said") {
  CHECK(wrapped("  one two three", 9) == "  one two\n      three");
  CHECK(wrapped("  one two three", 9, 1) == "  one two\n three");
  CHECK(wrapped("is 99.9 % of it", 8) == "is\n    99.9 %\n    of\n    it");
  CHECK(wrapped("one  two", 5) == "one\n    two");
  CHECK(wrapped("unbreakably", 4) == "unbreakably");
  CHECK(wrapped("", 4).empty());
  CHECK(wrapped("ä ö ü", 3) == "ä ö\n    ü");
}

TEST_CASE("text is cut by characters, and says so") {
  CHECK(cut("short", 5) == "short");
  CHECK(cut("longer", 5) == "long…");
  CHECK(cut("größer", 5) == "größ…");
  CHECK(width_of("größ…") == 5);
}

TEST_CASE("colours are chosen by one of three words") {
  CHECK(set_colours("always"));
  CHECK(painted(Paint::bad, "no") == "\033[31mno\033[0m");
  CHECK(painted(Paint::none, "no") == "no");
  CHECK(set_colours("never"));
  CHECK(painted(Paint::bad, "no") == "no");
  CHECK_FALSE(set_colours("yes"));
  CHECK(set_colours("auto"));
}
