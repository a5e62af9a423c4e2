#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/import_digests.h"
#include "cli/import_meter.h"
#include "cli/import_row.h"
#include "cli/input_files.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/worth.h"
#include "core/classify.h"
#include "core/text.h"
#include "judge/beside.h"
#include "judge/judge.h"
#include "report/asides.h"
#include "rules/error_reader.h"
#include "service/system_world.h"
#include "sources/logs/formats/csm.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSaidOneByOne = 20;  // files; of more only what went wrong

// Of all of them as they lie; 0 where one has no length of its own, as a pipe has none.
std::uint64_t size_of(const std::vector<documents::InputFile>& files) {
  std::uint64_t all = 0;
  for (const documents::InputFile& file : files) {
    std::error_code failed;
    const std::uintmax_t size = fs::file_size(file.path, failed);
    if (failed) return 0;
    all += size;
  }
  return all;
}

// Importing is one run of the command: what it is told goes to the right reader, and what became of
// it is said.
class Importing {
 public:
  Importing(const ImportOptions& options, const config::Settings& settings, ledger::Ledger& ledger,
            const config::AgreementSettings* agreement,
            const std::vector<documents::InputFile>& files, ImportDigests* digests,
            const core::Interval& only)
      : options_(options),
        settings_(settings),
        ledger_(ledger),
        agreement_(agreement),
        files_(files),
        digests_(digests),
        only_(only),
        meter_(clock_, size_of(files)) {}

  Exit run() {
    is_brief_ = options_.json || files_.size() > kSaidOneByOne;
    std::vector<documents::InputFile> trails, sdks, logs;
    for (const documents::InputFile& file : files_) {
      if (digests_ != nullptr && sources::is_of_digests(file)) continue;
      (is_of(sources::kTrailFormat, file) ? trails
       : is_of(sources::kSdkFormat, file) ? sdks
                                          : logs)
          .push_back(file);
    }
    if (digests_ != nullptr) {
      std::erase_if(trails, [this](const auto& file) { return !digests_->admits(file); });
    }
    if (!trails.empty()) read_trails(trails);
    if (digests_ != nullptr) {
      if (auto done = ledger_.keep_digests(digests_->evidence()); !done) {
        fail(done.error(), kCouldNot);
      }
    }
    for (const documents::InputFile& file : sdks) read_sdk_log(file);
    if (!logs.empty()) read_logs(logs);
    finish();
    return exit_;
  }

 private:
  // Whether the file is of one of the two formats whose records say whose they are.
  bool is_of(std::string_view format, const documents::InputFile& file) const {
    if (options_.format != sources::kAutoFormat) return options_.format == format;
    std::error_code ignored;  // what can be read once is not looked at before
    if (!fs::is_regular_file(file.path, ignored)) return false;
    return format == sources::kTrailFormat ? sources::looks_like_trail(file)
                                           : sources::looks_like_sdk_log(file);
  }

  void fail(const core::Error& error, Exit exit) {
    meter_.clear();
    exit_ = std::max(exit_, complain(error, exit));
  }

  documents::UnpackLimit limit() const { return {options_.max_unpacked, "--max-unpacked"}; }

  // How far the reading of a file is, or of some, behind which so much was read.
  service::OnImportProgress meter(std::string what) {
    return [this, what = std::move(what)](const service::ImportProgress& so_far) {
      meter_.show(what, {read_.bytes + so_far.bytes.read, read_.records + so_far.records,
                         read_.errors + so_far.errors});
    };
  }

  void was_read(const documents::InputFile& file, const ImportRow& row) {
    rows_.push_back(row);
    read_.bytes += size_of({file});
    read_.records += row.records;
    read_.errors += row.errors;
  }

  void read_trails(const std::vector<documents::InputFile>& files) {
    service::TrailImport import;
    import.worth = config::worth_a_record(settings_);
    import.only = only_;
    import.limit = limit();
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
    // Bytes and records are of all files; Errors are known when a file is in the ledger.
    const auto done = service::import_trail(
        ledger_, service::system_world(), import, files,
        [&](const service::TrailFileRead& read) {
          if (!read.content) return fail(read.content.error(), kCouldNot);
          if (read.read_in_part) return fail(*read.read_in_part, kCouldNot);
          rows_.push_back(row_of(read));
          if (digests_ != nullptr) rows_.back().signed_as = digests_->says_of(read.content->digest);
          read_.errors += rows_.back().errors;
          if (!is_brief_ || read.content->malformed > 0) tell(read.file, in_words(read));
        },
        meter(fmt::format("{} files", files.size())));
    if (!done) fail(done.error(), kCouldNot);
    read_.bytes = size_of(files);
    for (const ImportRow& row : rows_) read_.records += row.records;
  }

  void read_logs(const std::vector<documents::InputFile>& files) {
    if (agreement_ == nullptr) {
      if (std::error_code ignored; !fs::exists(files.front().path, ignored)) {
        return fail({"expected a file or a folder, got none of that name", files.front().name},
                    kCouldNot);
      }
      return fail({fmt::format("expected --agreement, since the lines of {} do not say whose "
                               "requests they are",
                               files.front().name),
                   "",
                   "give one with --agreement ID; CloudTrail and what SDKs report are sorted by "
                   "themselves"},
                  kWrongWords);
    }
    for (const documents::InputFile& file : files) {
      if (const auto row = read_log(*agreement_, file, file.name)) was_read(file, *row);
    }
  }

  // Each agreement counts what is its own of the file.
  void read_sdk_log(const documents::InputFile& file) {
    const auto takers = takers_of(file);
    if (!takers) return fail(takers.error(), kCouldNot);
    std::vector<ImportRow> parts;
    for (const config::AgreementSettings* taker : *takers) {
      const std::string told = fmt::format("{}: {}", file.name, taker->agreement.id);
      if (auto row = read_log(*taker, file, told)) parts.push_back(*std::move(row));
    }
    if (!parts.empty()) was_read(file, sum_of_file(parts));
  }

  // Whose attempts the file has: those of a service and Region are one agreement's.
  core::Result<std::vector<const config::AgreementSettings*>> takers_of(
      const documents::InputFile& file) const {
    std::vector<const config::AgreementSettings*> takers;
    if (agreement_ != nullptr) return std::vector{agreement_};
    const auto subjects = sources::sdk_subjects(file, limit());
    if (!subjects) return subjects.error();
    for (const sources::SdkSubject& subject : *subjects) {
      const config::AgreementSettings* taker = nullptr;
      for (const config::AgreementSettings& each : settings_.agreements) {
        if (!sources::wants(subjects_of(each), subject)) continue;
        if (taker != nullptr) return two_want(file, subject, *taker, each);
        taker = &each;
      }
      if (taker == nullptr || std::find(takers.begin(), takers.end(), taker) != takers.end()) {
        continue;
      }
      takers.push_back(taker);
    }
    if (!takers.empty()) return takers;
    return core::Error{"expected attempts of a service and Region of some agreement, got none",
                       file.name, "`services` of an [[agreement.log]] names what SDKs call it"};
  }

  static core::Error two_want(const documents::InputFile& file, const sources::SdkSubject& subject,
                              const config::AgreementSettings& one,
                              const config::AgreementSettings& other) {
    return {fmt::format("expected --agreement, since attempts of {} in {} could be of {} and of {}",
                        subject.service, subject.region.empty() ? "no Region" : subject.region,
                        one.agreement.id, other.agreement.id),
            file.name,
            "or tell them apart by the AWS_CSM_CLIENT_ID of the processes: `clients` in the "
            "[[agreement.log]] of each"};
  }

  static std::vector<sources::SdkSubjects> subjects_of(const config::AgreementSettings& agreement) {
    return config::sdk_subjects(agreement.logs, *agreement.rule, agreement.agreement.region);
  }

  // What became of a file of lines for the agreement; nothing where it could not be read.
  std::optional<ImportRow> read_log(const config::AgreementSettings& agreement,
                                    const documents::InputFile& file, const std::string& told) {
    const core::Version& version = agreement.rule->versions.back();
    if (version.times_counted() > 1 && !names_resource(agreement)) {
      fail({fmt::format("expected the --log of one of {}, got '{}': {} sums their time, and of "
                        "which of them a request is has to be known",
                        core::listed(version.resources, "and"), options_.log, agreement.rule->id),
            file.name,
            fmt::format("write [[agreement.log]] with id = \"{}\" and resource = \"…\" in {}, one "
                        "for each",
                        options_.log, options_.config)},
           kWrongWords);
      return std::nullopt;
    }
    service::LogSource source{agreement.agreement.id, options_.log, options_.format,
                              config::worth_a_record(settings_), options_.format_options};
    source.options.subjects = subjects_of(agreement);
    source.options.late_after = rules::late_after(*agreement.rule);
    source.now = clock_.wall();
    source.is_error = [&version](const core::Outcome& outcome) {
      return core::classify(version, outcome).verdict == core::Verdict::error;
    };
    source.limit = limit();
    source.only = only_;
    const FileRead read = read_file(ledger_, source, file, meter(file.name));
    if (read.exit != kDone) {
      fail(read.error, read.exit);
      return std::nullopt;
    }
    ImportRow row = row_of(file.name, *read.imported, agreement);
    if (!is_brief_ || row.malformed > 0) tell(told, read.words);
    return row;
  }

  // Whether the settings say of which resource the log is.
  bool names_resource(const config::AgreementSettings& agreement) const {
    return std::any_of(agreement.logs.begin(), agreement.logs.end(), [&](const auto& log) {
      return log.id == options_.log && !log.resource.empty();
    });
  }

  void tell(const std::string& file, const std::string& words) {
    if (options_.json) return;
    meter_.clear();
    say(fmt::format("{}: {}", file, words));
  }

  void finish() {
    meter_.clear();
    const ImportRow total = total_of(rows_);
    if (total.malformed * 10 > total.records || (options_.strict && total.malformed > 0)) {
      fail({fmt::format("expected {}, got {} malformed records of {}",
                        options_.strict ? "none malformed" : "a tenth malformed at most",
                        core::grouped(total.malformed), core::grouped(total.records)),
            "", "what could be read was counted; see `--format`"},
           kCouldNot);
    }
    if (digests_ != nullptr) {
      for (const core::Error& error : digests_->errors()) fail(error, kCouldNot);
    }
    if (options_.json) return say_json();
    if (rows_.size() > 1) say_total(total);
    if (digests_ != nullptr) {
      for (const std::string& line : digests_->in_words()) say(line);
    }
    if (const std::string words = requests_in_words(total); total.is_new && !words.empty()) {
      say("  " + words);
    }
    for (const ImportRow::Touched& touched : total.touched) say_months(touched);
    if (options_.dry_run) return say("nothing was kept: --dry-run");
    if (total.is_new) say("taken back again by: recoup imports remove DIGEST (see recoup imports)");
  }

  void say_json() const {
    if (digests_ == nullptr) return say(import_json(rows_, nullptr));
    std::vector<ImportRow> rows = rows_;
    const std::vector<ImportRow> rest = digests_->rows_of_the_rest();
    rows.insert(rows.end(), rest.begin(), rest.end());
    const report::Json digests = digests_->json();
    say(import_json(rows, &digests));
  }

  void say_total(const ImportRow& total) const {
    std::string text = fmt::format(
        "{} files: {} Requests, {} Errors, {} by AWS services, {} known before, "
        "{} malformed",
        rows_.size(), core::grouped(total.requests), core::grouped(total.errors),
        core::grouped(total.indirect), core::grouped(total.duplicates),
        core::grouped(total.malformed));
    say(text);
  }

  // What the months came to that got something new; of a dry run, what they would.
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
    for (const core::Overlap& one : a.overlaps) say(aside(report::overlap_words(one), 4));
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
  const std::vector<documents::InputFile>& files_;
  ImportDigests* digests_;     // null: nobody asks them
  const core::Interval only_;  // what lies outside is left out
  const service::SystemClock clock_;
  ImportMeter meter_;
  ImportMeter::Progress read_;  // of files that are done
  bool is_brief_ = false;
  std::vector<ImportRow> rows_;
  Exit exit_ = kDone;
};

// From when to when lines are read.
core::Result<core::Interval> span_of(const ImportOptions& options,
                                     const config::Settings& settings) {
  const core::Instant now = service::SystemClock().wall();
  std::vector<std::string> agreements;
  if (!options.agreement.empty()) agreements.push_back(options.agreement);
  core::Interval span{core::Instant(), core::kOpenEnd};
  if (options.from) {
    const auto from = instant_of(settings, agreements, *options.from, now);
    if (!from) return from.error();
    span.begin = *from;
  }
  if (options.to) {
    const auto to = instant_of(settings, agreements, *options.to, now);
    if (!to) return to.error();
    span.end = *to;
  }
  return span;
}

// What is only looked at leaves the ledger as it is, and programs read nothing but JSON.
core::Result<std::unique_ptr<ledger::Ledger>> open_for(const ImportOptions& options,
                                                       const config::Settings& settings) {
  if (options.dry_run) return ledger::open_copy(settings.ledger);
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
  const auto only = span_of(options, *settings);
  if (!only) return complain(only.error(), kWrongWords);
  warn_of_doubles(*settings, options.agreement);
  const auto input = InputFiles::of(options.files);
  if (!input) return complain(input.error(), kCouldNot);
  std::optional<ImportDigests> digests;
  if (!options.digests.empty()) {
    auto checked = ImportDigests::of(options);
    if (!checked) return complain(checked.error(), kCouldNot);
    digests.emplace(*std::move(checked));
  }
  const auto ledger = open_for(options, *settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  ImportDigests* const asked = digests ? &*digests : nullptr;
  return Importing(options, *settings, **ledger, agreement, input->files(), asked, *only).run();
}

}  // namespace recoup::cli
