#include "core/expiry.h"

#include "support/catch.h"

namespace recoup::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

const Zone kEight = Zone::fixed(minutes(480));
const ExpiryTerms kTerms{{7, 3, 1}, 15, 16};

Instant at(const char* text) { return *parse_instant(text); }

TEST_CASE("an instance that expires on a date has the provider's timeline in its zone") {
  const auto timeline = expiry_timeline(kTerms, 2026y / 11 / 30, false, kEight);
  CHECK(timeline.reminders == std::vector<Instant>{at("2026-11-23T00:00:00+08:00"),
                                                   at("2026-11-27T00:00:00+08:00"),
                                                   at("2026-11-29T00:00:00+08:00")});
  CHECK(timeline.expiry == at("2026-11-29T16:00:00Z"));
  CHECK(timeline.suspension == at("2026-12-15T00:00:00+08:00"));
  CHECK(timeline.last_day == Date(2026y / 12 / 30));
  CHECK(timeline.release == at("2026-12-31T00:00:00+08:00"));
}

TEST_CASE("midnight read as the end of the date moves the whole timeline by a day") {
  const auto timeline = expiry_timeline(kTerms, 2026y / 11 / 30, true, kEight);
  CHECK(timeline.reminders.front() == at("2026-11-24T00:00:00+08:00"));
  CHECK(timeline.expiry == at("2026-11-30T16:00:00Z"));
  CHECK(timeline.suspension == at("2026-12-16T00:00:00+08:00"));
  CHECK(timeline.last_day == Date(2026y / 12 / 31));
  CHECK(timeline.release == at("2027-01-01T00:00:00+08:00"));
}

TEST_CASE("paying brings the service back up to the same day of a later month, or its last") {
  const OverdueTerms terms{6};
  CHECK(last_restoration(terms, at("2026-03-10T02:00:00Z"), kEight) ==
        at("2026-09-11T00:00:00+08:00"));
  // 18:00Z is already the next day there.
  CHECK(last_restoration(terms, at("2026-03-10T18:00:00Z"), kEight) ==
        at("2026-09-12T00:00:00+08:00"));
  CHECK(last_restoration(terms, at("2026-08-31T00:00:00Z"), kEight) ==
        at("2027-03-01T00:00:00+08:00"));
}

}  // namespace
}  // namespace recoup::core
