#include "simulation/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

namespace recoup::test {
namespace {

using core::Instant;
using core::Millis;
using Kind = Event::Kind;
using namespace std::chrono_literals;

constexpr Millis kProbeEvery = 1min;

// Where something is about to change: months and the clocks of a zone.
struct Edge {
  oracle::Place place;
  const char* at;
};
constexpr std::array<Edge, 12> kEdges{{
    {oracle::Place::utc, "2026-11-01T00:00:00Z"},
    {oracle::Place::utc, "2027-01-01T00:00:00Z"},
    {oracle::Place::utc, "2027-03-01T00:00:00Z"},
    {oracle::Place::utc, "2026-10-15T12:00:00Z"},
    {oracle::Place::los_angeles, "2026-11-01T07:00:00Z"},
    {oracle::Place::los_angeles, "2026-11-01T09:00:00Z"},
    {oracle::Place::los_angeles, "2026-12-01T08:00:00Z"},
    {oracle::Place::los_angeles, "2027-03-14T10:00:00Z"},
    {oracle::Place::los_angeles, "2027-04-01T07:00:00Z"},
    {oracle::Place::zurich, "2026-10-25T01:00:00Z"},
    {oracle::Place::zurich, "2026-10-31T23:00:00Z"},
    {oracle::Place::zurich, "2027-03-28T01:00:00Z"},
}};

constexpr std::array<const char*, 25> kNames{"the provider refuses connections",
                                             "connections are reset",
                                             "answers are slow",
                                             "nothing is answered",
                                             "answers of 200 are cut off",
                                             "answers of 503 are cut off",
                                             "the provider answers 500",
                                             "the provider answers 503",
                                             "somebody else answers 503",
                                             "the name is not found",
                                             "the wall clock is set",
                                             "the machine sleeps",
                                             "the process is killed",
                                             "the process is killed at a write",
                                             "the settings are exchanged",
                                             "the disk is full",
                                             "writes fail",
                                             "writes are short",
                                             "synchronising fails",
                                             "pages are damaged",
                                             "synchronising is slow",
                                             "the ledger is locked",
                                             "the log is rotated",
                                             "logged lines say 500",
                                             "somebody looks"};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed * 0x9E3779B97F4A7C15 + 1) {}

  // In [least, most].
  std::int64_t number(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool one_in(std::int64_t times) { return number(1, times) == 1; }
  template <typename T, std::size_t N>
  T any(const std::array<T, N>& of) {
    return of[static_cast<std::size_t>(number(0, N - 1))];
  }

 private:
  std::mt19937_64 random_;
};

// As long as few requests or many: powers of two of a few seconds.
Millis some_time(Dice& dice, int least, int most) {
  const Millis about = 1s * (1 << dice.number(least, most));
  return Millis(dice.number(about.count(), 2 * about.count()));
}

Event any_event(Dice& dice, Millis day) {
  Event event;
  event.kind = static_cast<Kind>(dice.number(0, static_cast<int>(Kind::look)));
  event.at = Millis(dice.number(0, day.count() - 1));
  switch (event.kind) {
    case Kind::slow: event.amount = dice.number(100, 8'000); [[fallthrough]];
    case Kind::refused:
    case Kind::reset:
    case Kind::silent:
    case Kind::cut_off_200:
    case Kind::cut_off_503:
    case Kind::answers_500:
    case Kind::answers_503:
    case Kind::stranger_503:
    case Kind::failing_lines:
    case Kind::no_name: event.length = some_time(dice, 4, 12); break;
    case Kind::step:
      event.amount = dice.any(std::array<std::int64_t, 7>{1'000, 1'001, 30'000, 61'000, 300'000,
                                                          3'600'000, 86'400'000});
      if (dice.one_in(2)) event.amount = -event.amount;
      break;
    case Kind::suspend: event.amount = some_time(dice, 0, 13).count(); break;
    case Kind::kill: event.amount = dice.number(0, 2); break;
    case Kind::kill_at_write: event.amount = dice.number(1, 90); break;
    case Kind::disk_full:
    case Kind::write_error:
    case Kind::short_write:
    case Kind::sync_error:
    case Kind::damaged_page:
    case Kind::locked: event.length = some_time(dice, 5, 11); break;
    case Kind::slow_sync:
      event.length = some_time(dice, 6, 11);
      event.amount = dice.number(100, 20'000);
      break;
    case Kind::rotate: event.amount = dice.number(0, 2); break;
    case Kind::reload:
    case Kind::look: break;
  }
  event.length = std::min(event.length, day - event.at);
  return event;
}

}  // namespace

bool is_of_disk(Kind kind) { return Kind::disk_full <= kind && kind <= Kind::locked; }

Script script_of(std::uint64_t seed) {
  Dice dice(seed);
  const Edge edge = dice.any(kEdges);
  const Instant at = *core::parse_instant(edge.at);
  Script script;
  script.seed = seed;
  script.place = edge.place;
  script.length = std::chrono::hours(dice.number(6, 24));
  // A request is due at the edge, or a millisecond beside it.
  const auto until_edge = dice.number(1, script.length / kProbeEvery - 1) * kProbeEvery;
  script.begin = at - until_edge + Millis(dice.number(-1, 1));
  script.record_every = dice.any(std::array<Millis, 3>{1min, 5min, 10min});
  script.charges_in_cents = dice.any(std::array<std::uint64_t, 4>{10'000, 1'000, 1'001, 400});
  // On one of four days much goes wrong at once.
  const std::int64_t count = dice.one_in(4) ? dice.number(13, 40) : dice.number(1, 12);
  for (std::int64_t i = 0; i < count; ++i) {
    script.events.push_back(any_event(dice, script.length));
  }
  if (dice.one_in(2)) {
    script.events.push_back({Kind::answers_503, until_edge - kProbeEvery / 2, kProbeEvery, 0});
  }
  std::stable_sort(script.events.begin(), script.events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return script;
}

std::string to_text(const Script& script) {
  const Script whole = script_of(script.seed);
  std::string text = fmt::format(
      "seed {}: from {} for {}, {}, recorded every {}, {} cents a month\n", script.seed,
      core::to_text(script.begin), core::to_text(script.length), oracle::name_of(script.place),
      core::to_text(script.record_every), script.charges_in_cents);
  for (std::size_t i = 0; i < whole.events.size(); ++i) {
    const Event& event = whole.events[i];
    if (std::find(script.events.begin(), script.events.end(), event) == script.events.end())
      continue;
    text +=
        fmt::format("  {:2}  after {:.3f} s: {}", i, static_cast<double>(event.at.count()) / 1e3,
                    kNames[static_cast<std::size_t>(event.kind)]);
    if (event.length > Millis(0))
      text += fmt::format(" for {:.3f} s", static_cast<double>(event.length.count()) / 1e3);
    if (event.amount != 0) text += fmt::format(" ({})", event.amount);
    text += '\n';
  }
  return text;
}

}  // namespace recoup::test
