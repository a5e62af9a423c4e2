#include "service/incident_log.h"

#include <algorithm>
#include <map>

#include "core/assess.h"
#include "support/captured_log.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Cycle kNovember = core::cycle_of(std::chrono::year(2026) / 11, core::Zone::utc());

// An agreement whose probes met so many Errors of 10 Requests, by interval.
struct Lossy {
  std::map<int, std::uint64_t> errors;
  core::Cycle cycle = kNovember;
  std::vector<core::ExclusionWindow> excluded = {};

  core::Instant at(std::chrono::minutes time) const { return cycle.span.begin + time; }

  core::Judgement judged(core::Instant now) const {
    core::Tallies tallies;
    for (const auto& [interval, failed] : errors) {
      const core::Minute minute = core::minute_of(at(interval * 5min));
      tallies.add(minute, core::Answered{200}, 10 - failed);
      if (failed > 0) tallies.add(minute, core::Answered{503}, failed);
    }
    core::Judgement made;
    made.agreement.id = "kms";
    made.version = std::make_shared<const core::Version>(test::kms_like());
    made.assessment = core::assess(*made.version, core::Zone::utc(), cycle, tallies, excluded, now);
    return made;
  }
};

// What is logged at that instant.
std::string told(service::IncidentLog& incidents, const Lossy& lossy, std::chrono::minutes time) {
  const test::CapturedLog log;
  incidents.tell(lossy.judged(lossy.at(time)), lossy.at(time));
  return log.text();
}

}  // namespace

TEST_CASE("an incident is logged when it begins and when it is over, with what it took") {
  service::IncidentLog incidents;
  Lossy lossy{{{0, 0}}};
  CHECK(told(incidents, lossy, 4min).empty());
  lossy.errors = {{0, 0}, {1, 4}};
  CHECK(told(incidents, lossy, 6min) ==
        "warning kms: incident since 2026-11-01T00:05:00Z: 4 of 10 Requests failed so far\n"
        "warning kms 2026-11: below its commitment by now, and the rest can still lift it: "
        "99.99537 % "
        "of 99.999 % promised\n");
  CHECK(told(incidents, lossy, 7min).empty());
  lossy.errors = {{0, 0}, {1, 4}, {2, 2}, {3, 0}};
  CHECK(told(incidents, lossy, 14min) ==
        "warning kms 2026-11: breach: the commitment cannot be met any more, whatever is still to "
        "come: 99.993055 % of 99.999 % promised\n");
  CHECK(told(incidents, lossy, 19min).empty());  // the interval behind it is not over
  CHECK(told(incidents, lossy, 20min) ==
        "warning kms: incident over: 2026-11-01T00:05:00Z to 2026-11-01T00:15:00Z, 6 of 20 "
        "Requests failed; it took 0.006944 % of the uptime of 2026-11, 694.444444 % of what may be "
        "lost; it is 99.993055 % so far\n");
  CHECK(told(incidents, lossy, 25min).empty());
  // Another one is told by itself.
  lossy.errors[6] = 10;
  CHECK(told(incidents, lossy, 32min) ==
        "warning kms: incident since 2026-11-01T00:30:00Z: 10 of 10 Requests failed so far\n");
}

TEST_CASE("what was over before the service began is not logged, and what goes on is") {
  service::IncidentLog incidents;
  const Lossy lossy{{{0, 1}, {4, 10}}};
  const std::string first = told(incidents, lossy, 21min);
  CHECK(first.starts_with("warning kms: incident since 2026-11-01T00:20:00Z: 10 of 10 Requests"));
  CHECK(first.find("00:00:00Z") == std::string::npos);
  CHECK(first.find("kms 2026-11: breach") != std::string::npos);
}

TEST_CASE("what becomes known later is logged, and much of it in one line") {
  service::IncidentLog incidents;
  Lossy lossy{{{100, 0}}};
  CHECK(told(incidents, lossy, 600min).empty());
  lossy.errors[3] = 1;
  CHECK(told(incidents, lossy, 601min)
            .find("kms: incident became known: 2026-11-01T00:15:00Z to "
                  "2026-11-01T00:20:00Z, 1 of 10 Requests failed; it ") != std::string::npos);
  for (int i = 10; i < 30; i += 2) lossy.errors[i] = 1;
  const std::string many = told(incidents, lossy, 602min);
  CHECK(
      many.starts_with("warning kms: 10 incidents became known, from 2026-11-01T00:50:00Z to "
                       "2026-11-01T02:25:00Z; what was lost in that time took "));
  CHECK(std::count(many.begin(), many.end(), '\n') == 1);
  CHECK(told(incidents, lossy, 603min).empty());
}

TEST_CASE("an incident that is excluded is said to be no loss, and the commitment is kept again") {
  service::IncidentLog incidents;
  Lossy lossy{{{0, 0}}};
  CHECK(told(incidents, lossy, 1min).empty());
  lossy.errors[1] = 10;
  CHECK_FALSE(told(incidents, lossy, 6min).empty());
  lossy.excluded = {{{lossy.at(5min), lossy.at(10min)}, "our own doing"}};
  CHECK(told(incidents, lossy, 7min) ==
        "warning kms: incident since 2026-11-01T00:05:00Z: it is no loss any more: excluded, or "
        "counted anew\n"
        "info kms 2026-11: keeps its commitment again: 100 % of 99.999 % promised\n");
}

TEST_CASE("an incident that the end of its billing cycle cuts is told of the next one as well") {
  service::IncidentLog incidents;
  Lossy lossy{{{8639, 10}}};
  const auto last = std::chrono::minutes(8639 * 5);
  CHECK_FALSE(told(incidents, lossy, last + 1min).empty());
  const core::Cycle december = core::cycle_of(std::chrono::year(2026) / 12, core::Zone::utc());
  const Lossy next{{{0, 10}}, december};
  const std::string log = told(incidents, next, 1min);
  CHECK(log.find("incident since 2026-11-30T23:55:00Z: its billing cycle ended with it\n") !=
        std::string::npos);
  CHECK(log.find("incident since 2026-12-01T00:00:00Z: 10 of 10 Requests failed so far\n") !=
        std::string::npos);
}
