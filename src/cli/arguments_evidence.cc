#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "sources/logs/format.h"

namespace recoup::cli {
namespace {

void add_format_options(CLI::App* command, sources::FormatOptions& options) {
  command
      ->add_option("--request-id", options.request_id,
                   "combined: the number of the field that holds the id of the server behind; from "
                   "1, a field is a word or stands in quotes or brackets")
      ->check(CLI::Range(1, 1'000));
  add_each_taken(
      command, "--field",
      [&options](const std::string& text) { return sources::add_field(options, text); },
      "json: the key that holds what is not found by itself, as in time=ts; may be given again");
  add_taken(
      command, "--time-zone",
      [&options](const std::string& name) { return sources::set_time_zone(options, name); },
      "json: of times without one: UTC, +05:30 or Europe/Zurich");
}

// What proves that files of CloudTrail are as they were signed.
void add_digest_options(CLI::App* command, ImportOptions& options) {
  auto* digests = command->add_option(
      "--digests", options.digests,
      "cloudtrail: the folder of its digest files; says which log files are as they were signed, "
      "and which hours are proven. What `aws s3api head-object` prints of the newest one, saved "
      "beside it as NAME.json.gz.head.json, has its signature");
  auto* keys = command->add_option(
      "--keys", options.keys,
      "the keys that sign them, as `aws cloudtrail list-public-keys` prints them; may be given "
      "again");
  keys->allow_extra_args(false);
  auto* accept = command->add_flag("--accept-changed", options.accept_changed,
                                   "import files, too, that are not as they were signed");
  digests->needs(keys);
  keys->needs(digests);
  accept->needs(digests);
}

void add_import(Commands& commands) {
  auto options = std::make_shared<ImportOptions>();
  auto* command =
      commands.add("import",
                   "Reads request logs into the ledger; lines that were read "
                   "before, with this file or another, change nothing",
                   "  recoup import cloudtrail/    for all agreements whose records are in it\n"
                   "  recoup import --format cloudtrail --digests CloudTrail-Digest/ --keys "
                   "keys.json CloudTrail/\n"
                   "  recoup import --agreement kms-us-east-1 access.log "
                   "'old/**/*.gz'\n"
                   "  zcat old.gz | recoup import --agreement kms-us-east-1 --dry-run -\n"
                   "  recoup import --agreement kms-us-east-1 --format json "
                   "--field status=response.code app.log",
                   options, import_files);
  add_config(command, options->config);
  command->add_option(
      "--agreement", options->agreement,
      "whose requests these are (default: of cloudtrail and csm all that a record fits)");
  command
      ->add_option("--format", options->format,
                   "told by the first lines (auto), cloudtrail, or " + sources::formats_in_words())
      ->capture_default_str();
  add_format_options(command, options->format_options);
  command->add_option("--log", options->log, "the name of the log source")->capture_default_str();
  add_parsed(command, "--from", options->from, core::parse_said_time, "leave out what is earlier");
  add_parsed(command, "--to", options->to, core::parse_said_time,
             "leave out this instant and what is later");
  add_digest_options(command, *options);
  command->add_flag("--dry-run", options->dry_run,
                    "only say what would become of it: nothing is kept");
  command
      ->add_option("--max-unpacked", options->max_unpacked,
                   "how much one packed file may hold, like 200GB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("64GB");
  command->add_flag("--strict", options->strict, "one malformed record is a failure");
  command->add_flag("--json", options->json, "what became of each file, and the sums");
  command
      ->add_option(
          "FILE", options->files,
          "plain, gzip, zstd, bzip2 or xz; folders of them; patterns like 'logs/**/*.gz'; - is "
          "standard input")
      ->required();
}

void add_query(Commands& commands) {
  auto options = std::make_shared<QueryOptions>();
  auto* command = commands.add(
      "query",
      "Asks ClickHouse, Prometheus or PostgreSQL once what `recoup run` asks them again and again",
      "  recoup query                                   all that is due, of all agreements\n"
      "  recoup query --agreement kms-us-east-1 --dry-run\n"
      "  recoup query --agreement kms-us-east-1 --from 2026-10-01T00:00:00Z "
      "--to 2026-11-01T00:00:00Z\n"
      "  recoup query --agreement kms-us-east-1 --show   the text that would be sent",
      options, query);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one's (default: all)");
  command->add_option("--query", options->query, "only the one of this id (default: all)");
  add_parsed(command, "--from", options->from, core::parse_said_time,
             "ask for all from here on anew (default: what is new and what may have come late)");
  add_parsed(command, "--to", options->to, core::parse_said_time,
             "up to this instant, not included (default: now)");
  command->add_flag("--show", options->show, "print what is sent, and ask nobody");
  command->add_flag("--dry-run", options->dry_run,
                    "only say what would become of it: nothing is kept");
  command->add_flag("--json", options->json, "as a JSON array");
}

void add_imports(Commands& commands) {
  auto options = std::make_shared<ImportsOptions>();
  auto* group = commands.add("imports", "Lists the log files that were read, or takes one back",
                             "  recoup imports --agreement kms-us-east-1\n"
                             "  recoup imports remove 3f0a1b2c4d5e",
                             options, imports);
  group->require_subcommand(0, 1);
  add_config(group, options->config);
  group->add_option("--agreement", options->agreement, "only this one's (default: all)");
  group->add_flag("--json", options->json, "as a JSON array");

  auto remove = std::make_shared<ImportsRemoveOptions>();
  auto* command =
      commands.add("remove", "Takes back what one file brought",
                   "  recoup imports remove 3f0a1b2c4d5e", remove, imports_remove, group);
  add_config(command, remove->config);
  command->add_option("--agreement", remove->agreement,
                      "only from this one (default: from all that have the file)");
  command->add_option("DIGEST", remove->digest, "the file's SHA-256, or how it begins")->required();
}

void add_assess(Commands& commands) {
  auto options = std::make_shared<AssessOptions>();
  auto* command = commands.add("assess", "Judges a billing cycle by its contract, exactly",
                               "  recoup assess --agreement kms-us-east-1 --month 2026-10 --json",
                               options, assess);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "the cycle: 2026-10, last or now (default: now, the running one)");
  command->add_flag("--json", options->json, "as a JSON array");
  command->add_option("--under", options->under,
                      "RULE or RULE@DATE: the same evidence by this contract as well; without a "
                      "date, the version in force in the month, else the newest");
}

void add_exclude(Commands& commands) {
  auto options = std::make_shared<ExcludeOptions>();
  auto* command = commands.add(
      "exclude", "Takes a time out of the measurement, lists such times, or takes one back",
      "  recoup exclude --agreement kms-us-east-1 --from 2026-10-03T02:00:00Z "
      "--to 2026-10-03T02:30:00Z --reason \"we disabled the key ourselves\"",
      options, exclude);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose time")->required();
  auto* from = add_parsed(command, "--from", options->from, core::parse_said_time,
                          "its begin, as 2026-10-03T02:00Z; without an offset by the billing "
                          "cycle's clock: 2026-10-03T02:00, 'yesterday 14:20', today");
  auto* to = add_parsed(command, "--to", options->to, core::parse_said_time,
                        "its end, not included, or now");
  auto* reason = command->add_option("--reason", options->reason, "why; the claim says it too");
  auto* remove =
      command->add_flag("--remove", options->remove, "take this one back")->excludes(reason);
  auto* list = command->add_flag("--list", options->list, "show all of the agreement");
  list->excludes(from, to, reason, remove);
  command->add_flag("--json", options->json, "of --list, as a JSON array")->needs(list);
}

core::Result<decltype(ExplainOptions::when)> parse_when(const std::string& text) {
  using When = decltype(ExplainOptions::when);
  if (const auto time = core::parse_said_time(text)) return When(*time);
  if (const auto month = core::parse_said_month(text)) return When(*month);
  return core::Error{"expected an instant, a day or a month, got '" + text +
                     "'; they are like 2026-10-03T02:01:00Z, 2026-10-03 and 2026-10, or yesterday, "
                     "'yesterday 14:20', 14:20, now, last"};
}

void add_explain(Commands& commands) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = commands.add(
      "explain",
      "Says why an interval counts as it does, or where the loss of a day or a month comes from",
      "  recoup explain --agreement kms-us-east-1 2026-10-03T02:01:00Z   that interval\n"
      "  recoup explain --agreement kms-us-east-1 2026-10-03             that day\n"
      "  recoup explain --agreement kms-us-east-1 2026-10 --top 5        that month\n"
      "  recoup explain --agreement kms-us-east-1 'yesterday 14:20'      by the cycle's clock",
      options, explain);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose intervals")->required();
  add_parsed(command, "WHEN", options->when, parse_when,
             "a time, a day or a month (or last), by the clock of the billing cycle where it "
             "has no offset")
      ->required();
  command->add_option("--top", options->top, "how many intervals, or records of evidence, to show")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "as JSON");
}

}  // namespace

void add_evidence_commands(Commands& commands) {
  add_import(commands);
  add_query(commands);
  add_imports(commands);
  add_assess(commands);
  add_explain(commands);
  add_exclude(commands);
}

}  // namespace recoup::cli
