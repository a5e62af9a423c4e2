// What must hold at the end of a simulated day.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

#include "ledger/open.h"
#include "simulation/day.h"

namespace recoup::test {
namespace {

using core::Instant;
using core::Millis;
using core::MonoTime;
using namespace std::chrono_literals;

constexpr auto kSlack = 2s;

oracle::Stamp stamp(Instant at) { return at.time_since_epoch().count(); }
oracle::Stamp minute_of(oracle::Stamp at) { return at - ((at % 60'000) + 60'000) % 60'000; }
std::string text_of(oracle::Stamp at) { return core::to_text(Instant(Millis(at))); }

const core::Interval kAlways{*core::parse_instant("2020-01-01T00:00:00Z"),
                             *core::parse_instant("2040-01-01T00:00:00Z")};

}  // namespace

// Whether the script had the disk fail, or another process hold the ledger, in that time.
bool Day::in_trouble(MonoTime from, MonoTime to) const {
  const MonoTime start = sim_.mono() - provider_.since_start();
  return std::any_of(script_.events.begin(), script_.events.end(), [&](const Event& event) {
    return is_of_disk(event.kind) && start + event.at <= to + 1min &&
           from <= start + event.at + event.length + 1min;
  });
}

// Everything that ended before was written when the process ended: it had a turn to do so in which
// nothing failed.
MonoTime Day::durable_until(const Run& run) const {
  if (!run.was_killed) return run.ended;
  MonoTime until = run.ended - script_.record_every - kSlack;
  const MonoTime start = sim_.mono() - provider_.since_start();
  for (auto event = script_.events.rbegin(); event != script_.events.rend(); ++event) {
    if (!is_of_disk(event->kind)) continue;
    // A write that waits for a disk, or a lock, may go on for a while.
    const MonoTime ends = start + event->at + event->length + script_.record_every + 2min;
    if (ends >= until && start + event->at <= run.ended)
      until = std::min(until, start + event->at - script_.record_every - kSlack);
  }
  return until;
}

// The counts of the probes lie between what must have been written and what was answered; and so
// each minute's counts, which it returns, are right.
oracle::Minutes Day::check_counts() {
  struct Bounds {
    std::uint64_t least = 0, most = 0, is = 0;
  };
  struct Minute {
    Bounds requests, errors, strangers;
  };
  runs_.back().ended = sim_.mono();
  std::map<oracle::Stamp, Minute> minutes;
  for (const Provider::Seen& seen : provider_.all()) {
    if (!seen.is_request && !seen.is_stranger) continue;
    const Run& run = runs_[static_cast<std::size_t>(seen.run)];
    if (seen.ends > run.ended) continue;
    const bool is_last = &run == &runs_.back();
    const MonoTime until = is_last ? run.ended - script_.record_every - kSlack : durable_until(run);
    Minute& minute = minutes[minute_of(stamp(seen.wall))];
    const auto add = [&](Bounds& bounds) {
      ++bounds.most;
      if (seen.ends <= until) ++bounds.least;
    };
    if (seen.is_request) add(minute.requests);
    if (seen.is_error) add(minute.errors);
    if (seen.is_stranger) add(minute.strangers);
  }
  oracle::Minutes counted;
  const Disk::AtOnce at_once(disk_);
  const auto ledger =
      ledger::open_ledger("sqlite:" + dir_.file("ledger.db"), ledger::Missing::refuse);
  const auto tallies = ledger ? (*ledger)->tallies("kms", kAlways) : ledger.error();
  if (!tallies) {
    fault("the ledger cannot be read at the end: {}", tallies.error().message);
    return counted;
  }
  for (const auto& row : tallies->rows()) {
    const auto* answered = std::get_if<core::Answered>(&tallies->outcomes()[row.outcome]);
    if (answered == nullptr) continue;
    const oracle::Stamp at = stamp(Instant(row.minute));
    Minute& minute = minutes[at];
    if (answered->status == 503 && answered->unattributed) {
      minute.strangers.is += row.count;
      continue;
    }
    const bool is_error = answered->status == 500 || answered->status == 503;
    minute.requests.is += row.count;
    minute.errors.is += is_error ? row.count : 0;
    counted[at].requests += row.count;
    counted[at].errors += is_error ? row.count : 0;
  }
  std::uint64_t lost = 0;
  for (const auto& [at, minute] : minutes) {
    for (const auto& [what, bounds] :
         {std::pair("Requests", minute.requests), std::pair("Errors", minute.errors),
          std::pair("answers of somebody else", minute.strangers)}) {
      if (bounds.is < bounds.least || bounds.is > bounds.most) {
        fault("{}: {} {} are counted, and it must be {} to {}", text_of(at), bounds.is, what,
              bounds.least, bounds.most);
      }
    }
    const auto most = minute.requests.most + minute.strangers.most;
    const auto is = minute.requests.is + minute.strangers.is;
    if (is < most && text_of(at) < core::to_text(sim_.wall() - script_.record_every - 1min))
      lost += most - is;
  }
  check_gaps(lost);
  return counted;
}

// What was lost with a process lies in a gap; and every instant at which a probe was due came to a
// request, a missed one or a gap.
void Day::check_gaps(std::uint64_t lost) {
  const auto ledger =
      ledger::open_ledger("sqlite:" + dir_.file("ledger.db"), ledger::Missing::refuse);
  const auto tallies = (*ledger)->tallies("kms", kAlways);
  std::uint64_t gaps = 0;
  for (const auto& gap : tallies->gaps()) gaps += gap.due(gap.span);
  // A clock that was set back before the last thing that was written of it hides for how long
  // nobody measured: the log and the ledger's steps say so.
  for (const Run& run : runs_) {
    if (!run.was_killed) continue;
    for (const MonoTime at : set_back_) {
      if (durable_until(run) - kSlack <= at && at <= run.ended + 15min) return;
    }
  }
  if (lost > gaps) fault("{} requests were lost, and {} were due in gaps", lost, gaps);
  const bool reloaded = std::any_of(script_.events.begin(), script_.events.end(),
                                    [](const auto& e) { return e.kind == Event::Kind::reload; });
  if (reloaded) return;  // then there are two probes for a part of the time
  std::uint64_t all = gaps;
  for (const auto& row : tallies->rows()) all += row.count;
  const auto time = sim_.wall() - script_.begin + back_;
  const auto due = static_cast<std::uint64_t>(time / 1min);
  // Each break in the time moves the grid.
  std::uint64_t breaks = 3 + 2 * (runs_.size() + script_.events.size()) +
                         static_cast<std::uint64_t>(script_.record_every / 1min);
  if (all > due + breaks) fault("something was due {} times, and {} came to something", due, all);
  // What two gaps cover is due once: the clock may show a time again that nobody measured.
  if (back_ > Millis(0)) return;
  if (all + breaks < due || all > due + breaks) {
    fault("in {} min something was due {} times, and {} came to something", due, due, all);
  }
}

// Every Error has its record, no other request has one, and the records are those that were made.
void Day::check_evidence() {
  const Disk::AtOnce at_once(disk_);
  const auto ledger =
      ledger::open_ledger("sqlite:" + dir_.file("ledger.db"), ledger::Missing::refuse);
  if (!ledger) return;
  for (const char* id : {"kms", "web"}) {
    const auto check = (*ledger)->check_evidence(id);
    if (!check) {
      fault("the evidence cannot be checked: {}", check.error().message);
      continue;
    }
    if (!check->excess.empty()) fault("{}: more records than were counted", id);
    for (const auto& total : check->totals) {
      const auto* answered = std::get_if<core::Answered>(&total.outcome);
      if (answered == nullptr || answered->status < 500) continue;
      if (total.recorded != total.counted) {
        fault("{}: {} of {} have a record, and {} were counted", id, total.recorded,
              core::to_text(total.outcome), total.counted);
      }
    }
    const auto chains = (*ledger)->check_chain(id, {});
    if (!chains || !chains->empty()) fault("{}: the chain of records is broken", id);
  }
}

// After its end: SQLite itself finds nothing wrong.
void Day::check_sums() {
  sqlite3* database = nullptr;
  sqlite3_open_v2(dir_.file("ledger.db").c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
  std::string said;
  sqlite3_exec(
      database, "PRAGMA integrity_check",
      [](void* out, int, char** columns, char**) {
        *static_cast<std::string*>(out) += columns[0];
        return 0;
      },
      &said, nullptr);
  sqlite3_close(database);
  if (said != "ok") fault("SQLite says of the ledger: {}", said);
}

// Those in which anything was asked or logged.
Day::Months Day::months() const {
  std::set<std::pair<int, int>> all;
  const auto add = [&](oracle::Stamp at) {
    for (int year = 2026; year < 2028; ++year) {
      for (int month = 1; month <= 12; ++month) {
        if (oracle::begin_of_month(script_.place, year, month) <= at &&
            at < oracle::begin_of_month(script_.place, year, month + 1))
          all.emplace(year, month);
      }
    }
  };
  std::set<oracle::Stamp> days;
  for (const Provider::Seen& seen : provider_.all()) days.insert(stamp(seen.wall) / 900'000);
  for (const oracle::Stamp day : days) add(day * 900'000);
  for (const auto& [minute, answers] : logged_) add(minute);
  return {all.begin(), all.end()};
}

core::Instant Day::end_of(const std::pair<int, int>& month) const {
  return Instant(Millis(oracle::begin_of_month(script_.place, month.first, month.second + 1)));
}

// The month as the program judges it now, and as it was sealed, are what it comes to.
void Day::check_month(const std::string& id, const std::pair<int, int>& month,
                      const oracle::Minutes& minutes) {
  const oracle::Figures figures = oracle::figures_of(script_.place, month.first, month.second,
                                                     minutes, script_.charges_in_cents);
  const std::string name = fmt::format("{}-{:02}", month.first, month.second);
  const std::string body = ask(fmt::format("/api/v1/agreements/{}/assessments/{}", id, name));
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (json.is_discarded() || !json.contains("requests")) {
    fault("{} {}: no assessment: {}", id, name, body.substr(0, 200));
    return;
  }
  if (json["monthly_uptime"].is_null() != (figures.measured == 0)) {
    return fault("{} {}: its uptime is {}", id, name, json["monthly_uptime"].dump());
  }
  const auto expect = [&](const std::string& what, const auto& is, const auto& must) {
    if (is != must) fault("{} {}: {} is {}, and it must be {}", id, name, what, is, must);
  };
  expect("Requests", json["requests"].get<std::uint64_t>(), figures.requests);
  expect("Errors", json["errors"].get<std::uint64_t>(), figures.errors);
  expect("intervals", json["intervals"]["total"].get<std::uint64_t>(), figures.intervals);
  // What nobody saw is not measured, whatever the contract takes it for.
  expect("measured", json["intervals"]["measured"].get<std::uint64_t>(), figures.measured);
  if (figures.measured == 0) return;
  expect("numerator", json["monthly_uptime"]["numerator"].get<std::string>(), figures.numerator);
  expect("denominator", json["monthly_uptime"]["denominator"].get<std::string>(),
         figures.denominator);
  expect("credit", json["credit"]["percent"].get<std::string>(),
         std::to_string(figures.credit_percent));
  expect("eligible", json["credit"]["eligible"].get<bool>(),
         figures.credit_percent > 0 && figures.in_dollars);

  const Disk::AtOnce at_once(disk_);
  const auto ledger =
      ledger::open_ledger("sqlite:" + dir_.file("ledger.db"), ledger::Missing::refuse);
  const auto seals = ledger ? (*ledger)->seals(id) : ledger.error();
  if (!seals) return fault("the seals cannot be read: {}", seals.error().message);
  const record::Seal* last = nullptr;
  for (const record::Seal& seal : *seals) {
    if (!record::seal_faults(seal).empty()) fault("{} {}: a seal has faults", id, name);
    if (core::to_text(seal.month) == name) last = &seal;
  }
  if (last == nullptr) return fault("{} {}: it has no seal", id, name);
  expect("sealed Requests", last->requests, figures.requests);
  expect("sealed Errors", last->errors, figures.errors);
  expect("sealed uptime", last->uptime.numerator() + '/' + last->uptime.denominator(),
         figures.numerator + '/' + figures.denominator);
}

}  // namespace recoup::test
