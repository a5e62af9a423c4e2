#include "service/follow/line_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/classify.h"
#include "service/import.h"
#include "sources/logs/format.h"

namespace recoup::service {
namespace {

using core::Result;
using record::FollowedFile;
using sources::LogContent;
using namespace std::chrono_literals;

// A look reads about so much of one file: then others have their turn.
constexpr int kMostStretches = 4;

// So long after it was written a last line without a newline is taken for what it is: whoever wrote
// it was interrupted.
constexpr auto kLastLineWaits = 10min;

bool is_read(const FollowedFile& state, const FoundFile& found) {
  return state.size == found.facts.size && state.changed_ns == found.facts.changed_ns;
}

}  // namespace

LineLog::LineLog(const config::AgreementSettings& agreement, const config::LogSettings& log,
                 const FollowContext& context, std::unique_ptr<LineLog> before)
    : agreement_(agreement),
      log_(log),
      context_(context),
      reader_(fmt::format("lines {} {} {}", agreement.agreement.id, log.id, context.vantage)),
      files_(reader_, context.world.clock, log.format),
      problems_(agreement.agreement.id + '/' + log.id) {
  if (before && before->reader_ == reader_) {
    has_begun_ = before->has_begun_;
    files_.take(before->files_);
    counts_ = before->counts_;
    problems_ = before->problems_;
    if (before->silence_) {
      silence_.emplace(log.silent_after, before->silence_->newest(), before->silence_->times(),
                       wall());
    }
  }
  counts_.agreement = agreement.agreement.id;
  counts_.log = log.id;
  counts_.format = log.format;
}

LineLog::~LineLog() = default;

std::string LineLog::name() const { return agreement_.agreement.id + '/' + log_.id; }

record::SeriesKey LineLog::silence_key() const {
  return {agreement_.agreement.id, record::SeriesKind::file, log_.id, context_.vantage};
}

Result<bool> LineLog::look(const std::stop_token& stop) {
  if (auto done = begin(); !done) return done.error();
  const auto found = found_files(log_.path);
  if (!found && std::exchange(nothing_found_, found.error().message) != found.error().message) {
    spdlog::warn("log {}: {}: {}", name(), log_.path, found.error().message);
  }
  if (found) nothing_found_.clear();
  counts_.files = found ? found->size() : 0;
  files_.find(found ? *found : std::vector<FoundFile>());

  // What is new may be a copy of what is known, which may be another file by now: it comes first,
  // but for what has to be read before it can be compared.
  bool has_more = false;
  for (const FoundFile& one : files_.new_ones()) {
    if (stop.stop_requested()) return false;
    if (auto done = read_new(one); !done) return done.error();
  }
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (stop.stop_requested()) return false;
    if (auto done = read_known(files_[i], stop); !done) return done.error();
    has_more = has_more || files_[i].has_more;
  }
  if (auto done = tell_silence({}); !done) return done.error();
  if (auto done = forget_gone(); !done) return done.error();
  files_.close_old();
  problems_.show(counts_);
  return has_more;
}

// Reads what the ledger knows of the log.
Result<void> LineLog::begin() {
  if (has_begun_) return {};
  auto states = context_.ledger.followed(reader_);
  if (!states) return states.error();
  const auto read = context_.ledger.files(agreement_.agreement.id);
  if (!read) return read.error();
  auto silent = context_.ledger.silence(silence_key());
  if (!silent) return silent.error();
  for (const record::ImportedFile& file : *read) {
    if (file.log != log_.id || file.span.empty()) continue;
    counts_.newest = std::max(counts_.newest.value_or(file.span.end), file.span.end);
  }
  silence_.emplace(log_.silent_after, counts_.newest, *std::move(silent), wall());
  files_.clear();
  for (FollowedFile& state : *states) files_.add(std::move(state));
  has_begun_ = true;
  return {};
}

Result<void> LineLog::read_known(File& file, const std::stop_token& stop) {
  if (!file.found) return {};
  const FoundFile found = *file.found;
  FollowedFile& state = file.state;
  const bool waits = state.position < state.size && !state.name.empty();
  const auto calm = waits ? files_.calm_since(found) : 0ns;
  const bool is_last = waits && calm >= kLastLineWaits;
  if (is_read(state, found) && !file.has_more && !is_last) {
    state.path = found.path;
    return {};
  }
  if (!problems_.is_due(found, mono())) return {};
  if (!file.open) file.open = open(found);
  if (!file.open) return {};
  if (state.name.empty()) {
    const auto packed = is_packed(*file.open);
    file.open.reset();
    if (!packed) return unreadable(found, packed.error()), Result<void>();
    return *packed ? read_whole(found, &file) : begin_anew(file);
  }
  bool is_same = found.facts.size >= state.position;
  if (is_same && state.position > 0) {
    const auto edges = sources::edges_of(*file.open, state.position);
    is_same = edges && edges->head == state.head && edges->all == state.edges;
  }
  if (!is_same) {
    spdlog::info("log {}: {}: begins anew after {} bytes", name(), found.path, state.position);
    return begin_anew(file);
  }
  state.path = found.path;
  file.grew = mono();
  return go_on(file, stop);
}

// What lies there is another file. The state stays, by which a copy of what it was is known.
Result<void> LineLog::begin_anew(File& file) {
  const FoundFile found = *file.found;
  FollowedFile gone = file.state;
  gone.device = gone.inode = 0;
  if (const auto noted = context_.ledger.note_followed({gone}, {}); !noted) return noted.error();
  file.state = std::move(gone);
  file.open.reset();
  file.found.reset();
  return read_new(found);
}

// Nothing where it cannot be opened, which is told, or is another file by now.
std::optional<documents::OpenedFile> LineLog::open(const FoundFile& found) {
  auto opened = documents::OpenedFile::open(found.path);
  if (!opened) {
    unreadable(found, opened.error());
    return std::nullopt;
  }
  const auto facts = opened->facts();
  if (!facts || !facts->is_same_file(found.facts)) return std::nullopt;
  return *std::move(opened);
}

void LineLog::unreadable(const FoundFile& found, const core::Error& error) {
  problems_.tell(found, FileProblems::Kind::unreadable, error, mono());
}

Result<void> LineLog::read_new(const FoundFile& found) {
  if (!problems_.is_due(found, mono())) return {};
  auto opened = open(found);
  if (!opened) return {};
  const auto packed = is_packed(*opened);
  if (!packed) return unreadable(found, packed.error()), Result<void>();
  if (*packed) return read_whole(found, nullptr);
  const auto known = files_.adopt(found, *opened);
  if (!known) return unreadable(found, known.error()), Result<void>();
  if (*known != nullptr) (*known)->open = *std::move(opened);
  return {};
}

// Reads a packed file as an import does, when it changes no more.
Result<void> LineLog::read_whole(const FoundFile& found, File* known) {
  if (files_.calm_since(found) < LineFiles::kCalm) return {};
  LogSource source{agreement_.agreement.id, log_.id, log_.format, context_.worth, log_.options};
  source.now = wall();
  const core::Version& version = agreement_.rule->versions.back();
  source.is_error = [&version](const core::Outcome& outcome) {
    return core::classify(version, outcome).verdict == core::Verdict::error;
  };
  source.may_hold = [&](const record::LineRun& run) {
    return !run.followed || run.file == found.path || may_be_rotated(run.file, found.path);
  };
  const auto imported = import_log(context_.ledger, source, found.path, nullptr);
  if (!imported) return unreadable(found, imported.error()), Result<void>();
  problems_.clear(found.path, FileProblems::Kind::unreadable);
  const LogContent& content = imported->content;
  const auto minutes = content.counts.minutes();
  // Before it is noted that the file was read: otherwise it is read again, and told again.
  if (const auto done = tell_silence(minutes); !done) return done;
  FollowedFile state = known != nullptr ? known->state : files_.fresh(found);
  set_facts(state, found);
  state.name.clear();
  const auto ids = context_.ledger.note_followed({state}, {});
  if (!ids) return ids.error();
  state.id = ids->front();
  File& file = known != nullptr ? *known : files_.add(FollowedFile());
  file.state = std::move(state);
  file.found = found;
  counts_.bytes += imported->content.bytes;
  if (!imported->new_to_ledger) return {};
  spdlog::info("log {}: {}: {} requests that were not read before", name(), found.path,
               content.requests);
  count(content);
  if (is_late(content)) counts_.late += content.requests;
  if (!minutes.empty()) context_.wrote(agreement_.agreement.id, minutes.front());
  return {};
}

// Reads the lines that have ended since.
Result<void> LineLog::go_on(File& file, const std::stop_token& stop) {
  const FoundFile found = *file.found;
  FollowedFile& state = file.state;
  file.has_more = false;
  const bool is_last = files_.calm_since(found) >= kLastLineWaits;
  for (int i = 0;; ++i) {
    const auto next = file.search.next(*file.open, state.position, found.facts.size, is_last);
    if (!next) return unreadable(found, next.error()), Result<void>();
    if (!*next) break;
    if (i == kMostStretches || stop.stop_requested()) {
      file.has_more = true;
      return {};
    }
    const auto done = read(file, **next);
    if (!done) return done.error();
    if (!*done) return {};
  }
  // What follows has no end yet: until it changes there is nothing to be read.
  state.size = found.facts.size;
  state.changed_ns = found.facts.changed_ns;
  return {};
}

// The log told of these minutes, or, where there are none, it is looked whether it is silent.
Result<void> LineLog::tell_silence(const std::vector<core::Minute>& told) {
  Silence silence = *silence_;
  const bool changed = told.empty() ? silence.look(wall()) : silence.told(told, wall());
  if (changed) {
    const auto span = context_.ledger.note_silence({silence_key(), silence.times()});
    if (!span) return span.error();
    if (!span->empty()) context_.wrote(agreement_.agreement.id, span->begin);
  }
  note(silence);
  return {};
}

void LineLog::note(const Silence& silence) {
  const bool was_silent = counts_.silent_since.has_value();
  silence_ = silence;
  counts_.newest = silence_->newest();
  counts_.silent_since = silence_->since();
  if (counts_.silent_since && !was_silent) {
    spdlog::warn(
        "log {}: says nothing any more, and last told of the time before {}; help: see "
        "whether its files are still written; how long it may be silent is silent_after",
        name(), core::to_text(*counts_.silent_since));
  } else if (was_silent && !counts_.silent_since) {
    spdlog::info("log {}: goes on", name());
  }
}

Result<void> LineLog::forget_gone() {
  const core::Instant now = wall();
  const std::vector<std::int64_t> gone = files_.forgotten(now);
  if (gone.empty()) return {};
  if (const auto done = context_.ledger.note_followed({}, gone); !done) return done.error();
  files_.forget(now);
  return {};
}

}  // namespace recoup::service
