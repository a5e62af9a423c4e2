#include "service/import.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "documents/whole_file.h"
#include "sources/logs/format.h"
#include "sources/logs/known_runs.h"

namespace recoup::service {
namespace {

using core::Result;

// Import is the reading of one file as the ledger is at one instant.
class Import {
 public:
  Import(ledger::Ledger& ledger, const LogSource& source, const documents::InputFile& file,
         const OnImportProgress& progress)
      : ledger_(ledger), source_(source), file_(file), progress_(progress) {}

  // Nothing where another import came between.
  Result<std::optional<Imported>> run() {
    if (const auto seen = look(); !seen) return seen.error();
    const auto same = find_same_bytes();
    if (!same) return same.error();
    if (*same) return known_by_bytes(**same);
    auto content = read({});
    if (!content) return content.error();
    Imported imported;
    imported.content = *std::move(content);
    imported.known = imported.content.records.prints().size();
    describe(imported);
    if (const auto found = look_for(imported.content); !found) return found.error();
    if (imported.known == 0) return std::optional(std::move(imported));
    if (const auto* known = find_known(imported.content)) {
      if (!covers(known->only)) return read_in_part(file_.name, known->digest, known->only);
      return std::optional(std::move(imported));
    }

    const auto before = read_before(imported.content);
    if (!before) return before.error();
    if (before->spans.empty() && before->alike >= kWorthAWord) {
      imported.alike = before->alike;
      imported.alike_in = before->alike_in;
    }
    if (is_all(before->spans, imported.content)) return std::optional(std::move(imported));
    // A file whose place this one takes is gone with all that it brought.
    const auto keys =
        known_keys(ledger_, source_.agreement, imported.content, imported.content.replaces);
    if (!keys) return keys.error();
    if (!keys->empty()) imported.alike = 0;
    if (!before->spans.empty() || !keys->empty()) {
      auto rest = read_again(before->spans, *keys, imported.content.digest);
      if (!rest) return rest.error();
      // What is left says nothing of the file as a whole.
      if (rest->read_before == imported.known) return std::optional(std::move(imported));
      imported.content = *std::move(rest);
      imported.content.keys.finish();
    }
    describe(imported);
    const auto added = add(imported, before->spans);
    if (!added) return added.error();
    if (!*added) return std::optional<Imported>();
    imported.new_to_ledger = true;
    imported.known = 0;
    return std::optional(std::move(imported));
  }

 private:
  static constexpr std::uint64_t kWorthAWord = 64;

  // What the ledger knows, as of last_import().
  Result<void> look() {
    const auto last = ledger_.last_import(source_.agreement);
    if (!last) return last.error();
    compared_with_ = *last;
    auto files = ledger_.short_files(source_.agreement, sources::kShortestRun);
    if (!files) return files.error();
    short_ = *std::move(files);
    return {};
  }

  // What the ledger knows of files like that one.
  Result<void> look_for(sources::LogContent& content) {
    const sources::LinePrints& lines = content.records;
    auto files = ledger_.files_alike(source_.agreement, content.digest, lines.prints().size(),
                                     lines.identity());
    if (!files) return files.error();
    alike_ = *std::move(files);
    content.known |=
        std::any_of(alike_.begin(), alike_.end(), [&](const record::ImportedFile& one) {
          return one.digest == content.digest && !nothing_was_read(one);
        });
    return {};
  }

  // Versions that kept no lines remembered such files, and knew them as read.
  static bool nothing_was_read(const record::ImportedFile& file) {
    return file.records == 0 && file.requests == 0 && file.own == 0;
  }

  bool covers(const core::Interval& read) const {
    return read.begin <= source_.only.begin && source_.only.end <= read.end;
  }

  // The file that was read before and is the same as it lies; nothing where there is none. Only one
  // of the same length is worth reading all of this one.
  Result<std::optional<record::ImportedFile>> find_same_bytes() const {
    std::optional<record::ImportedFile> found;
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(file_.path, failed);
    if (failed) return found;
    const auto files = ledger_.files_of_size(source_.agreement, size);
    if (!files) return files.error();
    std::string digest;
    for (const record::ImportedFile& one : *files) {
      const bool is_packed = !one.packed_digest.empty();
      if (one.records == 0) continue;
      if (digest.empty()) {
        auto read = documents::digest_as_it_lies(file_);
        if (!read) return read.error();
        digest = *std::move(read);
      }
      if (digest == (is_packed ? one.packed_digest : one.digest)) found = one;
    }
    return found;
  }

  Result<std::optional<Imported>> known_by_bytes(const record::ImportedFile& one) const {
    if (!covers(one.only)) return read_in_part(file_.name, one.digest, one.only);
    std::optional<Imported> imported(std::in_place);
    imported->known = one.records;
    imported->content.digest = one.digest;
    if (const auto* format = sources::find_format(one.format)) {
      imported->content.format = format->name;
    }
    imported->content.lines = one.lines;
    imported->content.requests = one.requests;
    imported->content.malformed = one.malformed;
    imported->content.own = one.own;
    imported->errors = one.errors;
    imported->span = one.span;
    imported->content.known = true;
    return imported;
  }

  std::uint64_t errors_of(const sources::LogContent& content) const {
    if (!source_.is_error) return 0;
    std::uint64_t errors = 0;
    const auto& outcomes = content.counts.outcomes().all();
    for (std::size_t id = 0; id < outcomes.size(); ++id) {
      const auto total = content.counts.total(static_cast<core::OutcomeTable::Id>(id));
      if (total > 0 && source_.is_error(outcomes[id])) errors += total;
    }
    return errors;
  }

  Result<sources::LogContent> read(const std::vector<sources::RecordSpan>& left_out,
                                   const sources::KnownKeys& keys = {}) const {
    std::vector<sources::KnownFile> known;
    for (const record::ImportedFile& one : short_) {
      if (!nothing_was_read(one)) known.push_back({one.digest, one.bytes});
    }
    sources::LogReading reading{source_.format, std::move(known), left_out, source_.worth};
    if (progress_) {
      reading.progress = [this](const documents::Progress& bytes, const auto& content) {
        progress_({bytes, content.requests, errors_of(content)});
      };
    }
    reading.options = source_.options;
    reading.limit = source_.limit;
    reading.only = source_.only;
    reading.known_keys = keys;
    return sources::read_log(file_, reading);
  }

  Result<sources::LogContent> read_again(const std::vector<sources::RecordSpan>& left_out,
                                         const sources::KnownKeys& keys,
                                         const std::string& digest) const {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file_.path, ignored)) {
      return core::Error{
          "expected a file, since some of these lines were read before and it must "
          "be read twice to tell which are new; got what can be read once",
          file_.name, "write it to a file and import that"};
    }
    auto content = read(left_out, keys);
    if (content && content->digest != digest) {
      return core::Error{
          "expected a file that stays as it is, got other lines when it was read "
          "again to leave out those that were read before",
          file_.name, "import it again"};
    }
    return content;
  }

  // The file that was read before and has the same content, or the same records; null where there
  // is none.
  const record::ImportedFile* find_known(const sources::LogContent& content) const {
    const auto is_same = [&](const record::ImportedFile& one) {
      const bool has_same_records = one.format == content.format &&
                                    one.records == content.records.prints().size() &&
                                    one.identity == content.records.identity();
      return has_same_records || (one.digest == content.digest && !nothing_was_read(one));
    };
    const auto found = std::find_if(alike_.begin(), alike_.end(), is_same);
    return found == alike_.end() ? nullptr : &*found;
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
    for (const record::ImportedFile& one : short_) {
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
  void describe(Imported& imported) const {
    const sources::LogContent& content = imported.content;
    imported.errors = errors_of(content);
    imported.span = {};
    if (content.requests == 0) return;
    imported.span = {core::minute_of(content.first),
                     core::minute_of(content.last) + std::chrono::minutes(1)};
  }

  Result<bool> add(const Imported& imported, const std::vector<sources::RecordSpan>& before) {
    const sources::LogContent& c = imported.content;
    record::ImportedFile entry{c.digest,   c.bytes,     file_.name, c.lines,
                               c.requests, c.malformed, c.own};
    entry.read_before = c.read_before;
    entry.format = c.format;
    entry.records = c.records.prints().size();
    entry.identity = c.records.identity();
    entry.runs = runs_of(c, before);
    for (const auto& [hour, keys] : c.keys.hours()) {
      entry.keys.push_back({hour, sources::LineKeys::bytes_of(keys)});
    }
    entry.log = source_.log;
    entry.read = source_.now;
    entry.packed_digest = c.packed.digest;
    entry.packed_bytes = c.packed.bytes;
    if (c.outside > 0) entry.only = source_.only;
    const sources::Format* format = sources::find_format(c.format);
    if (format->by_processes) entry.kind = record::SeriesKind::sdk;
    entry.errors = imported.errors;
    entry.span = imported.span;
    const bool was_empty =
        std::any_of(alike_.begin(), alike_.end(), [&](const record::ImportedFile& one) {
          return one.digest == c.digest && nothing_was_read(one);
        });
    const record::SeriesKey key{source_.agreement, entry.kind, source_.log, c.digest};
    return ledger_.import(source_.agreement, source_.log, entry, sources::pieces_of(key, c),
                          was_empty ? c.digest : c.replaces, compared_with_);
  }

  ledger::Ledger& ledger_;
  const LogSource& source_;
  const documents::InputFile& file_;
  const OnImportProgress& progress_;
  std::uint64_t compared_with_ = 0;
  std::vector<record::ImportedFile> short_;  // files that are not found by runs of lines
  std::vector<record::ImportedFile> alike_;  // files that may be this one
};

}  // namespace

Result<sources::KnownKeys> known_keys(ledger::FileStore& ledger, const std::string& agreement,
                                      sources::LogContent& content, const std::string& except) {
  std::vector<sources::LineKey> repeated = content.keys.finish();
  std::vector<sources::LineKey> known;
  for (const auto& [hour, keys] : content.keys.hours()) {
    const auto add = [&found = keys, &known](std::string_view bytes) {
      sources::LineKeys::find_known(found, bytes, known);
    };
    const auto done = ledger.line_keys(agreement, std::string(content.format), hour, except, add);
    if (!done) return done.error();
  }
  return sources::KnownKeys(std::move(known), std::move(repeated));
}

core::Error read_in_part(const std::string& file, const std::string& digest,
                         const core::Interval& part) {
  constexpr std::size_t kShown = 12;  // of a digest
  const std::string until =
      part.end == core::kOpenEnd ? "on" : fmt::format("to {}", core::to_text(part.end));
  return {fmt::format("expected a file of which nothing was read, got one that was read from {} {} "
                      "alone",
                      core::to_text(part.begin), until),
          file,
          fmt::format("take it back with `recoup imports remove {}` and import all that is wanted "
                      "of it at once",
                      digest.substr(0, kShown))};
}

Result<Imported> import_log(ledger::Ledger& ledger, const LogSource& source,
                            const documents::InputFile& file, const OnImportProgress& progress) {
  constexpr int kMostTries = 10;
  for (int i = 0; i < kMostTries; ++i) {
    auto imported = Import(ledger, source, file, progress).run();
    if (!imported) return imported.error();
    if (*imported) return **std::move(imported);
  }
  return core::Error{
      "expected no other import for the agreement while the file is read, got one "
      "each time",
      file.name, "import it when the others are done"};
}

}  // namespace recoup::service
