#include "service/follow/line_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/classify.h"
#include "service/import.h"
#include "sources/logs/format.h"
#include "sources/logs/known_runs.h"

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

// What is older may be sealed, by the clock of whoever wrote it.
constexpr auto kLateAfter = 1h;

// A run grows by what its file gains, and is written anew each time: not longer than this.
constexpr std::uint64_t kLongestGrowing = 1 << 15;

constexpr int kMostReadings = 10;

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

// Reads a stretch and puts what of it is new in the ledger. False: the file has a problem. The
// error is the ledger's.
Result<bool> LineLog::read(File& file, const sources::Stretch& stretch) {
  const FollowedFile& state = file.state;
  const auto context = sources::to_prints(state.context);
  sources::StretchReading reading{state.format, log_.options, context_.worth};
  reading.lines = state.lines;
  reading.records = state.records;
  reading.identity = state.identity;
  reading.nearby = file.nearby;
  const auto give_up = [&](const core::Error& error) {
    unreadable(*file.found, error);
    return Result<bool>(false);
  };
  for (int i = 0; i < kMostReadings; ++i) {
    const auto compared_with = context_.ledger.last_import(agreement_.agreement.id);
    if (!compared_with) return compared_with.error();
    reading.left_out.clear();
    reading.known_keys = {};
    auto content = sources::read_stretch(*file.open, stretch, reading);
    if (!content) return give_up(content.error());
    const auto before = read_before(file, *content, context);
    if (!before) return before.error();
    const auto keys = known_keys(context_.ledger, agreement_.agreement.id, *content, "");
    if (!keys) return keys.error();
    if (!before->empty() || !keys->empty()) {
      reading.left_out = *before;
      reading.known_keys = *keys;
      content = sources::read_stretch(*file.open, stretch, reading);
      if (!content) return give_up(content.error());
      content->keys.finish();
    }
    const auto edges = sources::edges_of(*file.open, stretch.end);
    if (!edges) return give_up(edges.error());
    record::FileGrowth growth = growth_of(file, stretch, *content, *before, context);
    growth.state.head = edges->head;
    growth.state.edges = edges->all;
    const auto written = write(file, *content, std::move(growth), *compared_with);
    if (!written || *written) return written;
  }
  return core::Error{
      "expected no other import for the agreement while a log is read, got one each time", name()};
}

// What the file gains by the stretch: counts, the state behind it, and the lines by which it is
// known again.
record::FileGrowth LineLog::growth_of(const File& file, const sources::Stretch& stretch,
                                      const LogContent& content,
                                      const std::vector<sources::RecordSpan>& before,
                                      const std::vector<sources::Print>& context) const {
  const FollowedFile& state = file.state;
  const auto& prints = content.records.prints();
  std::vector<sources::Print> lines = context;
  lines.insert(lines.end(), prints.begin(), prints.end());
  const std::uint64_t all = lines.size();

  record::FileGrowth growth;
  growth.agreement = agreement_.agreement.id;
  growth.log = log_.id;
  growth.new_records = prints.size();
  growth.is_late = is_late(content);
  growth.state = state;
  FollowedFile& next = growth.state;
  set_facts(next, *file.found);
  // Where more is to be read, the next service that begins has to look.
  if (stretch.end != file.found->facts.size) next.size = 0;
  const bool is_blank = content.lines == content.empty;
  if (state.format == sources::kAutoFormat && !is_blank) next.format = content.format;
  next.position = stretch.end;
  next.lines += content.lines;
  next.malformed += content.malformed;
  next.records += prints.size();
  next.identity = content.records.identity();
  next.context = sources::to_bytes(lines, {sources::context_begin(lines, lines.size()), all});

  std::vector<sources::RecordSpan> runs;
  growth.joins = before.empty() && state.run > 0 && state.run + prints.size() <= kLongestGrowing;
  if (growth.joins) {
    runs.push_back({context.size(), all});
    next.run += prints.size();
  } else if (!prints.empty()) {
    std::vector<sources::RecordSpan> known;
    if (!context.empty()) known.push_back({0, context.size()});
    for (const sources::RecordSpan& span : before) {
      known.push_back({span.begin + context.size(), span.end + context.size()});
    }
    runs = sources::runs_to_keep(lines, known);
    next.run = runs.empty() || runs.back().end < all ? 0 : runs.back().size();
  }
  if (prints.empty()) runs.clear();

  record::ImportedFile& entry = growth.file;
  entry.digest = state.name;
  entry.bytes = stretch.end;
  entry.name = file.found->path;
  entry.lines = content.lines;
  entry.requests = content.requests;
  entry.malformed = content.malformed;
  entry.own = content.own;
  entry.read_before = content.read_before;
  entry.log = log_.id;
  entry.format = content.format;
  entry.records = next.records;
  entry.identity = next.identity;
  entry.read = wall();
  entry.errors = errors_of(content);
  for (const auto& [hour, keys] : content.keys.hours()) {
    entry.keys.push_back({hour, sources::LineKeys::bytes_of(keys)});
  }
  const auto minutes = content.counts.minutes();
  if (!minutes.empty()) entry.span = {minutes.front(), minutes.back() + 1min};
  for (const sources::RecordSpan& span : runs) {
    record::LineRun run;
    run.earliest = content.records.earliest();
    run.latest = content.records.latest();
    run.cut = content.cut && span.end == all;
    run.head = sources::to_bytes(
        lines, {span.begin, std::min(span.end, span.begin + sources::kShortestRun)});
    run.prints = sources::to_bytes(lines, span);
    entry.runs.push_back(std::move(run));
  }
  return growth;
}

// False where an import came between: it may have brought some of the lines.
Result<bool> LineLog::write(File& file, const LogContent& content, record::FileGrowth growth,
                            std::uint64_t compared_with) {
  const auto minutes = content.counts.minutes();
  Silence silence = *silence_;
  if (silence.told(minutes, wall())) growth.silence = {silence_key(), silence.times()};
  const record::SeriesKey key{agreement_.agreement.id, record::SeriesKind::file, log_.id,
                              growth.file.digest};
  const auto id = context_.ledger.grow(growth, sources::pieces_of(key, content), compared_with);
  if (!id) return id.error();
  if (!*id) return false;
  note(silence);
  file.state = std::move(growth.state);
  file.state.id = **id;
  file.state.size = 0;  // behind a stretch there may be more
  file.nearby = content.nearby;
  problems_.clear(file.found->path, FileProblems::Kind::unreadable);
  if (growth.is_late) {
    counts_.late += content.requests;
    spdlog::info("log {}: {}: {} requests of times that were judged before, from {}", name(),
                 file.found->path, content.requests, core::to_text(core::Instant(minutes.front())));
  }
  count(content);
  tell_malformed(file, content);
  core::Instant oldest = minutes.empty() ? core::kOpenEnd : core::Instant(minutes.front());
  if (growth.silence && !silence_->times().empty()) {
    oldest = std::min(oldest, silence_->times().front().span.begin);
  }
  if (growth.silence || !minutes.empty()) context_.wrote(agreement_.agreement.id, oldest);
  return true;
}

// Which records of the stretch were read with a file that was imported. What is followed has its
// edges, by which a copy is known: the lines of another host may be the same for hours.
Result<std::vector<sources::RecordSpan>> LineLog::read_before(
    const File& file, const LogContent& content, const std::vector<sources::Print>& context) {
  std::vector<sources::RecordSpan> spans;
  const sources::LinePrints& records = content.records;
  if (records.prints().empty()) return spans;
  const auto runs = context_.ledger.line_runs(agreement_.agreement.id,
                                              {records.earliest(), records.latest() + 1min});
  if (!runs) return runs.error();
  const sources::Format* format = sources::find_format(content.format);
  std::vector<sources::KnownRun> known;
  for (const record::LineRun& run : *runs) {
    const bool is_of_another = format->sums && run.log != log_.id;
    if (run.followed || run.format != content.format || is_of_another) continue;
    known.push_back({run.id, run.file, sources::to_prints(run.head), true, run.cut});
  }
  const std::uint64_t behind = context.size();
  if (!known.empty()) {
    std::vector<sources::Print> lines = context;
    lines.insert(lines.end(), records.prints().begin(), records.prints().end());
    const auto found = sources::find_read_before(
        lines, content.cut, known,
        [&](const sources::KnownRun& run) -> Result<std::vector<sources::Print>> {
          const auto prints = context_.ledger.line_prints(run.id);
          if (!prints) return prints.error();
          return sources::to_prints(*prints);
        });
    if (!found) return found.error();
    for (const sources::RecordSpan& span : found->spans) {
      if (span.end <= behind) continue;
      spans.push_back({span.begin < behind ? 0 : span.begin - behind, span.end - behind});
    }
  }
  if (file.state.records >= sources::LinePrints::kIdentities) return spans;
  const auto files =
      context_.ledger.short_files(agreement_.agreement.id, sources::LinePrints::kIdentities);
  if (!files) return files.error();
  std::uint64_t begin = 0;
  for (const record::ImportedFile& one : *files) {
    const auto identity = records.identity_of(one.records);
    const bool is_known = identity && *identity == one.identity && one.format == content.format;
    if (one.digest == file.state.name || !is_known) continue;
    begin = std::max(begin, one.records - file.state.records);
  }
  sources::join_begin(spans, begin);
  return spans;
}

bool LineLog::is_late(const LogContent& content) const {
  const auto minutes = content.counts.minutes();
  return !minutes.empty() && core::Instant(minutes.front()) < wall() - kLateAfter;
}

std::uint64_t LineLog::errors_of(const LogContent& content) const {
  const core::Version& version = agreement_.rule->versions.back();
  std::uint64_t errors = 0;
  for (const core::Minute minute : content.counts.minutes()) {
    for (const core::OutcomeCount& one : content.counts.of(minute)) {
      if (core::classify(version, one.outcome).verdict == core::Verdict::error) {
        errors += one.count;
      }
    }
  }
  return errors;
}

void LineLog::count(const LogContent& content) {
  counts_.requests += content.requests;
  counts_.malformed += content.malformed;
  counts_.own += content.own;
  counts_.read_before += content.read_before;
  counts_.bytes += content.bytes;
  if (!content.format.empty()) counts_.format = content.format;
}

// That most of a file is malformed is a problem of it; a line now and then is told once a minute.
void LineLog::tell_malformed(const File& file, const LogContent& content) {
  const FollowedFile& state = file.state;
  const std::string& path = file.found->path;
  if (state.malformed * 10 <= state.lines) problems_.clear(path, FileProblems::Kind::malformed);
  if (content.malformed == 0) return;
  const sources::MalformedLine& first = content.examples.front();
  const std::string example =
      fmt::format("line {}: {}, got {}", first.number, first.expected, first.text);
  if (state.malformed * 10 > state.lines) {
    problems_.tell(*file.found, FileProblems::Kind::malformed,
                   {"expected a tenth of the lines malformed at most, got more", "", example},
                   mono());
  } else if (mono() >= tell_malformed_next_) {
    tell_malformed_next_ = mono() + 1min;
    spdlog::warn("log {}: {}: {} malformed lines, {} of this log since the service started; {}",
                 name(), path, content.malformed, counts_.malformed, example);
  }
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
