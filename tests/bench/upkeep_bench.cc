// How large does a ledger get, and what does it take to write, fold and judge it?
//
//   bench_upkeep day [PROBES] [HOURS] [URL]    each sent every 10 s from 5 vantage points
//   bench_upkeep years [PROBES] [MONTHS]       folded days, as many as that makes
//   bench_upkeep evidence [RECORDS] [URL]      an import's records of failed requests
//
// `day` writes what the board gives a recorder, second by second of a clock that is not waited for,
// in the ledger's own transactions; then it folds the day and has one agreement of ten probes
// judged by `recoup assess`. `years` writes and folds two days, one with failures, and has them
// stand for all others: a folded day does not say which it is. URL is a ledger's, like
// postgresql:///test; a SQLite file in a folder of its own where there is none. Time is of a clock:
// the disk is waited for.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "ledger/open.h"
#include "processor_time.h"
#include "support/places.h"
#include "support/process.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

constexpr int kVantages = 5;
constexpr int kEvery = 10;         // seconds
constexpr int kProbesOfEach = 10;  // of an agreement
const core::Instant kStart = std::chrono::sys_days(std::chrono::year(2025) / 10 / 1);
const core::Outcome kOk = core::Answered{200};
const core::Outcome kDown = core::Answered{503, "KMSInternalException"};

template <typename T>
T value(core::Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

void check(const core::Result<void>& done) {
  if (done) return;
  fmt::print(stderr, "{}\n", done.error().message);
  std::exit(1);
}

// Says what `work` took, and of how much.
template <typename Work>
void timed(const std::string& what, double amount, const char* unit, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = bench::time_of(work);
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("{:<34} {:9.2f} s, processor {:9.2f} s, {:12.0f} {}/s\n", what, wall, cpu,
             amount / wall, unit);
  std::fflush(stdout);
}

std::vector<record::SeriesId> series_of(ledger::Ledger& ledger, int probes, int vantages) {
  std::vector<record::SeriesKey> keys;
  for (int probe = 0; probe < probes; ++probe) {
    for (int vantage = 0; vantage < vantages; ++vantage) {
      keys.push_back({fmt::format("agreement-{}", probe / kProbesOfEach), record::SeriesKind::probe,
                      fmt::format("probe-{}", probe), fmt::format("vantage-{}", vantage)});
    }
  }
  return value(ledger.series(keys));
}

// The batch of one second: the series that were due in it, each with its minute so far.
record::Batch second_of(const std::vector<record::SeriesId>& ids, int second) {
  record::Batch batch;
  const core::Instant now = kStart + std::chrono::seconds(second);
  for (auto i = static_cast<std::size_t>(second % kEvery); i < ids.size(); i += kEvery) {
    const auto sent = static_cast<std::uint64_t>(second % 60 / kEvery + 1);
    batch.minutes.push_back({ids[i], core::minute_of(now), {{kOk, sent}}});
    batch.checkpoints.push_back({ids[i], now, std::chrono::seconds(kEvery)});
  }
  return batch;
}

void fold_all(ledger::Ledger& ledger, double days) {
  timed("fold", days, "days of series", [&] {
    record::FoldOrder order{kStart + 24h * 1000, 0, 10};
    while (true) {
      const record::FoldTurn turn = value(ledger.fold(order));
      order.after = turn.next;
      if (turn.done) break;
    }
    while (value(ledger.give_back())) {
    }
  });
  const record::Folded folded = value(ledger.folded());
  fmt::print("{} days of series in {:.1f} bytes each, beside their rows\n", folded.days,
             static_cast<double>(folded.bytes) / static_cast<double>(folded.days));
}

void assess(const std::string& folder, const std::string& url) {
  test::write_text(folder + "/recoup.toml",
                   fmt::format("ledger = \"{}\"\n[[agreement]]\nid = \"agreement-0\"\n"
                               "sla = \"aws-kms\"\naccount = \"123456789012\"\n"
                               "region = \"us-east-1\"\n",
                               url));
  timed("recoup assess --month 2025-10", 1, "agreement", [&] {
    const test::Finished done = test::run(
        {BINARY_DIR "/recoup", "assess", "--config", folder + "/recoup.toml", "--month", "2025-10"},
        folder);
    if (done.status != 0) fmt::print(stderr, "{}{}", done.out, done.err);
  });
}

void print_size(const std::string& file) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::uintmax_t bytes = 0;
  for (const char* end : {"", "-wal"}) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file + end, none);
    if (!none) bytes += size;
  }
  fmt::print("memory at most {} MB", usage.ru_maxrss / 1024);
  if (bytes > 0) fmt::print("; the ledger's file {:.1f} MB", static_cast<double>(bytes) / 1e6);
  fmt::print("\n");
}

void day(int probes, int hours, const std::string& given) {
  const test::TempDir dir;
  const std::string file = dir.file("ledger.db");
  const std::string url = given.empty() ? "sqlite:" + file : given;
  const auto ledger = value(ledger::open_ledger(url));
  const auto ids = series_of(*ledger, probes, kVantages);
  const int seconds = hours * 3600;
  timed(fmt::format("write {} h of {} series", hours, ids.size()),
        static_cast<double>(ids.size()) * seconds / kEvery, "requests", [&] {
          for (int second = 0; second < seconds; ++second) {
            check(ledger->write(second_of(ids, second)));
            if (second % 10 == 0) check(ledger->tend());
          }
        });
  print_size(file);
  fold_all(*ledger, static_cast<double>(ids.size()));
  check(ledger->tend());
  print_size(file);
  assess(dir.path().string(), url);
}

// The first two days of each series for all others of the months.
void repeat(const std::string& file, int days) {
  sqlite3* db = nullptr;
  sqlite3_open(file.c_str(), &db);
  for (int day = 2; day < days; ++day) {
    // Each third day has the failures.
    const std::string sql = fmt::format(
        "INSERT INTO tally_day SELECT series, day + {0}, first_minute + {0} * 1440, "
        "last_minute + {0} * 1440, counts FROM tally_day WHERE day = {1}",
        day % 3 == 1 ? day - 1 : day,
        std::chrono::floor<std::chrono::days>(kStart).time_since_epoch().count() +
            (day % 3 == 1 ? 1 : 0));
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      fmt::print(stderr, "{}\n", sqlite3_errmsg(db));
      std::exit(1);
    }
  }
  sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
  sqlite3_close(db);
}

void years(int probes, int months) {
  const test::TempDir dir;
  const std::string file = dir.file("ledger.db");
  const auto ledger = value(ledger::open_ledger("sqlite:" + file));
  const auto ids = series_of(*ledger, probes, 1);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    record::Batch batch;
    for (int minute = 0; minute < 2 * 1440; ++minute) {
      const bool fails = i % 100 == 0 && minute >= 2000 && minute < 2007;
      const core::Minute at = core::minute_of(kStart) + std::chrono::minutes(minute);
      batch.minutes.push_back({ids[i], at, {{kOk, fails ? 2U : 6U}}});
      if (fails) batch.minutes.back().counts.push_back({kDown, 4});
    }
    check(ledger->write(batch));
    // No more than some series are there minute by minute.
    if (i % 100 == 99) value(ledger->fold({kStart + 48h, ids[i - 99] - 1, 200, 100}));
  }
  fold_all(*ledger, 0);
  const int days = months * 365 / 12;
  repeat(file, days);
  fmt::print("{} probes over {} days\n", probes, days);
  print_size(file);
  assess(dir.path().string(), "sqlite:" + file);
}

void evidence(int records, const std::string& given) {
  const test::TempDir dir;
  const auto ledger =
      value(ledger::open_ledger(given.empty() ? "sqlite:" + dir.file("ledger.db") : given));
  record::ImportedFile file;
  file.digest = std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
  file.name = "access.log";
  file.format = "combined";
  record::Batch content;
  for (int i = 0; i < records; ++i) {
    content.evidence.push_back({0,
                                {kStart + i * 1s, 0, kDown, fmt::format("req-{}", i), 84ms,
                                 "192.0.2.7:443", "GET /generate"}});
    content.minutes.push_back({0, core::minute_of(kStart + i * 1s), {{kDown, 1}}});
  }
  timed("import", records, "records", [&] {
    if (!value(ledger->import("agreement-0", "alb", file, content, ""))) std::exit(1);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string mode = words.empty() ? "" : words[0];
  const auto number = [&](std::size_t at, int otherwise) {
    return words.size() > at ? std::stoi(words[at]) : otherwise;
  };
  const std::string url = words.size() > (mode == "evidence" ? 2U : 3U) ? words.back() : "";
  if (mode == "day" || mode.empty()) day(number(1, 100), number(2, 24), url);
  if (mode == "years" || mode.empty()) years(number(1, 100), number(2, 13));
  if (mode == "evidence" || mode.empty()) evidence(number(1, 50'000), url);
  return 0;
}
