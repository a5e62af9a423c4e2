// What a file of a followed log has gained: how it gets into the ledger, once and for all.
#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/classify.h"
#include "service/follow/line_log.h"
#include "service/import.h"
#include "sources/logs/known_runs.h"

namespace recoup::service {
namespace {

using core::Result;
using record::FollowedFile;
using sources::LogContent;
using namespace std::chrono_literals;

// What is older may be sealed, by the clock of whoever wrote it.
constexpr auto kLateAfter = 1h;

// A run grows by what its file gains, and is written anew each time: not longer than this.
constexpr std::uint64_t kLongestGrowing = 1 << 15;

constexpr int kMostReadings = 10;

}  // namespace

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

}  // namespace recoup::service
