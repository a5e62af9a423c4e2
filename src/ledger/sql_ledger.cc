#include "ledger/sql_ledger.h"

#include <utility>

#include "core/ensure.h"

namespace recoup::ledger {

using core::Interval;
using core::Result;

namespace {

constexpr std::size_t kMostUnsettled = 200'000;  // records and counts
constexpr int kMostTries = 10;                   // of a transaction that loses against others

}  // namespace

SqlLedger::SqlLedger(std::unique_ptr<Database> database)
    : database_(std::move(database)), tables_(std::make_unique<Tables>(database_->connection())) {}

// Goes to where the tables are.
void SqlLedger::prepare() {
  if (database_->has_moved()) {
    tables_.reset();
    database_->reopen();
  }
  if (!tables_) tables_ = std::make_unique<Tables>(database_->connection());
}

template <typename Work>
SqlLedger::Done<Work> SqlLedger::attempt(std::string_view task, Work work) {
  try {
    prepare();
    if constexpr (std::is_void_v<std::invoke_result_t<Work, Tables&>>) {
      work(*tables_);
      return {};
    } else {
      return work(*tables_);
    }
  } catch (const Failure& failure) {
    if (tables_) tables_->outcomes.forget();
    return describe(task, database_->name(), failure);
  }
}

template <typename Work>
SqlLedger::Done<Work> SqlLedger::read(std::string_view task, Work work) {
  return attempt(task, [&](Tables& at) {
    const Transaction transaction(at.connection, Connection::Access::read);
    return work(at);
  });
}

template <typename Work>
SqlLedger::Done<Work> SqlLedger::change(std::string_view task, Work work) {
  const auto once = [&](Tables& at) {
    Transaction transaction(at.connection, Connection::Access::write);
    database_->check();
    at.begin();
    if constexpr (std::is_void_v<std::invoke_result_t<Work, Tables&>>) {
      work(at);
      transaction.commit();
    } else {
      auto result = work(at);
      transaction.commit();
      return result;
    }
  };
  return attempt(task, [&](Tables& at) {
    for (int tries = 1;; ++tries) {
      try {
        return once(at);
      } catch (const Failure& failure) {
        if (failure.kind() != Failure::Kind::again || tries == kMostTries) throw;
        at.outcomes.forget();
      }
    }
  });
}

Result<void> SqlLedger::become_writer(const record::Writer& writer) {
  return attempt("record in the ledger", [&](Tables&) {
    database_->become_writer(writer);
    is_writer_ = true;
  });
}

Result<void> SqlLedger::tend() {
  database_->begin_turn();
  return attempt("write to the ledger", [&](Tables&) {
    if (database_->tend()) unsettled_.clear();
  });
}

Result<record::Saved> SqlLedger::save() {
  return attempt("save the ledger", [&](Tables&) {
    tables_.reset();
    return database_->save([&](Connection& to) { return unsettled_.write_to(to); });
  });
}

Result<bool> SqlLedger::leads(const record::Writer& writer) {
  return attempt("ask who seals", [&](Tables&) { return database_->leads(writer); });
}

Result<std::vector<record::Holder>> SqlLedger::holders() {
  return attempt("ask who has the ledger", [&](Tables&) { return database_->holders(); });
}

Result<void> SqlLedger::write_late(const record::Batch& batch) {
  return change("write to the ledger what waited", [&](Tables& at) {
    at.put(batch);
    at.journal.add_late(batch);
  });
}

Result<std::unique_ptr<Ledger>> SqlLedger::beside() {
  return attempt("open the ledger", [&](Tables&) {
    auto database = database_->beside();
    return database ? std::make_unique<SqlLedger>(std::move(database)) : std::unique_ptr<Ledger>();
  });
}

// TallyStore

Result<record::SeriesId> SqlLedger::series(const record::SeriesKey& key) {
  return change("add a series to the ledger", [&](Tables& at) { return at.series.id(key); });
}

Result<std::vector<record::SeriesId>> SqlLedger::series(
    const std::vector<record::SeriesKey>& keys) {
  return change("add series to the ledger", [&](Tables& at) {
    std::vector<record::SeriesId> ids;
    ids.reserve(keys.size());
    for (const record::SeriesKey& key : keys) ids.push_back(at.series.id(key));
    return ids;
  });
}

Result<std::vector<record::SeriesState>> SqlLedger::all_series(const std::string& agreement) {
  return attempt("read the series of the ledger",
                 [&](Tables& at) { return at.series.all(agreement); });
}

Result<void> SqlLedger::write(const record::Batch& batch) {
  auto done = change("write a batch to the ledger", [&](Tables& at) { at.put(batch); });
  if (done && is_writer_) unsettled_.add(batch);
  return done;
}

Result<std::vector<core::OutcomeCount>> SqlLedger::counts(record::SeriesId series,
                                                          core::Minute minute) {
  return read("read a tally of the ledger",
              [&](Tables& at) { return at.tallies.counts(series, minute); });
}

Result<std::optional<record::Checkpoint>> SqlLedger::checkpoint(record::SeriesId series) {
  return attempt("read a series of the ledger",
                 [&](Tables& at) { return at.tallies.checkpoint(series); });
}

Result<std::optional<core::Minute>> SqlLedger::newest_minute(record::SeriesId series) {
  return attempt("read a series of the ledger",
                 [&](Tables& at) { return at.tallies.newest_minute(series); });
}

Result<core::Tallies> SqlLedger::tallies(const std::string& agreement, const Interval& span) {
  return read("read tallies of the ledger",
              [&](Tables& at) { return at.tallies.tallies(agreement, span); });
}

Result<void> SqlLedger::compare(const std::map<std::string, std::vector<record::LogName>>& logs) {
  // Mostly all of it is as it was, and nothing needs to be written.
  const auto known = read("read which logs are compared",
                          [&](Tables& at) { return at.compared.is_as_said(logs); });
  if (!known) return known.error();
  if (*known) return {};
  return change("note which logs are compared", [&](Tables& at) { at.compared.say(logs); });
}

Result<void> SqlLedger::name_resources(
    const std::map<std::string, std::map<record::LogName, std::string>>& agreements) {
  const auto known = read("read which resources are summed",
                          [&](Tables& at) { return at.resources.is_as_said(agreements); });
  if (!known) return known.error();
  if (*known) return {};
  return change("note which resources are summed",
                [&](Tables& at) { at.resources.say(agreements); });
}

Result<std::vector<record::SeenSource>> SqlLedger::sources(const std::string& agreement,
                                                           const Interval& span) {
  return read("read the series of the ledger",
              [&](Tables& at) { return at.compared.sources(agreement, span); });
}

Result<std::vector<record::LogTallies>> SqlLedger::compared(const std::string& agreement,
                                                            const Interval& span) {
  return read("read tallies of the ledger",
              [&](Tables& at) { return at.compared.tallies(agreement, span); });
}

Result<std::vector<record::SourceTallies>> SqlLedger::tallies_by_source(
    const std::string& agreement, const Interval& span) {
  return read("read what each source counted",
              [&](Tables& at) { return at.tallies.by_source(agreement, span); });
}

Result<std::vector<std::pair<std::string, core::Gap>>> SqlLedger::probe_gaps(
    const std::string& agreement, const Interval& span) {
  return read("read gaps of the ledger",
              [&](Tables& at) { return at.tallies.probe_gaps(agreement, span); });
}

Result<std::vector<record::SourceTallies>> SqlLedger::probed_elsewhere(const std::string& agreement,
                                                                       const Interval& span) {
  return read("read what was probed elsewhere",
              [&](Tables& at) { return at.tallies.probed_elsewhere(agreement, span); });
}

Result<std::vector<record::ClockStep>> SqlLedger::clock_steps(const Interval& span) {
  return attempt("read the clock steps of the ledger",
                 [&](Tables& at) { return at.tallies.clock_steps(span); });
}

Result<std::optional<core::Interval>> SqlLedger::seen(const std::string& agreement) {
  return attempt("read the ledger", [&](Tables& at) { return at.tallies.seen(agreement); });
}

Result<std::optional<core::Instant>> SqlLedger::seen_from(const std::string& agreement,
                                                          core::Instant from) {
  return read("read the ledger", [&](Tables& at) { return at.tallies.seen_from(agreement, from); });
}

// EvidenceStore

Result<void> SqlLedger::evidence(const std::string& agreement, const Interval& span,
                                 const std::function<void(const record::Evidence&)>& each) {
  return attempt("read evidence of the ledger",
                 [&](Tables& at) { return at.evidence.read(agreement, span, each); });
}

Result<std::vector<record::Evidence>> SqlLedger::evidence_page(const std::string& agreement,
                                                               const Interval& span,
                                                               std::uint64_t skip,
                                                               std::size_t most) {
  return read("read evidence of the ledger",
              [&](Tables& at) { return at.evidence.page(agreement, span, skip, most); });
}

Result<std::vector<record::ChainHead>> SqlLedger::chain(const std::string& agreement,
                                                        const Interval& span) {
  return attempt("read the chains of the ledger",
                 [&](Tables& at) { return at.evidence.heads(agreement, span); });
}

Result<std::vector<record::ChainFault>> SqlLedger::check_chain(
    const std::string& agreement, const std::vector<record::ChainHead>& sealed) {
  return read("check the chains of the ledger",
              [&](Tables& at) { return at.evidence.check_chains(agreement, sealed); });
}

Result<record::EvidenceCheck> SqlLedger::check_evidence(const std::string& agreement) {
  return read("check the evidence of the ledger",
              [&](Tables& at) { return at.evidence.check_counts(agreement); });
}

// FileStore

Result<std::vector<record::ImportedFile>> SqlLedger::files(const std::string& agreement) {
  return attempt("read the files of the ledger",
                 [&](Tables& at) { return at.files.all(agreement); });
}

Result<std::vector<record::ImportedFile>> SqlLedger::files_of_size(const std::string& agreement,
                                                                   std::uint64_t bytes) {
  return attempt("read the files of the ledger",
                 [&](Tables& at) { return at.files.of_size(agreement, bytes); });
}

Result<std::vector<record::ImportedFile>> SqlLedger::files_alike(const std::string& agreement,
                                                                 const std::string& digest,
                                                                 std::uint64_t records,
                                                                 std::uint64_t identity) {
  return attempt("read the files of the ledger",
                 [&](Tables& at) { return at.files.alike(agreement, digest, records, identity); });
}

Result<std::vector<record::ImportedFile>> SqlLedger::short_files(const std::string& agreement,
                                                                 std::uint64_t below) {
  return attempt("read the files of the ledger",
                 [&](Tables& at) { return at.files.shorter(agreement, below); });
}

Result<std::uint64_t> SqlLedger::last_import(const std::string& agreement) {
  return attempt("read the files of the ledger",
                 [&](Tables& at) { return at.files.last_import(agreement); });
}

Result<std::vector<record::LineRun>> SqlLedger::line_runs(const std::string& agreement,
                                                          const Interval& span) {
  return attempt("read the files of the ledger",
                 [&](Tables& at) { return at.files.runs(agreement, span); });
}

Result<std::string> SqlLedger::line_prints(std::int64_t run) {
  return attempt("read the files of the ledger", [&](Tables& at) { return at.files.prints(run); });
}

Result<void> SqlLedger::line_keys(const std::string& agreement, const std::string& format,
                                  core::Instant hour, const std::string& except,
                                  const std::function<void(std::string_view)>& each) {
  return read("read the lines of files",
              [&](Tables& at) { at.files.keys(agreement, format, hour, except, each); });
}

Result<bool> SqlLedger::import(const std::string& agreement, const std::string& log,
                               const record::ImportedFile& file, const record::Pieces& content,
                               const std::string& replaces,
                               std::optional<std::uint64_t> compared_with) {
  return change("import a log file", [&](Tables& at) {
    return at.import(agreement, log, file, content, replaces, compared_with);
  });
}

Result<std::vector<record::TrailAdded>> SqlLedger::import_trail(
    const std::vector<record::TrailFile>& files) {
  return change("import files of a trail", [&](Tables& at) { return at.import_trail(files); });
}

Result<std::optional<Interval>> SqlLedger::remove_file(const std::string& agreement,
                                                       const std::string& digest) {
  return change("take a log file back",
                [&](Tables& at) { return at.remove_file(agreement, digest); });
}

// DigestStore

Result<void> SqlLedger::keep_digests(const record::DigestEvidence& evidence) {
  return change("keep the digests of a trail", [&](Tables& at) { at.digests.put(evidence); });
}

Result<record::DigestEvidence> SqlLedger::digests(const std::string& agreement,
                                                  const Interval& span, core::Millis late) {
  return read("read the digests of a trail",
              [&](Tables& at) { return at.digests.find(agreement, span, late); });
}

// Incidents

Result<std::vector<record::KeptIncident>> SqlLedger::keep_incidents(
    const std::vector<record::ToldIncident>& incidents) {
  return change("keep the incidents of a provider",
                [&](Tables& at) { return at.incidents.put(incidents); });
}

Result<std::optional<core::ProviderIncident>> SqlLedger::remove_incident(
    std::uint64_t number, const std::vector<std::string>& touched) {
  return change("remove the incident of a provider",
                [&](Tables& at) { return at.incidents.remove(number, touched); });
}

Result<std::vector<core::ProviderIncident>> SqlLedger::incidents(const Interval& span) {
  return read("read the incidents of providers",
              [&](Tables& at) { return at.incidents.find(span); });
}

// FollowStore

Result<std::vector<record::FollowedFile>> SqlLedger::followed(const std::string& reader) {
  return attempt("read the followed files of the ledger",
                 [&](Tables& at) { return at.followed.all(reader); });
}

Result<std::vector<std::int64_t>> SqlLedger::note_followed(
    const std::vector<record::FollowedFile>& files, const std::vector<std::int64_t>& gone) {
  return change("note followed files in the ledger", [&](Tables& at) {
    for (const std::int64_t id : gone) at.followed.forget(id);
    std::vector<std::int64_t> ids;
    for (const record::FollowedFile& file : files) ids.push_back(at.followed.put(file));
    return ids;
  });
}

Result<std::optional<std::int64_t>> SqlLedger::grow(const record::FileGrowth& growth,
                                                    const record::Pieces& content,
                                                    std::uint64_t compared_with) {
  return change("add what a log file has gained",
                [&](Tables& at) { return at.grow(growth, content, compared_with); });
}

Result<std::vector<core::Unseen>> SqlLedger::silence(const record::SeriesKey& series) {
  return change("read the silence of a log",
                [&](Tables& at) { return at.tallies.unseen(at.series.id(series)); });
}

Result<Interval> SqlLedger::note_silence(const record::Silence& silence) {
  return change("note the silence of a log", [&](Tables& at) { return at.note_silence(silence); });
}

// StampStore

Result<void> SqlLedger::add_stamp(const record::Stamp& stamp) {
  return change("keep a time stamp", [&](Tables& at) { at.stamps.add(stamp); });
}

Result<std::vector<record::Stamp>> SqlLedger::stamps(const std::string& agreement,
                                                     core::Instant from) {
  return read("read the time stamps of the ledger",
              [&](Tables& at) { return at.stamps.from(agreement, from); });
}

// Exclusions

Result<void> SqlLedger::exclude(const std::string& agreement, const core::ExclusionWindow& window) {
  RECOUP_ENSURE(!window.span.empty());
  return change("write an exclusion to the ledger",
                [&](Tables& at) { at.exclusions.put(agreement, window); });
}

Result<bool> SqlLedger::remove_exclusion(const std::string& agreement, const Interval& span) {
  return change("remove an exclusion from the ledger",
                [&](Tables& at) { return at.exclusions.remove(agreement, span); });
}

Result<std::vector<core::ExclusionWindow>> SqlLedger::exclusions(const std::string& agreement) {
  return attempt("read the exclusions of the ledger",
                 [&](Tables& at) { return at.exclusions.all(agreement); });
}

// Journal

Result<std::vector<record::JournalEntry>> SqlLedger::journal(const std::string& agreement,
                                                             std::uint64_t after) {
  return attempt("read the journal of the ledger",
                 [&](Tables& at) { return at.journal.after(agreement, after); });
}

Result<std::map<std::string, std::uint64_t>> SqlLedger::journal_news(std::uint64_t after) {
  return attempt("read the journal of the ledger",
                 [&](Tables& at) { return at.journal.news(after); });
}

// Seals

Result<void> SqlLedger::add_seal(const record::Seal& seal) {
  return change("write a seal to the ledger", [&](Tables& at) { return at.seals.add(seal); });
}

Result<void> SqlLedger::note_sealed(const std::string& agreement, core::Month month,
                                    std::uint64_t journal) {
  return change("note a seal in the ledger",
                [&](Tables& at) { return at.seals.note(agreement, month, journal); });
}

Result<std::vector<record::Seal>> SqlLedger::seals(const std::string& agreement) {
  return read("read the seals of the ledger", [&](Tables& at) { return at.seals.all(agreement); });
}

// ClaimEvents

Result<void> SqlLedger::add_claim_event(const record::ClaimEvent& event) {
  return change("write a claim's step to the ledger",
                [&](Tables& at) { return at.claims.add(event); });
}

Result<std::vector<record::ClaimEvent>> SqlLedger::claim_events(const std::string& agreement) {
  return attempt("read the claims of the ledger",
                 [&](Tables& at) { return at.claims.all(agreement); });
}

Result<std::uint64_t> SqlLedger::claim_events_end() {
  return attempt("read the claims of the ledger", [&](Tables& at) { return at.claims.end(); });
}

// Upkeep

Result<record::FoldTurn> SqlLedger::fold(const record::FoldOrder& order) {
  return change("fold days of the ledger", [&](Tables& at) { return at.folds.fold(order); });
}

Result<record::Folded> SqlLedger::folded() {
  return attempt("read what is folded", [&](Tables& at) { return at.folds.folded(); });
}

Result<record::EvidenceTurn> SqlLedger::remove_evidence(const record::EvidenceOrder& order) {
  return change("remove evidence of the ledger",
                [&](Tables& at) { return at.removed.remove(order); });
}

Result<std::vector<record::RemovedEvidence>> SqlLedger::removed_evidence(
    const std::string& agreement) {
  return attempt("read which evidence was removed",
                 [&](Tables& at) { return at.removed.all(agreement); });
}

Result<bool> SqlLedger::give_back() {
  return attempt("give room of the ledger back", [&](Tables&) { return database_->give_back(); });
}

// Notices

Result<std::vector<std::string>> SqlLedger::told() {
  return attempt("read what was told from the ledger", [&](Tables& at) { return at.told.all(); });
}

Result<void> SqlLedger::note_told(const std::string& name, core::Instant when) {
  return change("write what was told to the ledger",
                [&](Tables& at) { return at.told.add(name, when); });
}

void SqlLedger::Unsettled::add(const record::Batch& batch) {
  if (!is_all_) return;
  records_ += batch.evidence.size() + batch.minutes.size();
  is_all_ = records_ <= kMostUnsettled;
  if (is_all_) {
    batches_.push_back(batch);
  } else {
    batches_.clear();
  }
}

void SqlLedger::Unsettled::clear() { *this = {}; }

bool SqlLedger::Unsettled::write_to(Connection& connection) const {
  try {
    Tables to(connection);
    Transaction transaction(connection, Connection::Access::write);
    for (const record::Batch& batch : batches_) to.put(batch);
    transaction.commit();
    return is_all_;
  } catch (const Failure&) {
    return false;
  }
}

}  // namespace recoup::ledger
