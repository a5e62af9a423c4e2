#include "service/import.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "sources/logs/format.h"
#include "sources/logs/known_runs.h"

namespace recoup::service {
namespace {

using core::Result;

// Import is the reading of one file as the ledger is at one instant.
class Import {
 public:
  Import(ledger::Ledger& ledger, const LogSource& source, const std::string& file,
         const documents::OnProgress& progress)
      : ledger_(ledger), source_(source), file_(file), progress_(progress) {}

  // Nothing where another import came between.
  Result<std::optional<Imported>> run() {
    if (const auto seen = look(); !seen) return seen.error();
    auto content = read({});
    if (!content) return content.error();
    Imported imported{*std::move(content), false, 0, {}};
    const bool is_empty = imported.content.records.prints().empty();
    if (is_empty || is_known(imported.content)) return std::optional(std::move(imported));

    const auto before = read_before(imported.content);
    if (!before) return before.error();
    if (before->spans.empty() && before->alike >= kWorthAWord) {
      imported.alike = before->alike;
      imported.alike_in = before->alike_in;
    }
    if (is_all(before->spans, imported.content)) return std::optional(std::move(imported));
    if (!before->spans.empty()) {
      auto rest = read_again(before->spans, imported.content.digest);
      if (!rest) return rest.error();
      imported.content = *std::move(rest);
    }
    const auto added = add(imported.content, before->spans);
    if (!added) return added.error();
    if (!*added) return std::optional<Imported>();
    imported.new_to_ledger = true;
    return std::optional(std::move(imported));
  }

 private:
  static constexpr std::uint64_t kWorthAWord = 64;

  // What the ledger knows, as of last_import().
  Result<void> look() {
    const auto last = ledger_.last_import(source_.agreement);
    if (!last) return last.error();
    compared_with_ = *last;
    auto files = ledger_.files(source_.agreement);
    if (!files) return files.error();
    files_ = *std::move(files);
    return {};
  }

  // Versions that kept no lines remembered such files, and knew them as read.
  static bool nothing_was_read(const record::ImportedFile& file) {
    return file.records == 0 && file.requests == 0 && file.own == 0;
  }

  Result<sources::LogContent> read(const std::vector<sources::RecordSpan>& left_out) const {
    std::vector<sources::KnownFile> known;
    for (const record::ImportedFile& one : files_) {
      if (nothing_was_read(one)) continue;
      known.push_back({one.digest, one.bytes, one.records < sources::kShortestRun});
    }
    return sources::read_log(file_, {source_.format, std::move(known), left_out, source_.worth,
                                     progress_, source_.options});
  }

  Result<sources::LogContent> read_again(const std::vector<sources::RecordSpan>& left_out,
                                         const std::string& digest) const {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file_, ignored)) {
      return core::Error{
          "expected a file, since some of these lines were read before and it must "
          "be read twice to tell which are new; got what can be read once",
          file_, "write it to a file and import that"};
    }
    auto content = read(left_out);
    if (content && content->digest != digest) {
      return core::Error{
          "expected a file that stays as it is, got other lines when it was read "
          "again to leave out those that were read before",
          file_, "import it again"};
    }
    return content;
  }

  bool is_known(const sources::LogContent& content) const {
    const auto has_same_records = [&](const record::ImportedFile& one) {
      return one.format == content.format && one.records == content.records.prints().size() &&
             one.identity == content.records.identity();
    };
    return content.known || std::any_of(files_.begin(), files_.end(), has_same_records);
  }

  Result<sources::ReadBefore> read_before(const sources::LogContent& content) const {
    const sources::LinePrints& lines = content.records;
    const core::Interval span{lines.earliest(), lines.latest() + std::chrono::minutes(1)};
    const auto runs = ledger_.line_runs(source_.agreement, span);
    if (!runs) return runs.error();
    const sources::Format* format = sources::find_format(content.format);
    std::vector<sources::KnownRun> known;
    for (const record::LineRun& run : *runs) {
      const bool is_of_another = format->sums && run.log != source_.log;
      if (run.format != content.format || is_of_another) continue;
      if (source_.may_hold && !source_.may_hold(run)) continue;
      const bool has_begin = run.earliest <= lines.near_begin() && lines.near_begin() <= run.latest;
      known.push_back({run.id, run.file, sources::to_prints(run.head), has_begin, run.cut});
    }
    auto before = sources::find_read_before(
        lines.prints(), content.cut, known,
        [&](const sources::KnownRun& run) -> Result<std::vector<sources::Print>> {
          const auto prints = ledger_.line_prints(run.id);
          if (!prints) return prints.error();
          return sources::to_prints(*prints);
        });
    if (before) add_short_begin(content, *before);
    return before;
  }

  // A file that is too short for runs is known by all of its lines where the content begins with
  // them, unless the content takes its place.
  void add_short_begin(const sources::LogContent& content, sources::ReadBefore& before) const {
    std::uint64_t longest = 0;
    for (const record::ImportedFile& one : files_) {
      const auto identity = content.records.identity_of(one.records);
      const bool begins_so = one.format == content.format && identity == one.identity;
      if (one.digest != content.replaces && identity && begins_so) {
        longest = std::max(longest, one.records);
      }
    }
    sources::join_begin(before.spans, longest);
  }

  static bool is_all(const std::vector<sources::RecordSpan>& spans,
                     const sources::LogContent& content) {
    return spans.size() == 1 && spans[0].size() == content.records.prints().size();
  }

  std::vector<record::LineRun> runs_of(const sources::LogContent& content,
                                       const std::vector<sources::RecordSpan>& before) const {
    const auto& prints = content.records.prints();
    std::vector<record::LineRun> runs;
    for (const sources::RecordSpan& span : sources::runs_to_keep(prints, before)) {
      record::LineRun run;
      run.earliest = content.records.earliest();
      run.latest = content.records.latest();
      run.cut = content.cut && span.end == prints.size();
      run.head = sources::to_bytes(prints, {span.begin, span.begin + sources::kShortestRun});
      run.prints = sources::to_bytes(prints, span);
      runs.push_back(std::move(run));
    }
    return runs;
  }

  // What is shown of the file beside its counts.
  void describe(const sources::LogContent& content, record::ImportedFile& entry) const {
    const std::vector<core::Minute> minutes = content.counts.minutes();
    if (minutes.empty()) return;
    entry.span = {minutes.front(), minutes.back() + std::chrono::minutes(1)};
    if (!source_.is_error) return;
    for (const core::Minute minute : minutes) {
      for (const core::OutcomeCount& one : content.counts.of(minute)) {
        if (source_.is_error(one.outcome)) entry.errors += one.count;
      }
    }
  }

  Result<bool> add(const sources::LogContent& c, const std::vector<sources::RecordSpan>& before) {
    record::ImportedFile entry{c.digest, c.bytes, file_, c.lines, c.requests, c.malformed, c.own};
    entry.read_before = c.read_before;
    entry.format = c.format;
    entry.records = c.records.prints().size();
    entry.identity = c.records.identity();
    entry.runs = runs_of(c, before);
    entry.log = source_.log;
    entry.read = source_.now;
    describe(c, entry);
    const bool was_empty =
        std::any_of(files_.begin(), files_.end(), [&](const record::ImportedFile& one) {
          return one.digest == c.digest && nothing_was_read(one);
        });
    const record::SeriesKey key{source_.agreement, record::SeriesKind::file, source_.log, c.digest};
    return ledger_.import(source_.agreement, source_.log, entry, sources::pieces_of(key, c),
                          was_empty ? c.digest : c.replaces, compared_with_);
  }

  ledger::Ledger& ledger_;
  const LogSource& source_;
  const std::string& file_;
  const documents::OnProgress& progress_;
  std::uint64_t compared_with_ = 0;
  std::vector<record::ImportedFile> files_;
};

}  // namespace

Result<Imported> import_log(ledger::Ledger& ledger, const LogSource& source,
                            const std::string& file, const documents::OnProgress& progress) {
  constexpr int kMostTries = 10;
  for (int i = 0; i < kMostTries; ++i) {
    auto imported = Import(ledger, source, file, progress).run();
    if (!imported) return imported.error();
    if (*imported) return **std::move(imported);
  }
  return core::Error{
      "expected no other import for the agreement while the file is read, got one "
      "each time",
      file, "import it when the others are done"};
}

}  // namespace recoup::service
