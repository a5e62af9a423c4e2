#include "ledger/merge_files.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using record::ImportedFile;
using record::SeriesId;

// As many prints of 2 bytes as a run of lines is known again by (sources/logs/known_runs.h).
constexpr std::size_t kWindow = 32;
constexpr std::size_t kKey = 8;  // bytes, of a line that is known by itself

struct NumberedFile {
  std::int64_t id = 0;
  SeriesId series = 0;
  ImportedFile file;
};

// The files of a ledger, of lines or of trails.
std::vector<NumberedFile> files_of(Tables& tables, const std::string& agreement, bool of_trails) {
  Statement find(tables.connection,
                 fmt::format("SELECT file.id, file.series, file.digest, series.kind FROM file JOIN "
                             "series ON series.id = file.series WHERE file.agreement = $1 AND "
                             "series.kind {} 'stream' ORDER BY file.id",
                             of_trails ? "=" : "<>")
                     .c_str());
  std::map<std::string, ImportedFile> by_digest;
  for (ImportedFile& file : tables.files.all(agreement)) {
    std::string digest = file.digest;
    by_digest.emplace(std::move(digest), std::move(file));
  }
  std::vector<NumberedFile> all;
  for (Rows rows = find.query(agreement); rows.next();) {
    NumberedFile one{rows.integer(0), rows.integer(1), by_digest.at(rows.string(2))};
    one.file.kind = series_kind(rows.text(3));
    all.push_back(std::move(one));
  }
  return all;
}

bool is_followed(Tables& tables, const std::string& digest) {
  Statement find(tables.connection, "SELECT count(*) FROM followed WHERE name = $1");
  Rows rows = find.query(digest);
  return rows.next() && rows.integer(0) > 0;
}

// What the lines of files are known by.
class Lines {
 public:
  explicit Lines(Tables& tables)
      : runs_(tables.connection,
              "SELECT earliest, latest, cut, head, prints FROM line_run "
              "WHERE agreement = $1 AND series = $2 ORDER BY id"),
        keys_(tables.connection,
              "SELECT hour_ms, keys FROM line_key "
              "WHERE agreement = $1 AND series = $2 ORDER BY id") {}

  std::vector<record::LineRun> runs(const std::string& agreement, SeriesId series) {
    std::vector<record::LineRun> all;
    for (Rows rows = runs_.query(agreement, series); rows.next();) {
      record::LineRun run;
      run.earliest = minute(rows.integer(0));
      run.latest = minute(rows.integer(1));
      run.cut = rows.integer(2) != 0;
      run.head = std::string(rows.blob(3));
      run.prints = std::string(rows.blob(4));
      all.push_back(std::move(run));
    }
    return all;
  }

  struct Keys {
    core::Instant hour;
    std::string bytes;
  };
  std::vector<Keys> keys(const std::string& agreement, SeriesId series) {
    std::vector<Keys> all;
    for (Rows rows = keys_.query(agreement, series); rows.next();) {
      all.push_back({instant(rows.integer(0)), std::string(rows.blob(1))});
    }
    return all;
  }

 private:
  Statement runs_;
  Statement keys_;
};

// Common tells whether a file has lines in common with those that were given before.
class Common {
 public:
  void add(const std::vector<record::LineRun>& runs, const std::vector<Lines::Keys>& keys) {
    for (const record::LineRun& run : runs) {
      each_window(run.prints, [&](std::string_view window) {
        windows_.emplace(window);
        return false;
      });
    }
    for (const Lines::Keys& one : keys) {
      each_key(one, [&](std::string key) {
        keys_.insert(std::move(key));
        return false;
      });
    }
  }

  bool has_any(const std::vector<record::LineRun>& runs,
               const std::vector<Lines::Keys>& keys) const {
    const auto known_run = [&](const record::LineRun& run) {
      return each_window(run.prints, [&](std::string_view window) {
        return windows_.contains(std::string(window));
      });
    };
    const auto known_key = [&](const Lines::Keys& one) {
      return each_key(one, [&](const std::string& key) { return keys_.contains(key); });
    };
    return std::any_of(runs.begin(), runs.end(), known_run) ||
           std::any_of(keys.begin(), keys.end(), known_key);
  }

 private:
  // Until `done` says so; whether it did.
  template <typename Done>
  static bool each_window(std::string_view prints, Done done) {
    for (std::size_t i = 0; i + kWindow <= prints.size(); i += 2) {
      if (done(prints.substr(i, kWindow))) return true;
    }
    return false;
  }
  template <typename Done>
  static bool each_key(const Lines::Keys& keys, Done done) {
    for (std::size_t i = 0; i + kKey <= keys.bytes.size(); i += kKey) {
      if (done(fmt::format("{} {}", number(keys.hour), keys.bytes.substr(i, kKey)))) return true;
    }
    return false;
  }

  std::unordered_set<std::string> windows_;
  std::unordered_set<std::string> keys_;
};

Failure shared_lines(const ImportedFile& file, const std::string& agreement) {
  return Failure(
      {fmt::format("expected the log files of {} to have no lines in common, got {} in one ledger, "
                   "and some of its lines in the other",
                   agreement, file.name),
       "",
       fmt::format("import the files themselves into one ledger, where each line is counted once, "
                   "or take the file out of one: recoup imports --agreement {} --remove {}",
                   agreement, file.digest.substr(0, 12))});
}

// Files of lines of one agreement on their way.
class LineFiles {
 public:
  LineFiles(Merging& at, const std::string& agreement)
      : at_(at), agreement_(agreement), from_lines_(at.from), to_lines_(at.to) {}

  void run() {
    const std::vector<NumberedFile> from = files_of(at_.from, agreement_, false);
    if (from.empty()) return;
    const std::vector<NumberedFile> to = files_of(at_.to, agreement_, false);
    std::set<std::string> ours;
    for (const NumberedFile& one : from) ours.insert(one.file.digest);
    for (const NumberedFile& one : to) {
      if (ours.contains(one.file.digest)) continue;
      others_.add(to_lines_.runs(agreement_, one.series), to_lines_.keys(agreement_, one.series));
    }
    for (const NumberedFile& one : from) {
      const auto known = std::find_if(to.begin(), to.end(), [&](const NumberedFile& each) {
        return each.file.digest == one.file.digest;
      });
      if (known == to.end()) {
        bring(one, "");
      } else {
        compare(one, *known);
      }
    }
  }

 private:
  // One that is followed goes on under its name: whoever read more of it has all.
  void compare(const NumberedFile& from, const NumberedFile& to) {
    const ImportedFile& ours = from.file;
    const ImportedFile& theirs = to.file;
    const bool is_same = ours.requests == theirs.requests &&
                         ours.read_before == theirs.read_before && ours.lines == theirs.lines;
    if (is_same) return;
    const bool grows = is_followed(at_.from, ours.digest) || is_followed(at_.to, ours.digest) ||
                       ours.bytes != theirs.bytes;
    if (!grows) throw shared_lines(ours, agreement_);
    if (ours.lines > theirs.lines) bring(from, ours.digest);
  }

  void bring(const NumberedFile& one, const std::string& replaces) {
    ImportedFile file = one.file;
    file.runs = from_lines_.runs(agreement_, one.series);
    const std::vector<Lines::Keys> keys = from_lines_.keys(agreement_, one.series);
    if (others_.has_any(file.runs, keys)) throw shared_lines(file, agreement_);
    for (const Lines::Keys& each : keys) file.keys.push_back({each.hour, each.bytes});
    const record::Pieces pieces = [&](const auto& take) {
      give(one.series, take);
      return core::Result<void>();
    };
    at_.to.import(agreement_, file.log, file, pieces, replaces, std::nullopt);
    ++at_.merged.files;
  }

  void give(SeriesId series, const std::function<void(const record::Batch&)>& take) {
    for (auto& [of, counts] : minutes_of(at_.from, series)) {
      record::Batch piece;
      piece.minutes.push_back({0, of, std::move(counts)});
      at_.merged.minutes += 1;
      take(piece);
    }
    Statement records(at_.from.connection,
                      "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                      "FROM evidence WHERE series = $1 ORDER BY position");
    for (Rows rows = records.query(series); rows.next();) {
      record::Batch piece;
      piece.evidence.push_back({0, evidence_of(rows, 0, at_.from.outcomes)});
      at_.merged.records += 1;
      take(piece);
    }
    record::Batch rest;
    for (const core::Unseen& one : at_.from.tallies.unseen(series)) rest.unseen.push_back({0, one});
    if (!rest.empty()) take(rest);
  }

  Merging& at_;
  const std::string& agreement_;
  Lines from_lines_;
  Lines to_lines_;
  Common others_;  // lines of files that the other ledger alone has
};

// The events of one file, as it told of them.
record::Events events_of(Tables& from, std::int64_t file) {
  record::Events events;
  Statement read(from.connection,
                 "SELECT series, minute, id, outcome, corrected FROM event WHERE file = $1 "
                 "UNION ALL SELECT series, minute, id, outcome, corrected FROM event_again "
                 "WHERE file = $1 ORDER BY 2, 3, 5");
  Statement evidence(from.connection,
                     "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                     "FROM evidence WHERE series = $1 AND at_ms >= $2 AND at_ms < $3 AND tie = $4");
  Statement marks(from.connection,
                  "SELECT at_ms, kind, what FROM trail_mark WHERE file = $1 ORDER BY at_ms, kind");
  std::map<std::int64_t, std::uint32_t> outcomes;
  for (Rows rows = read.query(file); rows.next();) {
    const auto [at, is_new] =
        outcomes.try_emplace(rows.integer(3), static_cast<std::uint32_t>(events.outcomes.size()));
    if (is_new) events.outcomes.push_back(from.outcomes.outcome(rows.integer(3)));
    const core::Minute of = minute(rows.integer(1));
    events.events.push_back({core::Instant(of), static_cast<std::uint64_t>(rows.integer(2)),
                             at->second, rows.integer(4) != 0});
    Rows seen =
        evidence.query(rows.integer(0), number(core::Instant(of)),
                       number(core::Instant(of) + std::chrono::minutes(1)), rows.integer(2));
    if (!seen.next()) continue;
    record::Evidence record = evidence_of(seen, 0, from.outcomes);
    if (record.outcome == events.outcomes[at->second]) events.evidence.push_back(std::move(record));
  }
  for (Rows rows = marks.query(file); rows.next();) {
    const std::string_view kind = rows.text(1);
    events.marks.push_back({instant(rows.integer(0)),
                            kind == "off"  ? record::TrailMark::Kind::off
                            : kind == "on" ? record::TrailMark::Kind::on
                                           : record::TrailMark::Kind::outage,
                            rows.string(2)});
  }
  return events;
}

}  // namespace

void merge_files(Merging& at, const std::string& agreement) { LineFiles(at, agreement).run(); }

void merge_trails(Merging& at, const std::string& agreement) {
  const std::vector<NumberedFile> all = files_of(at.from, agreement, true);
  for (const NumberedFile& one : all) {
    if (at.to.files.has(agreement, one.file.digest)) continue;
    record::TrailFile file{agreement, one.file.log, one.file, events_of(at.from, one.id)};
    const auto heard = at.from.tallies.checkpoint(one.series);
    if (heard) file.events.heard = heard->watermark;
    const record::TrailAdded added = at.to.import_trail({file}).front();
    if (!added.is_new) continue;
    ++at.merged.files;
    at.merged.events += added.counted;
  }
}

}  // namespace recoup::ledger
