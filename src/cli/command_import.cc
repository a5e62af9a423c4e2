#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/import_row.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/worth.h"
#include "core/classify.h"
#include "core/text.h"
#include "judge/beside.h"
#include "judge/judge.h"
#include "report/asides.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSaidOneByOne = 20;  // files; of more only what went wrong

// The files, and those in the folders, by name.
std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      files.push_back(path);
      continue;
    }
    const std::size_t first = files.size();
    for (const auto& entry : fs::recursive_directory_iterator(
             path, fs::directory_options::skip_permission_denied, ignored)) {
      if (entry.is_regular_file(ignored)) files.push_back(entry.path());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  }
  return files;
}

// Importing is one run of the command: what it is told goes to the right reader, and what became of
// it is said.
class Importing {
 public:
  Importing(const ImportOptions& options, const config::Settings& settings, ledger::Ledger& ledger,
            const config::AgreementSettings* agreement)
      : options_(options), settings_(settings), ledger_(ledger), agreement_(agreement) {}

  Exit run() {
    const std::vector<std::string> files = files_of(options_.files);
    is_brief_ = options_.json || files.size() > kSaidOneByOne;
    std::vector<std::string> trails, logs;
    for (const std::string& file : files) {
      (is_trail(file) ? trails : logs).push_back(file);
    }
    if (!trails.empty()) read_trails(trails);
    if (!logs.empty()) read_logs(logs);
    finish();
    return exit_;
  }

 private:
  bool is_trail(const std::string& file) const {
    if (options_.format != sources::kAutoFormat) return options_.format == sources::kTrailFormat;
    std::error_code ignored;  // what can be read once is not looked at before
    return fs::is_regular_file(file, ignored) && sources::looks_like_trail(file);
  }

  void fail(const core::Error& error, Exit exit) { exit_ = std::max(exit_, complain(error, exit)); }

  void read_trails(const std::vector<std::string>& files) {
    service::TrailImport import;
    import.worth = config::worth_a_record(settings_);
    import.only = {options_.from.value_or(core::Instant()), options_.to.value_or(core::kOpenEnd)};
    import.keeps = !options_.dry_run;
    for (const config::AgreementSettings& each : settings_.agreements) {
      const bool is_meant = agreement_ == nullptr || &each == agreement_;
      if (is_meant && service::can_have_trail(each))
        import.targets.push_back({&each, options_.log});
    }
    if (import.targets.empty()) {
      return fail({"expected an agreement whose contract names the service in CloudTrail, got none",
                   agreement_ == nullptr ? "" : agreement_->agreement.id,
                   "`recoup rules show ID` says what a rule knows; nothing was kept"},
                  kWrongWords);
    }
    ProgressLine progress("reading");
    const auto done = service::import_trail(
        ledger_, service::system_world(), import, files,
        [&](const service::TrailFileRead& read) {
          progress.show(++read_, files.size());
          if (!read.content) return fail(read.content.error(), kCouldNot);
          rows_.push_back(row_of(read));
          if (!is_brief_ || read.content->malformed > 0) tell(read.file, in_words(read));
        },
        nullptr);
    if (!done) fail(done.error(), kCouldNot);
  }

  void read_logs(const std::vector<std::string>& files) {
    if (agreement_ == nullptr) {
      if (std::error_code ignored; !fs::exists(files.front(), ignored)) {
        return fail({"expected a file or a folder, got none of that name", files.front()},
                    kCouldNot);
      }
      return fail({fmt::format("expected --agreement, since the lines of {} do not say whose "
                               "requests they are",
                               files.front()),
                   "", "give one with --agreement ID; CloudTrail alone is sorted by itself"},
                  kWrongWords);
    }
    if (options_.dry_run || options_.from || options_.to) {
      return fail(
          {fmt::format("expected CloudTrail for --dry-run, --from and --to, got {}", files.front()),
           "", "logs of lines are read as a whole"},
          kWrongWords);
    }
    const core::Version& version = agreement_->rule->versions.back();
    const service::LogSource source{agreement_->agreement.id,
                                    options_.log,
                                    options_.format,
                                    config::worth_a_record(settings_),
                                    options_.format_options,
                                    service::SystemClock().wall(),
                                    [&version](const core::Outcome& outcome) {
                                      return core::classify(version, outcome).verdict ==
                                             core::Verdict::error;
                                    }};
    for (const std::string& file : files) {
      const FileRead read = read_file(ledger_, source, file);
      if (read.exit != kDone) {
        fail(read.error, read.exit);
        continue;
      }
      rows_.push_back(row_of(file, *read.imported, *agreement_));
      if (!is_brief_ || rows_.back().malformed > 0) tell(file, read.words);
    }
  }

  void tell(const std::string& file, const std::string& words) const {
    if (!options_.json) say(fmt::format("{}: {}", file, words));
  }

  void finish() {
    const ImportRow total = total_of(rows_);
    if (total.malformed * 10 > total.records || (options_.strict && total.malformed > 0)) {
      fail({fmt::format("expected {}, got {} malformed records of {}",
                        options_.strict ? "none malformed" : "a tenth malformed at most",
                        core::grouped(total.malformed), core::grouped(total.records)),
            "", "what could be read was counted; see `--format`"},
           kCouldNot);
    }
    if (options_.json) {
      say(import_json(rows_));
      return;
    }
    if (rows_.size() > 1) say_total(total);
    if (options_.dry_run) say("nothing was kept: --dry-run");
    for (const ImportRow::Touched& touched : total.touched) say_months(touched);
    if (total.is_new) say("taken back again by: recoup imports remove DIGEST (see recoup imports)");
  }

  void say_total(const ImportRow& total) const {
    std::string text = fmt::format(
        "{} files: {} Requests, {} Errors, {} by AWS services, {} known before, "
        "{} malformed",
        rows_.size(), core::grouped(total.requests), core::grouped(total.errors),
        core::grouped(total.indirect), core::grouped(total.duplicates),
        core::grouped(total.malformed));
    if (!total.span.empty()) {
      text += fmt::format("; from {} to {}", core::to_text(total.span.begin),
                          core::to_text(total.span.end));
    }
    say(text);
  }

  // What the months came to that got something new.
  void say_months(const ImportRow::Touched& touched) const {
    const auto* agreement = settings_.find(touched.agreement);
    const core::Instant now = service::SystemClock().wall();
    core::Instant at = touched.span.begin;
    while (agreement != nullptr && at < touched.span.end) {
      const auto month = judge::month_at(*agreement, at);
      if (!month) return say(fmt::format("  {}: {}", touched.agreement, month.error().message));
      const auto terms = judge::cycle_terms(*agreement, *month);
      if (!terms) {
        say(fmt::format("  {} {}: not judged: {}", touched.agreement, core::to_text(*month),
                        terms.error().message));
        return;
      }
      const auto judgement =
          judge::judge(ledger_, *agreement, *terms, std::optional<core::Charge>(), now);
      if (judgement) say_month(touched.agreement, judgement->assessment);
      at = terms->cycle.span.end;
    }
  }

  static void say_month(const std::string& agreement, const core::Assessment& a) {
    say(month_words(agreement, a));
    for (const core::Comparison& one : a.comparisons) {
      say(fmt::format("    the log {} is compared and not counted: alike in {} of {}", one.log,
                      core::grouped(one.alike), core::counted(one.intervals(), "interval")));
    }
    for (const core::Overlap& one : a.overlaps) say("    " + wrapped(report::overlap_words(one)));
  }

  static std::string month_words(const std::string& agreement, const core::Assessment& a) {
    const std::string month = fmt::format("  {} {}: ", agreement, core::to_text(a.cycle.month));
    if (!a.is_measured()) return month + "not measured: nothing that was read counts as a Request";
    return month + fmt::format("uptime {}, by Requests in {} of {} intervals",
                               brief_percent(a.uptime), core::grouped(a.totals.measured),
                               core::grouped(a.parts.size()));
  }

  const ImportOptions& options_;
  const config::Settings& settings_;
  ledger::Ledger& ledger_;
  const config::AgreementSettings* agreement_;  // null: all that a record fits
  bool is_brief_ = false;
  std::uint64_t read_ = 0;
  std::vector<ImportRow> rows_;
  Exit exit_ = kDone;
};

// What is only looked at leaves no ledger behind, and programs read nothing but JSON.
core::Result<std::unique_ptr<ledger::Ledger>> open_for(const ImportOptions& options,
                                                       const config::Settings& settings) {
  if (options.dry_run) return ledger::open_ledger("sqlite::memory:");
  if (options.json) {
    auto ledger = ledger::open_ledger(settings.ledger, ledger::Missing::make);
    if (!ledger) return ledger;
    if (auto done = judge::note_compared(**ledger, settings); !done) return done.error();
    return ledger;
  }
  return open(settings, ledger::Missing::make);
}

}  // namespace

Exit import_files(const ImportOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const config::AgreementSettings* agreement = nullptr;
  if (!options.agreement.empty()) {
    const auto picked = pick(*settings, options.agreement);
    if (!picked) return complain(picked.error(), kWrongWords);
    agreement = *picked;
  }
  warn_of_doubles(*settings, options.agreement);
  const auto ledger = open_for(options, *settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  return Importing(options, *settings, **ledger, agreement).run();
}

}  // namespace recoup::cli
