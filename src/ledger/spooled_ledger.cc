#include "ledger/spooled_ledger.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "record/digest.h"

namespace recoup::ledger {
namespace {

using core::Result;

constexpr int kPiecesAtOnce = 20;  // a turn of the service waits for them

// "recoup-spool-berlin.db": a name of a file, whatever the vantage is called.
std::string file_of(const std::string& vantage) {
  const bool is_plain =
      !vantage.empty() && vantage.size() <= 60 && vantage.front() != '.' &&
      std::all_of(vantage.begin(), vantage.end(), [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '-' || letter == '_' || letter == '.';
      });
  return "recoup-spool-" + (is_plain ? vantage : record::sha256_hex(vantage).substr(0, 16)) + ".db";
}

std::optional<core::Instant> oldest_in(const record::Batch& batch) {
  std::optional<core::Instant> oldest;
  const auto add = [&](core::Instant at) { oldest = std::min(oldest.value_or(at), at); };
  for (const auto& row : batch.minutes) add(row.minute);
  for (const auto& row : batch.gaps) add(row.gap.span.begin);
  for (const auto& row : batch.unseen) add(row.unseen.span.begin);
  return oldest;
}

}  // namespace

SpooledLedger::SpooledLedger(std::unique_ptr<Database> database, std::string folder)
    : SqlLedger(std::move(database)), folder_(std::move(folder)) {}

Result<void> SpooledLedger::become_writer(const record::Writer& writer) {
  if (auto done = SqlLedger::become_writer(writer); !done) return done;
  if (auto done = open_spool(writer); !done) return done;
  return drain(std::numeric_limits<int>::max());
}

// What was counted while another process recorded for the same vantage is of the same minutes as
// what that one counted: to write it would take the place of the other's.
Result<void> SpooledLedger::open_spool(const record::Writer& writer) {
  const std::string path = (std::filesystem::path(folder_) / file_of(writer.vantage)).string();
  try {
    spool_ = std::make_unique<Spool>(path, writer);
    const std::int64_t filled = spool_->lease();
    const std::int64_t now = database().lease();
    if (!spool_->empty() && filled + 1 != now) {
      throw Failure(
          {fmt::format("expected a spool of what this vantage counted last, got {} from before "
                       "another process recorded for '{}'",
                       spool_->in_words(), writer.vantage),
           "",
           "move the file away: it is a ledger of its own, whose counts are of the same minutes as "
           "the other process's"});
    }
    if (spool_->empty()) spool_->note_lease(now);
    return {};
  } catch (const Failure& failure) {
    return describe("open the spool", path, failure);
  }
}

Result<record::SeriesId> SpooledLedger::series(const record::SeriesKey& key) {
  const auto ids = series(std::vector{key});
  if (!ids) return ids.error();
  return ids->front();
}

Result<std::vector<record::SeriesId>> SpooledLedger::series(
    const std::vector<record::SeriesKey>& keys) {
  // What is asked of a series next must be all that there is of it.
  if (auto done = drain(std::numeric_limits<int>::max()); !done) return done.error();
  auto ids = SqlLedger::series(keys);
  if (!ids) return ids;
  for (std::size_t i = 0; i < keys.size(); ++i) keys_[(*ids)[i]] = keys[i];
  return ids;
}

Result<void> SpooledLedger::write(const record::Batch& batch) {
  if (!spool_) return SqlLedger::write(batch);
  if (spool_->empty()) {
    auto done = SqlLedger::write(batch);
    if (done) return done;
    why_ = done.error();
  }
  return keep(batch);
}

Result<void> SpooledLedger::keep(const record::Batch& batch) {
  try {
    spool_->write(batch, keys_);
    return {};
  } catch (const Failure& failure) {
    core::Error error = describe("write to the spool", spool_->path(), failure);
    error.message += "; it waits for the ledger, for: " + why_.message;
    return error;
  }
}

Result<std::vector<core::OutcomeCount>> SpooledLedger::counts(record::SeriesId series,
                                                              core::Minute minute) {
  const auto key = keys_.find(series);
  if (spool_ && !spool_->empty() && key != keys_.end()) {
    try {
      auto found = spool_->counts(key->second, minute);
      if (!found.empty()) return found;
    } catch (const Failure& failure) {
      return describe("read the spool", spool_->path(), failure);
    }
  }
  return SqlLedger::counts(series, minute);
}

// That the database is away is no failure of the writer's: what it counts is kept.
Result<void> SpooledLedger::tend() {
  auto done = SqlLedger::tend();
  if (!spool_) return done;
  if (done) done = drain(kPiecesAtOnce);
  if (!done) why_ = done.error();
  return {};
}

Result<void> SpooledLedger::drain(int pieces) {
  for (int i = 0; spool_ && !spool_->empty() && i < pieces; ++i) {
    if (auto done = drain_piece(); !done) return done;
  }
  return {};
}

Result<void> SpooledLedger::drain_piece() {
  try {
    const Spool::Piece piece = spool_->first();
    if (piece.batch.empty()) {
      spool_->note_lease(database().lease());
      return {};
    }
    std::vector<record::SeriesKey> keys;
    for (const auto& [id, key] : piece.keys) keys.push_back(key);
    const auto ids = SqlLedger::series(keys);
    if (!ids) return ids.error();
    std::map<record::SeriesId, record::SeriesId> there;
    for (const auto& [id, key] : piece.keys) there.emplace(id, (*ids)[there.size()]);
    record::Batch batch = piece.batch;
    renumber(batch, [&](record::SeriesId id) { return there.at(id); });
    if (auto done = write_late(batch); !done) return done;
    if (const auto oldest = oldest_in(batch)) came_ = std::min(came_.value_or(*oldest), *oldest);
    spool_->forget(piece);
    return {};
  } catch (const Failure& failure) {
    return describe("read the spool", spool_->path(), failure);
  }
}

Waiting SpooledLedger::waiting() {
  Waiting waiting;
  waiting.came = std::exchange(came_, std::nullopt);
  if (spool_ && !spool_->empty()) {
    waiting.what =
        fmt::format("what is counted waits in a spool, {}: {}", spool_->in_words(), why_.message);
  }
  return waiting;
}

}  // namespace recoup::ledger
