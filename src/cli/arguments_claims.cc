#include <CLI/CLI.hpp>

#include "claim/readiness.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "reviewer/review.h"
#include "reviewer/words.h"

namespace recoup::cli {
namespace {

void add_charges(Commands& commands) {
  auto options = std::make_shared<ChargesOptions>();
  auto* command =
      commands.add("charges", "Shows what a service cost, line by line, or what is in a bill",
                   "  recoup charges --agreement kms-us-east-1 --month 2026-10\n"
                   "  recoup charges --service \"AWS Key Management Service\" bills/*.csv.gz",
                   options, charges);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement,
                      "whose charge, by its settings (default: what is in the files)");
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "the cycle: 2026-10, last or now (default: of an agreement last, of files all)");
  command->add_option("--format", options->format,
                      "focus, cur, cost-explorer or bss (default: told by content)");
  command->add_option("--provider", options->provider, "only this one, as the bill names it");
  command->add_option("--service", options->service, "only this one, as the bill names it");
  command->add_option("--region", options->region, "only this one, as the bill names it");
  command->add_option("--account", options->account, "only this one, as the bill names it");
  command->add_option("--currency", options->currency, "only this one");
  command->add_flag("--filtered", options->filtered,
                    "the files hold nothing but the agreement's service and Region");
  command->add_flag("--json", options->json, "as JSON");
  command->add_option("FILE", options->files,
                      "bills: CSV or JSON, plain, .gz, .zst, .bz2, .xz or .zip");
}

void add_estimate(Commands& commands) {
  auto options = std::make_shared<EstimateOptions>();
  auto* command =
      commands.add("estimate", "Computes a month's charge from published prices, line by line",
                   "  recoup estimate                  lists the price books\n"
                   "  recoup estimate aws-kms --keys   shows what can be given\n"
                   "  recoup estimate aws-kms region=us-east-1 keys=40 requests=12_000_000",
                   options, estimate);
  add_config(command, options->config);
  command->add_option("BOOK", options->book, "a price book (default: list them)");
  command->add_option("KEY=VALUE", options->order,
                      "what is used; what is left out has the included quantity");
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "the month, where a price depends on it: 2026-10, last or now");
  command->add_flag("--keys", options->keys, "show what can be given");
  command->add_flag("--json", options->json, "as JSON");
}

void add_claim(Commands& commands) {
  auto options = std::make_shared<ClaimOptions>();
  auto* command = commands.add("claim", "Writes the claim for a cycle, or says why there is none",
                               "  recoup claim --agreement kms-us-east-1 --month 2026-10 --check\n"
                               "  recoup claim --agreement kms-us-east-1 --month 2026-10 "
                               "--out claim-kms-us-east-1-2026-10",
                               options, claim);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose claim")->required();
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "the cycle: 2026-10, last or now")
      ->required();
  auto* out = command->add_option("--out", options->folder,
                                  "a new or empty folder; notes for you beside it");
  auto* check =
      command->add_flag("--check", options->check, "say whether it is ready, and write nothing");
  command->add_flag("--json", options->json, "of --check, as JSON")->needs(check);
  out->excludes(check);
  add_each_taken(
      command, "--accept",
      [options](const std::string& text) -> core::Result<void> {
        auto accepted = claim::parse_accept(text);
        if (!accepted) return accepted.error();
        options->accepted.push_back(*std::move(accepted));
        return {};
      },
      "write it although that is so (repeatable): missing-records, late, estimated-charge, "
      "counted-twice, two-agreements or estimated-counts");
}

core::Result<core::Ratio> parse_amount(const std::string& text) {
  auto amount = core::Ratio::parse(text);
  if (amount && *amount > core::Ratio()) return amount;
  return core::Error{"expected an amount of money like 184.50, got '" + text + "'"};
}

void add_claims_mark(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ClaimsMarkOptions>();
  auto* command = commands.add(
      "mark", "Notes what became of a claim",
      "  recoup claims mark --agreement kms-us-east-1 --month 2026-10 submitted --case 1234567890 "
      "--at 2026-11-05\n"
      "  recoup claims mark --agreement kms-us-east-1 --month 2026-10 credited --amount 184.50",
      options, claims_mark, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose claim")->required();
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "of which cycle: 2026-10 or last")
      ->required();
  add_parsed(
      command, "STEP", options->step, record::parse_claim_step,
      "written, submitted, confirmed, credited, refused, disputed, settled: left at what was "
      "given, or withdrawn: it can be claimed anew")
      ->required();
  command->add_option("--case", options->case_id, "the id of the provider's case");
  auto* amount = add_parsed(command, "--amount", options->amount, parse_amount,
                            "asked for, or all that the provider gave so far");
  command->add_option("--currency", options->currency, "of the amount (default: the claim's)")
      ->needs(amount);
  add_parsed(command, "--at", options->at, core::parse_said_time,
             "when it was, a day (yesterday) or an instant, not before the step before it "
             "(default: now)");
  auto* note = command->add_option("--note", options->note, "your own words");
  command->add_option("--why", options->note, "of refused: the provider's words")->excludes(note);
}

void add_claims_unmark(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ClaimsUnmarkOptions>();
  auto* command =
      commands.add("unmark", "Takes back what was noted last of a claim; the history keeps both",
                   "  recoup claims unmark --agreement kms-us-east-1 --month 2026-10", options,
                   claims_unmark, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose claim")->required();
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "of which cycle: 2026-10 or last")
      ->required();
  command->add_option("--note", options->note, "why, in your own words");
}

void add_claims_reconcile(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ClaimsReconcileOptions>();
  auto* command = commands.add(
      "reconcile", "Looks for the credits of claims on later bills, and proposes what to note",
      "  recoup claims reconcile\n"
      "  recoup claims reconcile --mark bills/2026-12.csv.gz",
      options, claims_reconcile, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  command->add_option("--format", options->format,
                      "of the files: focus, cur, cost-explorer or bss (default: told by content)");
  command->add_flag("--mark", options->mark,
                    "note what was found; what may be of several claims is left to you");
  command->add_flag("--json", options->json, "as JSON");
  command->add_option("BILL", options->files,
                      "bills: CSV or JSON, plain, packed or .zip (default: those of the settings)");
}

void add_claims_seal(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ClaimsSealOptions>();
  auto* command =
      commands.add("seal", "Seals the cycles that are due, as the running service does by itself",
                   "  recoup claims seal --agreement kms-us-east-1", options, claims_seal, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "only this cycle: 2026-10 or last");
}

void add_claims(Commands& commands) {
  auto options = std::make_shared<ClaimsOptions>();
  auto* command = commands.add(
      "claims",
      "Lists what can be claimed and what became of claims; mark, unmark, reconcile, seal",
      "  recoup claims\n"
      "  recoup claims mark --agreement kms-us-east-1 --month 2026-10 submitted --case 1234567890",
      options, claims);
  command->require_subcommand(0, 1);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  command->add_flag("--totals", options->totals, "sums by year, provider and state instead");
  command->add_flag("--json", options->json, "as a JSON array");
  add_claims_mark(commands, command);
  add_claims_unmark(commands, command);
  add_claims_reconcile(commands, command);
  add_claims_seal(commands, command);
  // Options belong behind the last word: before it, nothing would read them.
  for (CLI::App* part : command->get_subcommands({})) {
    for (CLI::Option* option : command->get_options()) {
      const bool everywhere = option->get_group().empty();
      if (!everywhere && !option->get_lnames().empty() && option->get_lnames().front() != "help") {
        part->excludes(option);
      }
    }
  }
}

void add_verify(Commands& commands) {
  auto options = std::make_shared<VerifyOptions>();
  auto* command = commands.add(
      "verify", "Recomputes a claim from its own files alone, or checks the ledger's own seals",
      "  recoup verify claim\n"
      "  recoup verify claim --key 64_HEX_DIGITS --ca authority.pem\n"
      "  recoup verify --agreement kms-us-east-1 --month 2026-10\n\n" +
          std::string(reviewer::kWhatVerifyShows),
      options, verify);
  auto* folder = command->add_option("DIR", options->folder, "the claim's folder");
  command
      ->add_option("--key", options->key, "SHA256SUMS must be signed with this Ed25519 public key")
      ->transform(CLI::Validator(reviewer::wrong_key, "64 HEX DIGITS"));
  command->add_option("--ca", options->ca,
                      "tokens of the time must rest on a certificate of this PEM file");
  auto* agreement = command
                        ->add_option("--agreement", options->agreement,
                                     "check the ledger instead: its evidence, counts and seals")
                        ->excludes(folder);
  add_parsed(command, "--month", options->month, core::parse_said_month,
             "only the seals of this cycle: 2026-10 or last")
      ->needs(agreement);
  command->add_flag("--json", options->json, "what was found, as JSON");
  add_config(command, options->config);
}

}  // namespace

void add_claim_commands(Commands& commands) {
  add_charges(commands);
  add_estimate(commands);
  add_claim(commands);
  add_claims(commands);
  add_verify(commands);
}

}  // namespace recoup::cli
