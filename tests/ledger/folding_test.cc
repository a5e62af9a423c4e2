// A ledger whose days are folded answers every question as one whose days are not.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "record/canonical.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using namespace std::chrono_literals;
using core::Instant;
using core::Interval;
using core::Minute;
using ledger::Ledger;
using record::SeriesKind;
using test::Implementation;
using test::kImplementations;
using test::TempDir;

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
const core::Outcome kOk = core::Answered{200};
const core::Outcome kDown = core::Answered{503, "KMSInternalException", true};
const core::Outcome kLate = core::Failed{core::NoAnswer::timeout};
const core::Outcome kMissed = core::Missed{core::NotSent::stopped};

std::unique_ptr<Ledger> open(const Implementation& implementation, const TempDir& dir) {
  auto opened = ledger::open_ledger(implementation.url(dir));
  REQUIRE(opened.ok());
  return *std::move(opened);
}

template <typename T>
T value(core::Result<T> result) {
  INFO((result ? "" : result.error().message));
  REQUIRE(result.ok());
  return *std::move(result);
}

// Folds all days that end by then, a few at once.
std::uint64_t fold_all(Ledger& ledger, Instant before, std::size_t at_once = 3) {
  std::uint64_t days = 0;
  record::FoldOrder order{before, 0, at_once, 2};
  while (true) {
    const record::FoldTurn turn = value(ledger.fold(order));
    CHECK(turn.days <= at_once);
    days += turn.days;
    order.after = turn.next;
    if (turn.done) return days;
  }
}

using Rows = std::vector<std::tuple<Minute, std::string, std::uint64_t>>;

Rows rows_of(const core::Tallies& tallies) {
  std::map<std::pair<Minute, std::string>, std::uint64_t> sums;
  for (const auto& row : tallies.rows()) {
    sums[{row.minute, core::to_text(tallies.outcomes()[row.outcome])}] += row.count;
  }
  Rows rows;
  for (const auto& [key, count] : sums) rows.emplace_back(key.first, key.second, count);
  return rows;
}

// Everything that a ledger says of what was counted for an agreement, in one text.
std::string said(Ledger& ledger, const std::string& agreement, const Interval& span) {
  std::string text;
  const core::Tallies all = value(ledger.tallies(agreement, span));
  text += record::canonical_tallies(all) + fmt::format("sent {}\n", all.sent());
  std::uint64_t reported = 0;
  for (const auto& row : all.reported()) reported += row.count;
  text += fmt::format("reported {}\n", reported);
  for (const auto& [log, tallies] : value(ledger.compared(agreement, span))) {
    text += "compared " + log + '\n' + record::canonical_tallies(tallies);
  }
  for (const auto& one : value(ledger.tallies_by_source(agreement, span))) {
    text += "by " + one.source.name + ' ' + one.vantage + '\n';
    for (const auto& row : one.tallies.rows()) {
      text += fmt::format("{} {} {}\n", core::to_text(Instant(row.minute)),
                          core::to_text(one.tallies.outcomes()[row.outcome]), row.count);
    }
  }
  for (const auto& one : value(ledger.sources(agreement, span))) {
    text +=
        fmt::format("source {} {} {} {}\n", one.log.name, one.format, one.compared, one.vantage);
  }
  const auto seen = value(ledger.seen(agreement));
  if (seen) text += core::to_text(seen->begin) + " to " + core::to_text(seen->end) + '\n';
  for (const Instant from : {span.begin, span.end, span.begin + 30h, Instant()}) {
    const auto at = value(ledger.seen_from(agreement, from));
    text += at ? "from " + core::to_text(*at) + '\n' : "nothing\n";
  }
  const record::EvidenceCheck check = value(ledger.check_evidence(agreement));
  for (const auto& one : check.excess) {
    text += fmt::format("excess {} {} {} {}\n", one.series.name, core::to_text(Instant(one.minute)),
                        one.counted, one.recorded);
  }
  std::vector<std::string> totals;
  for (const auto& one : check.totals) {
    totals.push_back(
        fmt::format("total {} {} {}\n", core::to_text(one.outcome), one.counted, one.recorded));
  }
  std::sort(totals.begin(), totals.end());
  for (const std::string& one : totals) text += one;
  return text;
}

TEST_CASE("a day is folded once it is over, and each series' alone") {
  for (const Implementation& implementation : kImplementations) {
    SECTION(implementation.name) {
      const TempDir dir;
      const auto ledger = open(implementation, dir);
      const auto a = value(ledger->series({"kms", SeriesKind::probe, "a", "berlin"}));
      const auto b = value(ledger->series({"kms", SeriesKind::probe, "b", "berlin"}));
      record::Batch batch;
      for (Minute at = core::minute_of(kStart); Instant(at) < kStart + 48h; at += 1min) {
        batch.minutes.push_back({a, at, {{kOk, 6}}});
      }
      batch.minutes.push_back({b, core::minute_of(kStart + 47h), {{kOk, 5}, {kDown, 1}}});
      REQUIRE(ledger->write(batch).ok());
      const std::string before = said(*ledger, "kms", {kStart, kStart + 72h});

      // The second day is not over.
      CHECK(fold_all(*ledger, kStart + 48h - 1ms) == 1);
      CHECK(value(ledger->folded()).days == 1);
      CHECK(value(ledger->folded()).minutes == 1440);
      CHECK(fold_all(*ledger, kStart + 48h) == 2);
      CHECK(fold_all(*ledger, kStart + 48h) == 0);
      CHECK(value(ledger->folded()).days == 3);
      CHECK(value(ledger->folded()).minutes == 2882);
      CHECK(value(ledger->folded()).bytes < 60);
      CHECK(said(*ledger, "kms", {kStart, kStart + 72h}) == before);
      CHECK(value(ledger->newest_minute(a)) == core::minute_of(kStart + 48h - 1ms));
      CHECK(value(ledger->newest_minute(b)) == core::minute_of(kStart + 47h));
      CHECK(value(ledger->counts(b, core::minute_of(kStart + 47h))).size() == 2);
      CHECK(value(ledger->counts(b, core::minute_of(kStart + 46h))).empty());

      // A late count unfolds that day alone; what it does not name stays.
      batch = {};
      batch.minutes.push_back({b, core::minute_of(kStart + 47h), {{kDown, 2}}});
      REQUIRE(ledger->write(batch).ok());
      CHECK(value(ledger->folded()).days == 2);
      CHECK(value(ledger->folded()).minutes == 2880);
      CHECK(value(ledger->counts(b, core::minute_of(kStart + 47h))) ==
            std::vector<core::OutcomeCount>{{kOk, 5}, {kDown, 2}});
      CHECK(fold_all(*ledger, kStart + 48h) == 1);
      CHECK(value(ledger->folded()).days == 3);
    }
  }
}

// What was written, as a map: the model that a ledger must not differ from.
class Model {
 public:
  using Counts = std::map<Minute, std::map<std::string, std::uint64_t>>;

  void write(const std::string& name, Minute minute, const core::OutcomeCount& one) {
    auto& at = series_[name][minute];
    if (one.count == 0) {
      at.erase(core::to_text(one.outcome));
    } else {
      at[core::to_text(one.outcome)] = one.count;
    }
    if (at.empty()) series_[name].erase(minute);
  }

  Rows rows(const Interval& span) const {
    std::map<std::pair<Minute, std::string>, std::uint64_t> sums;
    for (const auto& [name, counts] : series_) {
      for (const auto& [minute, of] : counts) {
        if (!span.contains(minute)) continue;
        for (const auto& [outcome, count] : of) sums[{minute, outcome}] += count;
      }
    }
    Rows rows;
    for (const auto& [key, count] : sums) rows.emplace_back(key.first, key.second, count);
    return rows;
  }

  std::map<std::string, std::uint64_t> at(const std::string& name, Minute minute) const {
    const auto counts = series_.find(name);
    if (counts == series_.end()) return {};
    const auto found = counts->second.find(minute);
    return found == counts->second.end() ? std::map<std::string, std::uint64_t>() : found->second;
  }

  std::optional<Minute> newest(const std::string& name) const {
    const auto counts = series_.find(name);
    if (counts == series_.end() || counts->second.empty()) return std::nullopt;
    return counts->second.rbegin()->first;
  }

 private:
  std::map<std::string, Counts> series_;
};

TEST_CASE("a ledger that is written and folded in any order is a map of minutes") {
  for (const Implementation& implementation : kImplementations) {
    SECTION(implementation.name) {
      const TempDir dir, plain_dir;
      const auto ledger = open(implementation, dir);
      // The same, and never folded.
      const auto plain = open(kImplementations[1], plain_dir);
      const std::vector<std::pair<std::string, SeriesKind>> sources{{"a", SeriesKind::probe},
                                                                    {"b", SeriesKind::sdk},
                                                                    {"c", SeriesKind::query},
                                                                    {"d", SeriesKind::query}};
      std::vector<record::SeriesId> ids, plain_ids;
      for (const auto& [name, kind] : sources) {
        ids.push_back(value(ledger->series({"kms", kind, name, "berlin"})));
        plain_ids.push_back(value(plain->series({"kms", kind, name, "berlin"})));
      }
      for (Ledger* one : {ledger.get(), plain.get()}) {
        REQUIRE(one->compare({{"kms", {{SeriesKind::query, "d"}}}}).ok());
      }
      Model model;
      std::mt19937_64 random(20261128);
      const auto below = [&](std::uint64_t end) { return random() % end; };
      const std::vector<core::Outcome> outcomes{kOk, kDown, kLate, kMissed};
      for (int round = 0; round < 60; ++round) {
        if (below(3) == 0) {
          const auto days = static_cast<int>(below(7));
          value(ledger->fold({kStart + days * 24h, static_cast<record::SeriesId>(below(3)),
                              1 + below(6), 1 + below(4)}));
        } else {
          record::Batch batch, same;
          const std::size_t of = below(sources.size());
          const Minute from = core::minute_of(kStart) + std::chrono::minutes(below(6 * 1440));
          const std::uint64_t count = below(4);
          for (std::uint64_t i = 0; i < 1 + below(120); ++i) {
            const core::OutcomeCount one{outcomes[below(outcomes.size())],
                                         below(5) == 0 ? below(3) : count};
            const Minute at = from + std::chrono::minutes(i);
            batch.minutes.push_back({ids[of], at, {one}});
            same.minutes.push_back({plain_ids[of], at, {one}});
            if (sources[of].first != "d") model.write(sources[of].first, at, one);
            if (one.count > 0 && below(20) == 0) {
              const record::Evidence seen{Instant(at) + 1s, 0, one.outcome, "r", 5ms, "", ""};
              batch.evidence.push_back({ids[of], seen});
              same.evidence.push_back({plain_ids[of], seen});
            }
          }
          REQUIRE(ledger->write(batch).ok());
          REQUIRE(plain->write(same).ok());
        }
        const Instant begin = kStart + std::chrono::minutes(below(6 * 1440));
        const Interval span{begin, begin + std::chrono::minutes(1 + below(3 * 1440))};
        CHECK(rows_of(value(ledger->tallies("kms", span))) == model.rows(span));
        const std::size_t of = below(3);
        const Minute minute = core::minute_of(begin);
        std::map<std::string, std::uint64_t> counts;
        for (const auto& one : value(ledger->counts(ids[of], minute))) {
          counts[core::to_text(one.outcome)] = one.count;
        }
        CHECK(counts == model.at(sources[of].first, minute));
        CHECK(value(ledger->newest_minute(ids[of])) == model.newest(sources[of].first));
        if (round % 10 == 9) CHECK(said(*ledger, "kms", span) == said(*plain, "kms", span));
      }
      const Interval all{kStart, kStart + 24h * 8};
      CHECK(said(*ledger, "kms", all) == said(*plain, "kms", all));
      fold_all(*ledger, all.end);
      CHECK(said(*ledger, "kms", all) == said(*plain, "kms", all));
      const Interval short_span{kStart + 40h, kStart + 41h};
      CHECK(said(*ledger, "kms", short_span) == said(*plain, "kms", short_span));
    }
  }
}

TEST_CASE("a file that was folded is taken back whole") {
  for (const Implementation& implementation : kImplementations) {
    SECTION(implementation.name) {
      const TempDir dir;
      const auto ledger = open(implementation, dir);
      record::ImportedFile file;
      file.digest = std::string(64, 'a');
      file.bytes = 100;
      file.name = "access.log";
      file.format = "combined";
      record::Batch content;
      const Minute at = core::minute_of(kStart + 5h);
      content.minutes.push_back({0, at, {{kOk, 3}}});
      content.minutes.push_back({0, at + 2min, {{kOk, 4}}});
      REQUIRE(value(ledger->import("kms", "alb", file, content, "")));
      CHECK(fold_all(*ledger, kStart + 24h) == 1);
      const auto removed = value(ledger->remove_file("kms", file.digest));
      REQUIRE(removed.has_value());
      CHECK(*removed == Interval{at, at + 3min});
      CHECK(value(ledger->folded()).days == 0);
      CHECK(value(ledger->folded()).bytes == 0);
      CHECK_FALSE(value(ledger->seen("kms")).has_value());
    }
  }
}

TEST_CASE("a folded day that was changed by other means is said where it is read") {
  const TempDir dir;
  const auto ledger = open(kImplementations[0], dir);
  const auto a = value(ledger->series({"kms", SeriesKind::probe, "a", "berlin"}));
  record::Batch batch;
  batch.minutes.push_back({a, core::minute_of(kStart), {{kOk, 6}}});
  REQUIRE(ledger->write(batch).ok());
  CHECK(fold_all(*ledger, kStart + 24h) == 1);
  test::Other(dir.file("ledger.db")).run("UPDATE tally_day SET counts = x'01010100000007deadbeef'");
  const auto tallies = ledger->tallies("kms", {kStart, kStart + 24h});
  REQUIRE_FALSE(tallies.ok());
  CHECK(tallies.error().message ==
        "could not read tallies of the ledger: expected the counts of series 1 on 2026-10-01, got "
        "11 bytes that are none: byte 7: expected the digest of what stands before it");
  // Nothing is written over what cannot be read.
  CHECK_FALSE(ledger->write(batch).ok());
}

}  // namespace
