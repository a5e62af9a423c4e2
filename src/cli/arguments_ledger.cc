#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace recoup::cli {
namespace {

void add_backup(Commands& commands) {
  auto options = std::make_shared<BackupOptions>();
  auto* command = commands.add(
      "backup", "Copies the ledger into one file, also while the service writes it",
      "  recoup backup /mnt/other-disk/recoup-2026-10.db\n"
      "  recoup backup --replace /mnt/other-disk/recoup.db      e.g. each night\n\n"
      "The copy is of one instant. It is looked through before its name is there, and then "
      "checked\n"
      "like the ledger itself (recoup ledger check). Of a ledger in PostgreSQL pg_dump makes one.",
      options, backup);
  add_config(command, options->config);
  command->add_flag("--replace", options->replace, "also where the file is there already");
  command->add_option("FILE", options->file, "that is written; its owner alone can read it")
      ->required();
}

void add_restore(Commands& commands) {
  auto options = std::make_shared<BackupOptions>();
  auto* command = commands.add(
      "restore", "Puts a copy in the ledger's place, while no service writes it",
      "  systemctl stop recoup\n"
      "  recoup restore --replace /mnt/other-disk/recoup-2026-10.db\n"
      "  systemctl start recoup\n\n"
      "What was there stays beside it as recoup.db.before-restore-1. The service then says that\n"
      "nothing was measured from the instant of the copy on; log files can be read again.",
      options, restore);
  add_config(command, options->config);
  command->add_flag("--replace", options->replace, "also where there is a ledger: it is kept");
  command->add_option("FILE", options->file, "that recoup backup wrote")->required();
}

void add_check(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<LedgerOptions>();
  auto* command = commands.add(
      "check", "Looks through all of it: file, tables, chains, counts, seals",
      "  recoup ledger check\n"
      "  recoup ledger check /mnt/other-disk/recoup-2026-10.db   a copy, which stays as it is",
      options, ledger_check, group);
  add_config(command, options->config);
  command->add_flag("--json", options->json, "what was found, by agreement");
  command->add_option("FILE", options->file, "a copy (default: the ledger of the settings)");
}

void add_size(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<LedgerOptions>();
  auto* command = commands.add("size", "Says how large it is: by table, agreement and month",
                               "  recoup ledger size\n  recoup ledger size --json", options,
                               ledger_size, group);
  add_config(command, options->config);
  command->add_flag("--json", options->json, "as JSON");
}

void add_tidy(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<LedgerTidyOptions>();
  auto* command =
      commands.add("tidy",
                   "Keeps the ledger small, as the service does by itself: days that are over are "
                   "folded, and evidence goes that no claim needs any more; lists what went",
                   "  recoup ledger tidy --dry-run   only says what would become of it\n"
                   "  recoup ledger tidy             beside a running service, too",
                   options, ledger_tidy, group);
  add_config(command, options->config);
  command->add_flag("--dry-run", options->dry_run, "only say what would become of it");
  command->add_flag("--json", options->json, "as JSON");
}

void add_export(Commands& commands) {
  auto options = std::make_shared<ExportOptions>();
  auto* command =
      commands.add("export",
                   "Writes the figures of billing cycles that are over, day by day with their "
                   "times, for Prometheus and Grafana to show years",
                   "  recoup export --openmetrics > months.om\n"
                   "  promtool tsdb create-blocks-from openmetrics months.om /var/lib/prometheus",
                   options, export_months);
  add_config(command, options->config);
  command->add_flag("--openmetrics", options->openmetrics, "as OpenMetrics 1.0")->required();
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  add_parsed(command, "--from", options->from, core::parse_month,
             "the first billing cycle (default: the first with anything in it)");
  add_parsed(command, "--to", options->to, core::parse_month,
             "the last one (default: the last that is over)");
}

}  // namespace

void add_copy_commands(Commands& commands) {
  add_backup(commands);
  add_restore(commands);
}

void add_ledger_commands(Commands& commands) {
  auto* group = commands.add_group(
      "ledger", "Looks after the ledger",
      "Example:\n  recoup ledger check\n  recoup ledger size\n  recoup ledger tidy");
  add_check(commands, group);
  add_size(commands, group);
  add_tidy(commands, group);
  add_export(commands);
}

}  // namespace recoup::cli
