#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulation/oracle.h"

namespace recoup::test {

// Event is one thing that a script does to the service: at an instant, or for a time.
struct Event {
  enum class Kind {
    // What the provider, and the network before it, makes of requests.
    refused,
    reset,
    slow,         // answered in `amount` ms, and in time
    silent,       // not answered
    cut_off_200,  // the answer ends in its midst
    cut_off_503,  // likewise; its status had come
    answers_500,
    answers_503,
    stranger_503,  // somebody on the way answers: without the provider's id
    no_name,       // DNS
    // The machine.
    step,           // the wall clock is set by `amount` ms
    suspend,        // the machine sleeps that long
    kill,           // the process ends, and `amount` says what of its writes is lost (Disk::Loss)
    kill_at_write,  // likewise with the `amount`-th write from now on; the loss is its rest of
                    // three
    reload,         // the settings are read again: a probe comes or goes
    // The disk.
    disk_full,
    write_error,
    short_write,
    sync_error,
    damaged_page,
    slow_sync,  // `amount` ms
    locked,     // another process writes the ledger
    // The log that is followed.
    rotate,         // renamed; with `amount` 1 in the midst of a line, with 2 copied and cut
    failing_lines,  // what is logged has the status 500
    // Somebody looks: what he saw is there ever after.
    look,
  };

  Kind kind{};
  core::Millis at{0};      // of the time in which the machine runs
  core::Millis length{0};  // zero for what happens at an instant
  std::int64_t amount = 0;

  bool operator==(const Event&) const = default;
  bool is_on(core::Millis now) const { return at <= now && now < at + length; }
};

bool is_of_disk(Event::Kind kind);

// Script is a day of the service, and what goes wrong in it.
struct Script {
  std::uint64_t seed = 0;
  oracle::Place place{};
  core::Instant begin;     // what the wall clock shows at first
  core::Millis length{0};  // the day; whatever goes wrong is over by its end
  core::Millis record_every{0};
  std::uint64_t charges_in_cents = 0;  // each month
  std::vector<Event> events;           // by time
};

// The script of a seed, the same each time.
Script script_of(std::uint64_t seed);

// A line for the day and each of its events, by their numbers in script_of(seed).
std::string to_text(const Script& script);

}  // namespace recoup::test
