#include "core/outcome_table.h"

#include "support/catch.h"

using namespace recoup::core;

TEST_CASE("an outcome keeps its number, and each has its own") {
  OutcomeTable table;
  const std::vector<Outcome> outcomes{Answered{200},
                                      Answered{264},  // which would share a place of a small cache
                                      Answered{503},
                                      Answered{503, "SlowDown"},
                                      Answered{503, "", true},
                                      Answered{403, "", false, false, false, true},
                                      Failed{NoAnswer::timeout},
                                      Failed{NoAnswer::dns},
                                      Missed{NotSent::late}};
  for (int again = 0; again < 2; ++again) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) CHECK(table.id(outcomes[i]) == i);
  }
  CHECK(table.answered(264) == 1);
  CHECK(table.answered(200) == 0);
  CHECK(table.all() == outcomes);
}

TEST_CASE("a server that makes up names without end does not fill the memory") {
  OutcomeTable table(1000);
  for (int i = 0; i < 5000; ++i) table.id(Answered{503, "Made" + std::to_string(i)});
  const auto plain = table.id(Answered{503});
  CHECK(table[table.id(Answered{503, "Made0"})] == Outcome(Answered{503, "Made0"}));
  CHECK(table.id(Answered{503, "Made4999"}) == plain);
  CHECK(plain <= 1000);
}

TEST_CASE("names without a status are told apart up to a number, and then are one") {
  OutcomeTable table(2);
  const auto first = table.id(Answered{0, "A"});
  CHECK(table.id(Answered{0, "B"}) != first);
  const auto more = table.id(Answered{0, "C"});
  CHECK(to_text(table[more]) == "unclassified/other");
  CHECK(table.id(Answered{0, "D"}) == more);
  CHECK(table.id(Answered{0, "A"}) == first);
}
