// Days of the whole service, by seed: prober, recorder, ledger, judge, sealer and followed logs are
// the program's own; time, network, provider and disk are simulated, and everything that can go
// wrong does. RECOUP_SEEDS says which ("1-200", "17"), RECOUP_EVENTS which events of one ("0,3"),
// RECOUP_EACH_WRITE at how many writes a process is killed: at each (1), or each seventh.

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "simulation/day.h"
#include "support/catch.h"

using namespace recoup;
using namespace recoup::test;

namespace {

// What is said of a seed whose threads wait for each other.
char what_runs[128];

extern "C" void say_what_runs(int) {
  [[maybe_unused]] const auto said = write(STDERR_FILENO, what_runs, std::strlen(what_runs));
  _exit(1);
}

// How a service is tampered with before it is looked at.
using Tamper = std::function<void(const std::string& ledger)>;

// A seed that does not end is told of, and ends the tests.
class Watch {
 public:
  explicit Watch(std::uint64_t seed) {
    std::snprintf(what_runs, sizeof what_runs, "\nsimulation: seed %llu does not end\n",
                  static_cast<unsigned long long>(seed));
    signal(SIGALRM, say_what_runs);
    alarm(120);
  }
  ~Watch() { alarm(0); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
};

struct Ran {
  std::vector<std::string> faults;
  std::string log;
  std::uint64_t kills = 0, requests = 0;
  std::uint64_t disk_operations = 0;  // in the day itself
};

Ran run(const Script& script, const Tamper& tamper = nullptr) {
  const Watch watch(script.seed);
  Day day(script);
  day.tamper_with(tamper);
  Ran ran{day.run(), day.log(), day.kills(), day.requests(), day.disk_operations()};
  return ran;
}

// Leaves out one event after the other for as long as it still fails.
Script shortest(Script script, const std::function<Ran(const Script&)>& again) {
  for (std::size_t i = script.events.size(); i-- > 0;) {
    Script shorter = script;
    shorter.events.erase(shorter.events.begin() + static_cast<std::ptrdiff_t>(i));
    if (!again(shorter).faults.empty()) script = shorter;
  }
  return script;
}

std::string numbers_of(const Script& script) {
  const Script whole = script_of(script.seed);
  std::string numbers;
  for (std::size_t i = 0; i < whole.events.size(); ++i) {
    if (std::find(script.events.begin(), script.events.end(), whole.events[i]) !=
        script.events.end())
      numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", i);
  }
  return numbers.empty() ? "none" : numbers;
}

// With what was wrong at first where it is not wrong again.
std::string report_of(const Script& failed, const Ran& first) {
  const Script script = shortest(failed, [](const Script& one) { return run(one); });
  const Ran ran = run(script);
  std::string text = to_text(script);
  for (const std::string& fault : ran.faults) text += "  wrong: " + fault + '\n';
  if (ran.faults.empty()) {
    for (const std::string& fault : first.faults) text += "  wrong once: " + fault + '\n';
  }
  if (std::getenv("RECOUP_SAY") != nullptr) text += ran.log;
  return text + fmt::format("again: RECOUP_SEEDS={} RECOUP_EVENTS={} build/tests/test_simulation\n",
                            script.seed, numbers_of(script));
}

// Of "17" or "1-200".
std::pair<std::uint64_t, std::uint64_t> seeds_of(const char* text) {
  char* rest = nullptr;
  const std::uint64_t first = std::strtoull(text, &rest, 10);
  return {first, *rest == '-' ? std::strtoull(rest + 1, nullptr, 10) : first};
}

Script wanted_script(std::uint64_t seed) {
  Script script = script_of(seed);
  const char* text = std::getenv("RECOUP_EVENTS");
  if (text == nullptr) return script;
  const std::vector<Event> all = std::exchange(script.events, {});
  for (char* rest = const_cast<char*>(text); *rest >= '0' && *rest <= '9';) {
    script.events.push_back(all.at(std::strtoull(rest, &rest, 10)));
    if (*rest == ',') ++rest;
  }
  return script;
}

// Days after which a long run says how far it is: some minutes.
constexpr std::uint64_t kTellEvery = 500;

void run_seeds(std::uint64_t first, std::uint64_t last) {
  const bool is_wanted = std::getenv("RECOUP_SEEDS") != nullptr;
  std::uint64_t kills = 0, requests = 0, failed = 0;
  for (std::uint64_t seed = first; seed <= last && failed < 5; ++seed) {
    const Script script = is_wanted ? wanted_script(seed) : script_of(seed);
    const Ran ran = run(script);
    kills += ran.kills;
    requests += ran.requests;
    if (is_wanted && (seed - first + 1) % kTellEvery == 0) {
      std::cerr << fmt::format("simulation: {} of {} days\n", seed - first + 1, last - first + 1);
    }
    if (ran.faults.empty()) continue;
    ++failed;
    // Catch breaks long lines.
    std::cout << report_of(script, ran) << std::flush;
    UNSCOPED_INFO("seed " << seed);
    CHECK(ran.faults.empty());
  }
  if (is_wanted) {
    std::cout << fmt::format("simulation: seeds {} to {}: {} failed; {} requests, {} kills\n",
                             first, last, failed, requests, kills);
  }
}

// The sanitizers make each of them three times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeedsEach = 6;
constexpr std::uint64_t kEachWrite = 61;
#else
constexpr std::uint64_t kSeedsEach = 50;
constexpr std::uint64_t kEachWrite = 7;
#endif

}  // namespace

// Four tests, which run side by side.
TEST_CASE("days of the whole service by seed are exact, whatever goes wrong in them") {
  if (const char* text = std::getenv("RECOUP_SEEDS")) {
    const auto [first, last] = seeds_of(text);
    return run_seeds(first, last);
  }
  run_seeds(1, kSeedsEach);
}
TEST_CASE("days of a second quarter of seeds are exact") {
  run_seeds(kSeedsEach + 1, 2 * kSeedsEach);
}
TEST_CASE("days of a third quarter of seeds are exact") {
  run_seeds(2 * kSeedsEach + 1, 3 * kSeedsEach);
}
TEST_CASE("days of a fourth quarter of seeds are exact") {
  run_seeds(3 * kSeedsEach + 1, 4 * kSeedsEach);
}

namespace {

// Some minutes before a month's end in which the provider fails, and no more than that.
Script short_script() {
  Script script;
  script.begin = *core::parse_instant("2026-10-31T22:00:00Z");
  script.length = std::chrono::minutes(8);
  script.record_every = std::chrono::minutes(1);
  script.charges_in_cents = 10'000;
  script.events.push_back(
      {Event::Kind::answers_503, std::chrono::minutes(2), std::chrono::minutes(4), 0});
  return script;
}

}  // namespace

TEST_CASE("a process that is killed at any of its writes loses nothing that was durable") {
  const std::uint64_t writes = run(short_script()).disk_operations;
  CHECK(writes > 100);
  const char* each = std::getenv("RECOUP_EACH_WRITE");
  const std::uint64_t step = each != nullptr ? std::strtoull(each, nullptr, 10) : kEachWrite;
  for (std::uint64_t write = 1; write <= writes; write += step) {
    Script script = short_script();
    // What is lost of the rest of its writes: each in turn.
    script.events.push_back({Event::Kind::kill_at_write, core::Millis(0), core::Millis(0),
                             static_cast<std::int64_t>(write)});
    const Ran ran = run(script);
    INFO("killed at write " << write << " of " << writes << ": "
                            << fmt::format("{}", fmt::join(ran.faults, "; ")));
    CHECK(ran.faults.empty());
  }
}

TEST_CASE(
    "a count that is another than what was answered is found, and the shortest script of it") {
  Script script = script_of(3);
  script.length = std::chrono::hours(1);
  script.events.clear();
  const auto minute = std::chrono::minutes(1);
  for (const Event::Kind kind : {Event::Kind::refused, Event::Kind::answers_503, Event::Kind::slow,
                                 Event::Kind::suspend, Event::Kind::reload}) {
    const auto at = static_cast<int>(script.events.size() + 1) * 8 * minute;
    script.events.push_back({kind, at, 5 * minute, 3'000});
  }
  REQUIRE(run(script).faults.empty());
  // It is wrong only where there are Errors, that is with one of these events.
  const auto tampered = [](const Script& one) {
    return run(one, [](const std::string& ledger) {
      sqlite3* database = nullptr;
      sqlite3_open(ledger.c_str(), &database);
      sqlite3_exec(database,
                   "UPDATE tally SET count = count + 1 WHERE outcome IN "
                   "(SELECT id FROM outcome WHERE text = '503')",
                   nullptr, nullptr, nullptr);
      sqlite3_close(database);
    });
  };
  REQUIRE_FALSE(tampered(script).faults.empty());
  const Script found = shortest(script, tampered);
  REQUIRE(found.events.size() == 1);
  CHECK(found.events[0].kind == Event::Kind::answers_503);
}

TEST_CASE("a month that was sealed too early, by a clock that ran ahead, is sealed anew") {
  Script script;
  script.begin = *core::parse_instant("2026-10-31T10:00:00Z");
  script.length = std::chrono::hours(8);
  script.record_every = std::chrono::minutes(1);
  script.charges_in_cents = 10'000;
  const core::Millis hour = std::chrono::hours(1);
  // Two days ahead for three hours, and back to where it was.
  script.events = {{Event::Kind::step, hour, core::Millis(0), (48 * hour).count()},
                   {Event::Kind::step, 4 * hour, core::Millis(0), (-48 * hour).count()},
                   {Event::Kind::answers_503, 6 * hour, hour, 0}};
  const Ran ran = run(script);
  INFO(fmt::format("{}", fmt::join(ran.faults, "; ")));
  CHECK(ran.faults.empty());
}
