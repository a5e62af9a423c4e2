#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace recoup::cli {
namespace {

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

void add_ledger_commands(Commands& commands) {
  auto* group = commands.add_group("ledger", "Looks after the ledger", "  recoup ledger tidy");
  add_tidy(commands, group);
  add_export(commands);
}

}  // namespace recoup::cli
