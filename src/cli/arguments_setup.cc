#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/log_format.h"
#include "cli/provider_settings.h"
#include "rules/uses.h"

namespace recoup::cli {
namespace {

core::Result<record::Role> parse_role(const std::string& text) {
  if (const auto role = record::parse_role(text)) return *role;
  return core::Error{"expected prober, judge or all, got '" + text + "'"};
}

void add_demo(Commands& commands) {
  auto options = std::make_shared<DemoOptions>();
  auto* command = commands.add("demo",
                               "Shows everything on this machine without an account: a practice "
                               "provider with faults, last month's request log and its claim, the "
                               "service on top",
                               "  recoup demo --for 30s", options, demo);
  command->add_option("DIR", options->folder, "where to keep it (default: recoup-demo)");
  command->add_option("--port", options->port, "where the service listens; 0: any free port")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  add_parsed(command, "--for", options->duration, core::parse_duration,
             "stop after this time, like 30s (default: at Ctrl-C)");
}

void add_init(Commands& commands) {
  auto options = std::make_shared<InitOptions>();
  auto* command = commands.add("init",
                               "Writes a commented recoup.toml for a contract (default: aws-kms) "
                               "and says what to do next; or shows the contracts for what you use",
                               "  recoup init /etc/recoup\n"
                               "  recoup init --provider google\n"
                               "  recoup init --for storage --provider tencent\n"
                               "  recoup init --sla tencent-cos-standard",
                               options, init);
  command->add_option("DIR", options->folder, "where to write it (default: here)");
  command->add_option("--for", options->use,
                      "show the contracts for one use: " + rules::all_use_ids());
  command->add_option("--provider", options->provider,
                      start_names() +
                          ": begin with a contract of it, a probe and its credentials (http: any "
                          "endpoint); with --for, or another one: the contracts of it alone");
  command->add_option("--sla", options->sla, "the contract to begin with: RULE");
}

void add_check(Commands& commands) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = commands.add("check",
                               "Validates the settings; says what will be probed, how often, "
                               "and what loss that can show",
                               "  recoup check --config recoup.toml", options, check);
  add_config(command, options->config);
  command->add_flag("--json", options->json, "the same as JSON");
}

void add_doctor(Commands& commands) {
  auto options = std::make_shared<DoctorOptions>();
  auto* command = commands.add(
      "doctor",
      "Says what is in order and what is not, and what to do about it: settings, credentials, one "
      "Request of each probe, clock, descriptors, disk, ledger, service. Exit status: 1 where "
      "something is bad",
      "  recoup doctor --no-requests", options, doctor);
  add_config(command, options->config);
  command->add_flag("!--no-requests", options->send, "send none of the probes' Requests");
  command->add_flag("--json", options->json, "as a JSON array");
}

void add_run(Commands& commands) {
  auto options = std::make_shared<RunOptions>();
  auto* command = commands.add("run",
                               "Runs the service: probes, counts, judges, exports. Several "
                               "processes may have one ledger, each prober with a vantage of its "
                               "own, and one judge at a time",
                               "  recoup run --config /etc/recoup/recoup.toml\n"
                               "  recoup run --role prober   # probes and counts, and no more\n"
                               "  recoup run --role judge    # judges, seals and tells\n"
                               "  recoup run --listen 127.0.0.1:9465 --log-format json",
                               options, run);
  add_config(command, options->config);
  add_taken(
      command, "--listen",
      [options](const std::string& text) -> core::Result<void> {
        const auto listen = config::parse_listen(text);
        if (!listen) return core::Error{fmt::format("expected HOST:PORT, got '{}'", text)};
        options->listen = *listen;
        return {};
      },
      "where pages, API and metrics are served, HOST:PORT, in place of that of the settings");
  add_taken(command, "--log-level", set_log_level,
            "what is logged at least: trace, debug, info (the default), warning, error, off");
  add_taken(command, "--log-format", set_log_format,
            "text (the default), or json: an object a line with time, level and message");
  add_parsed(command, "--role", options->role, parse_role,
             "prober, judge or all (default: `role` of the settings, and all where there is none)");
}

void add_notify(Commands& commands) {
  auto options = std::make_shared<NotifyOptions>();
  auto* command =
      commands.add("notify", "Says whom the service tells what there is to know, and tries it",
                   "  recoup notify --test", options, notify);
  add_config(command, options->config);
  command->add_flag("--test", options->test, "send one notice, and say whether it was accepted");
  command->add_flag("--json", options->json, "as JSON; of --test the notice");
}

void add_test(Commands& commands) {
  auto options = std::make_shared<TestOptions>();
  auto* command = commands.add(
      "test",
      "Sends one request of a probe, and says step by step what was sent, how it was signed, what "
      "came back, what the contract counts it as and by which clause. It is not counted. Exit "
      "status: 0 where it was answered as the probe expects and its checks hold, 1 where not, 2 "
      "where it cannot be sent as the settings are",
      "  recoup test kms-us-east-1/list-keys\n"
      "  recoup test kms-us-east-1/list-keys --json",
      options, test);
  add_config(command, options->config);
  command->add_option("TARGET", options->target, "AGREEMENT/PROBE")->required();
  command->add_flag("--json", options->json, "the same as JSON");
}

void add_rules(Commands& commands) {
  auto* group = commands.add_group("rules", "The catalog of contracts: list, show, check",
                                   "Example:\n  recoup rules show aws-kms");
  auto to_list = std::make_shared<RulesListOptions>();
  auto* list = commands.add("list", "Lists all contracts with their commitment and status",
                            "  recoup rules list --provider tencent --complete\n"
                            "  recoup rules list --search kms --missing",
                            to_list, rules_list, group);
  add_config(list, to_list->config);
  list->add_option("--provider", to_list->provider, "of this provider alone, as in aws");
  list->add_option("--use", to_list->use, "for one use alone: " + rules::all_use_ids());
  list->add_option("--search", to_list->search, "with this in the id or the service");
  list->add_flag("--complete", to_list->complete, "only those that can be claimed by as they are");
  list->add_flag("--missing", to_list->missing, "name the terms that are lacking");
  list->add_flag("--json", to_list->json, "as a JSON array");

  auto to_show = std::make_shared<RulesShowOptions>();
  auto* show = commands.add("show", "Shows a contract: how it measures, what it gives, and by when",
                            "  recoup rules show aws-kms", to_show, rules_show, group);
  add_config(show, to_show->config);
  show->add_option("RULE", to_show->rule, "its id; RULE@DATE: not its newest version")->required();
  show->add_flag("--json", to_show->json, "as JSON, with the keys of claim.json");

  auto to_check = std::make_shared<RulesCheckOptions>();
  auto* check_files =
      commands.add("check",
                   "Validates rule files, and warns of what their author should look at again: "
                   "missing terms, numbers without a clause or a dated source, clauses without a "
                   "scenario",
                   "  recoup rules check rules/my-contract.toml", to_check, rules_check, group);
  check_files->add_option("FILE", to_check->files, "rules as TOML")->required();
  check_files->add_option("--scenarios", to_check->scenarios,
                          "a folder of months that show clauses (default: tests/scenarios, where "
                          "that is there)");
  check_files->add_flag("--json", to_check->json, "all findings as JSON");
}

void add_plan(Commands& commands) {
  auto options = std::make_shared<PlanOptions>();
  auto* command = commands.add(
      "plan", "Shows for probe periods what loss they can show, and how few failures are a breach",
      "  recoup plan --sla aws-kms --region us-east-1", options, plan);
  add_config(command, options->config);
  command->add_option("--sla", options->rule, "the contract: RULE or RULE@DATE")->required();
  command->add_option("--region", options->region, "where the service is used");
  command->add_flag("--json", options->json, "as JSON");
}

}  // namespace

void add_setup_commands(Commands& commands) {
  add_demo(commands);
  add_init(commands);
  add_check(commands);
  add_test(commands);
  add_doctor(commands);
  add_run(commands);
  add_notify(commands);
  add_rules(commands);
  add_plan(commands);
}

}  // namespace recoup::cli
