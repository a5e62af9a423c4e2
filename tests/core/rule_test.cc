#include "core/rule.h"

#include "support/catch.h"

using namespace std::chrono_literals;
using namespace recoup::core;

namespace {

Version dated(Date day, Changeover changeover = Changeover::not_stated) {
  Version version;
  version.effective = day;
  version.changeover = changeover;
  return version;
}

Version undated(Date read) {
  Version version;
  version.read = read;
  return version;
}

Rule rule_of(std::vector<Version> versions) {
  Rule rule;
  rule.versions = std::move(versions);
  in_order(rule.versions);
  return rule;
}

// The dates of the version that a month is judged by and of the others; "none" for the first where
// there is none.
std::string readings(const Rule& rule, Month month) {
  const Version* judged = rule.in_force(month);
  std::string text = judged == nullptr ? "none" : to_text(judged->date());
  for (const Version* other : rule.other_readings(month)) text += " or " + to_text(other->date());
  return text;
}

}  // namespace

TEST_CASE("a month is judged by the version in force on its first day") {
  const Rule rule = rule_of({dated(2020y / 3 / 1), dated(2019y / 1 / 16)});
  CHECK(readings(rule, 2018y / 12) == "none");
  CHECK(readings(rule, 2019y / 2) == "2019-01-16");
  CHECK(readings(rule, 2020y / 2) == "2019-01-16");
  CHECK(readings(rule, 2020y / 3) == "2020-03-01");
}

TEST_CASE("a version that comes into force within a month is another reading of it") {
  const Rule rule = rule_of({dated(2019y / 1 / 16), dated(2020y / 3 / 2), dated(2020y / 3 / 31)});
  CHECK(readings(rule, 2020y / 2) == "2019-01-16");
  CHECK(readings(rule, 2020y / 3) == "2019-01-16 or 2020-03-02 or 2020-03-31");
  CHECK(readings(rule, 2020y / 4) == "2020-03-31");
}

TEST_CASE("a version's own word on the cycle in which it comes into force settles it") {
  const Rule running = rule_of({dated(2019y / 1 / 16), dated(2020y / 3 / 2, Changeover::running)});
  CHECK(readings(running, 2020y / 3) == "2020-03-02");
  CHECK(readings(running, 2020y / 2) == "2019-01-16");
  const Rule next = rule_of({dated(2019y / 1 / 16), dated(2020y / 3 / 2, Changeover::next)});
  CHECK(readings(next, 2020y / 3) == "2019-01-16");
  CHECK(readings(next, 2020y / 4) == "2020-03-02");
}

TEST_CASE("every month is judged by a text of which only the day it was read is known") {
  const Rule rule = rule_of({undated(2026y / 11 / 1)});
  for (const Month month : {2010y / 1, 2026y / 10, 2026y / 11, 2027y / 1}) {
    CHECK(readings(rule, month) == "2026-11-01");
  }
}

TEST_CASE("until a text was read, the dated one before it is another reading") {
  const Rule rule = rule_of({undated(2026y / 11 / 15), dated(2020y / 4 / 17)});
  CHECK(readings(rule, 2020y / 3) == "none");
  CHECK(readings(rule, 2020y / 4) == "none or 2020-04-17 or 2026-11-15");
  CHECK(readings(rule, 2020y / 5) == "2026-11-15 or 2020-04-17");
  CHECK(readings(rule, 2026y / 11) == "2026-11-15 or 2020-04-17");
  CHECK(readings(rule, 2026y / 12) == "2026-11-15");
}

TEST_CASE("of two texts that were read, the older held at least until it was read") {
  const Rule rule = rule_of({undated(2023y / 1 / 8), undated(2023y / 12 / 6)});
  CHECK(readings(rule, 2020y / 1) == "2023-01-08");
  CHECK(readings(rule, 2023y / 6) == "2023-12-06 or 2023-01-08");
  CHECK(readings(rule, 2024y / 1) == "2023-12-06");
}

TEST_CASE("a text whose day the user knows is in force since then, and keeps its name") {
  Version known = undated(2026y / 11 / 1);
  known.effective = 2024y / 3 / 1;
  const Rule rule = rule_of({known, dated(2020y / 4 / 17)});
  CHECK(readings(rule, 2024y / 2) == "2020-04-17");
  CHECK(readings(rule, 2024y / 3) == "2026-11-01");
  CHECK(rule.find_version(2026y / 11 / 1) == &rule.versions.back());
  CHECK(rule.find_version(2024y / 3 / 1) == nullptr);
}
