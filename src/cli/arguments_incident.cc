#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command_line.h"

namespace recoup::cli {
namespace {

constexpr const char* kOfAgreement =
    "that it touches this one, where the record does not say so; may be given more than once";

void add_agreements(CLI::App* command, std::vector<std::string>& agreements) {
  command->add_option("--agreement", agreements, kOfAgreement)->allow_extra_args(false);
}

void add_incident_import(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<IncidentImportOptions>();
  auto* command = commands.add(
      "import", "Reads incidents as providers publish them: JSON, told by its keys",
      "  aws health describe-events --region us-east-1 --filter services=KMS > events.json\n"
      "  recoup incident import events.json\n"
      "  recoup incident import eventbridge/*.json            AWS Health, when it was announced\n"
      "  curl -O https://status.cloud.google.com/incidents.json\n"
      "  recoup incident import incidents.json                Google Cloud\n"
      "  curl -o page.json https://status.example.com/api/v2/incidents.json\n"
      "  recoup incident import page.json --provider stedi --agreement stedi-core\n"
      "  az rest --url \"/subscriptions/ID/providers/Microsoft.ResourceHealth/events?"
      "api-version=2025-05-01\" | recoup incident import -",
      options, incident_import, group);
  add_config(command, options->config);
  add_agreements(command, options->agreements);
  command->add_option("--provider", options->provider,
                      "whose incidents these are, as rules name it (default: as the file says)");
  command->add_flag("--json", options->json, "what became of each incident");
  command
      ->add_option("FILE", options->files,
                   "plain or packed; folders and patterns of them; - is standard input")
      ->required();
}

void add_incident_add(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<IncidentAddOptions>();
  core::ProviderIncident& incident = options->incident;
  auto* command = commands.add(
      "add", "Notes one by hand; the same service and begin again brings it up to date",
      "  recoup incident add --provider aws --service KMS --region us-east-1 \\\n"
      "      --begin 2026-10-03T10:00:00Z --end 2026-10-03T10:45:00Z \\\n"
      "      --announced 2026-10-03T10:31:00Z --title \"Increased error rates\"",
      options, incident_add, group);
  add_config(command, options->config);
  command->add_option("--provider", incident.provider, "whose, as rules name it: aws")->required();
  command->add_option("--service", incident.services, "as the provider or the rule names it")
      ->allow_extra_args(false)
      ->required();
  command->add_option("--region", incident.regions, "may be given more than once")
      ->allow_extra_args(false);
  add_parsed(command, "--begin", options->begin, core::parse_said_time,
             "as the provider says it, 2026-10-03T10:00Z; without an offset by the clock of the "
             "agreements' billing cycles")
      ->required();
  add_parsed(command, "--end", options->end, core::parse_said_time,
             "not included (default: not known)");
  add_parsed(command, "--announced", options->announced, core::parse_said_time,
             "when the provider first said so (default: not known)");
  command->add_option("--title", incident.title, "in the provider's words; the claim says it too")
      ->required();
  command->add_option("--url", incident.url, "where the provider says it");
  add_agreements(command, incident.agreements);
}

void add_incident_list(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<IncidentListOptions>();
  auto* command = commands.add("list", "Lists what is known, with the agreements that each touches",
                               "  recoup incident list --agreement kms-us-east-1 --json", options,
                               incident_list, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement,
                      "only what touches this one (default: all)");
  command->add_flag("--json", options->json, "as a JSON array");
}

void add_incident_remove(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<IncidentRemoveOptions>();
  auto* command = commands.add("remove", "Forgets one", "  recoup incident remove 3", options,
                               incident_remove, group);
  add_config(command, options->config);
  command->add_option("ID", options->number, "its number, as recoup incident list shows it")
      ->required();
}

}  // namespace

void add_incident_commands(Commands& commands) {
  auto* group = commands.add_group(
      "incident", "Keeps what the provider itself says of its troubles, beside what was measured",
      "It corroborates: no figure, no Error and no credit comes of it. The page and the claim of "
      "a\n"
      "month show how many of its intervals below 100 % lie inside and outside, and how long "
      "before\n"
      "the provider said so the loss was seen.\n\n"
      "Example:\n"
      "  recoup incident import events.json\n"
      "  recoup incident add --provider aws --service KMS --region us-east-1 \\\n"
      "      --begin 2026-10-03T10:00:00Z --title \"Increased error rates\"\n"
      "  recoup incident list\n"
      "  recoup incident remove 3");
  add_incident_import(commands, group);
  add_incident_add(commands, group);
  add_incident_list(commands, group);
  add_incident_remove(commands, group);
}

}  // namespace recoup::cli
