#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command_line.h"

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

}  // namespace

void add_copy_commands(Commands& commands) {
  add_backup(commands);
  add_restore(commands);
}

void add_ledger_commands(Commands& commands) {
  auto* group = commands.add_group("ledger", "Looks after the ledger",
                                   "Example:\n  recoup ledger check\n  recoup ledger size");
  add_check(commands, group);
  add_size(commands, group);
}

}  // namespace recoup::cli
