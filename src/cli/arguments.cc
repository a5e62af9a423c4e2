#include "cli/arguments.h"

#include <functional>

#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace recoup::cli {
namespace {

using Command = std::function<Exit()>;

// Commands collects the command that was chosen: each add_* function declares one, with its options
// bound to a struct that lives as long as the closure.
class Commands {
 public:
  Commands()
      : app_(
            "Recoup measures what a cloud provider promised in its SLA, exactly, and writes\n"
            "the claim when the promise was not kept.",
            "recoup") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("recoup ") + RECOUP_VERSION);
    app_.footer(
        "Begin with:\n  recoup demo        everything on this machine, without an account\n"
        "  recoup init        a commented recoup.toml to fill in");
  }

  int parse_and_run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? kDone : kWrongWords;
    }
    return chosen_();
  }

  template <typename Options, typename Function>
  CLI::App* add(const std::string& name, const std::string& description, const std::string& example,
                const std::shared_ptr<Options>& options, Function function,
                CLI::App* group = nullptr) {
    CLI::App* command = (group == nullptr ? &app_ : group)->add_subcommand(name, description);
    command->footer("Example:\n" + example);
    // That of a command around the chosen one is called after it.
    command->callback([this, command, options, function] {
      if (command->get_subcommands().empty()) chosen_ = [=] { return function(*options); };
    });
    return command;
  }

  // A command whose next word is a command.
  CLI::App* add_group(const std::string& name, const std::string& description,
                      const std::string& example) {
    CLI::App* group = app_.add_subcommand(name, description);
    group->require_subcommand(1);
    group->footer(example);
    return group;
  }

 private:
  CLI::App app_;
  Command chosen_;
};

void add_config(CLI::App* command, std::string& config) {
  command->add_option("--config", config,
                      "the settings (default: ./recoup.toml, then /etc/recoup/recoup.toml)");
}

// An option whose text is read by one of core's parsers.
template <typename Value, typename Parse>
CLI::Option* add_parsed(CLI::App* command, const std::string& name, Value& value, Parse parse,
                        const std::string& description) {
  return command->add_option_function<std::string>(
      name,
      [&value, parse, name](const std::string& text) {
        auto parsed = parse(text);
        if (!parsed) throw CLI::ValidationError(name, parsed.error().message);
        value = *parsed;
      },
      description);
}

// What is wrong with a public key as it is written; empty if nothing. Capitals become small.
std::string is_public_key(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  constexpr std::size_t kDigits = 64;
  const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex && text.size() == kDigits ? "" : "expected 64 hexadecimal digits, got '" + text + "'";
}

void add_init(Commands& commands) {
  auto options = std::make_shared<InitOptions>();
  auto* command = commands.add("init", "Writes a commented recoup.toml and says what to do next",
                               "  recoup init /etc/recoup", options, init);
  command->add_option("DIR", options->folder, "where to write it (default: here)");
}

void add_check(Commands& commands) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = commands.add("check",
                               "Validates the settings; says what will be probed, how often, "
                               "and what loss that can show",
                               "  recoup check --config recoup.toml", options, check);
  add_config(command, options->config);
}

void add_run(Commands& commands) {
  auto options = std::make_shared<RunOptions>();
  auto* command = commands.add("run", "Runs the service: probes, counts, judges, exports",
                               "  recoup run --config /etc/recoup/recoup.toml", options, run);
  add_config(command, options->config);
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

void add_import(Commands& commands) {
  auto options = std::make_shared<ImportOptions>();
  auto* command = commands.add("import",
                               "Reads request logs into the ledger; a file that was read "
                               "before changes nothing",
                               "  recoup import --agreement kms-us-east-1 "
                               "--format combined access.log access.log.1.gz",
                               options, import_files);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose requests these are")->required();
  command
      ->add_option("--format", options->format,
                   "combined (access logs) or counts (CSV: "
                   "minute,outcome,count)")
      ->required();
  command->add_option("--log", options->log, "the name of the log source")->capture_default_str();
  command->add_option("FILE", options->files, "plain or gzip")->required();
}

void add_assess(Commands& commands) {
  auto options = std::make_shared<AssessOptions>();
  auto* command = commands.add("assess", "Judges a billing cycle by its contract, exactly",
                               "  recoup assess --agreement kms-us-east-1 --month 2026-10 --json",
                               options, assess);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  add_parsed(command, "--month", options->month, core::parse_month,
             "the cycle (default: the running one)");
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
  auto* from = add_parsed(command, "--from", options->from, core::parse_instant, "its begin");
  auto* to = add_parsed(command, "--to", options->to, core::parse_instant, "its end, not included");
  auto* reason = command->add_option("--reason", options->reason, "why; the claim says it too");
  auto* remove =
      command->add_flag("--remove", options->remove, "take this one back")->excludes(reason);
  command->add_flag("--list", options->list, "show all of the agreement")
      ->excludes(from, to, reason, remove);
}

core::Result<decltype(ExplainOptions::when)> parse_when(const std::string& text) {
  using When = decltype(ExplainOptions::when);
  if (const auto instant = core::parse_instant(text)) return When(*instant);
  if (const auto day = core::parse_date(text)) return When(*day);
  if (const auto month = core::parse_month(text)) return When(*month);
  return core::Error{"expected an instant, a day or a month, got '" + text +
                     "'; they are like 2026-10-03T02:01:00Z, 2026-10-03 and 2026-10"};
}

void add_explain(Commands& commands) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = commands.add(
      "explain",
      "Says why an interval counts as it does, or where the loss of a day or a month comes from",
      "  recoup explain --agreement kms-us-east-1 2026-10-03T02:01:00Z   that interval\n"
      "  recoup explain --agreement kms-us-east-1 2026-10-03             that day\n"
      "  recoup explain --agreement kms-us-east-1 2026-10 --top 5        that month",
      options, explain);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose intervals")->required();
  add_parsed(command, "WHEN", options->when, parse_when,
             "an instant with its offset, or a day or a month of the contract's time zone")
      ->required();
  command->add_option("--top", options->top, "how many intervals, or records of evidence, to show")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "as JSON");
}

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
  add_parsed(command, "--month", options->month, core::parse_month,
             "the cycle (default: of an agreement the last one that is over, of files all)");
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
  command->add_option("FILE", options->files, "bills: CSV or JSON, plain, .gz or .zip");
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
  add_parsed(command, "--month", options->month, core::parse_month,
             "the month, where a price depends on it");
  command->add_flag("--keys", options->keys, "show what can be given");
  command->add_flag("--json", options->json, "as JSON");
}

void add_claim(Commands& commands) {
  auto options = std::make_shared<ClaimOptions>();
  auto* command = commands.add(
      "claim", "Writes the claim for a cycle, or says why there is none",
      "  recoup claim --agreement kms-us-east-1 --month 2026-10 --out claim", options, claim);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose claim")->required();
  add_parsed(command, "--month", options->month, core::parse_month, "the cycle")->required();
  command->add_option("--out", options->folder, "a new or empty folder")->required();
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
      "  recoup claims mark --agreement kms-us-east-1 --month 2026-10 submitted --case 1234567890\n"
      "  recoup claims mark --agreement kms-us-east-1 --month 2026-10 credited --amount 184.50",
      options, claims_mark, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "whose claim")->required();
  add_parsed(command, "--month", options->month, core::parse_month, "of which cycle")->required();
  add_parsed(command, "STEP", options->step, core::parse_claim_step,
             "written, submitted, credited, refused, or withdrawn: it can be claimed anew")
      ->required();
  command->add_option("--case", options->case_id, "the id of the provider's case");
  auto* amount = add_parsed(command, "--amount", options->amount, parse_amount,
                            "asked for, or given by the provider");
  command->add_option("--currency", options->currency, "of the amount (default: the claim's)")
      ->needs(amount);
  command->add_option("--note", options->note, "your own words");
}

void add_claims_seal(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ClaimsSealOptions>();
  auto* command =
      commands.add("seal", "Seals the cycles that are due, as the running service does by itself",
                   "  recoup claims seal --agreement kms-us-east-1", options, claims_seal, group);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  add_parsed(command, "--month", options->month, core::parse_month, "only this cycle");
}

void add_claims(Commands& commands) {
  auto options = std::make_shared<ClaimsOptions>();
  auto* command = commands.add(
      "claims", "Lists what can be claimed and what became of claims; mark, seal",
      "  recoup claims\n"
      "  recoup claims mark --agreement kms-us-east-1 --month 2026-10 submitted --case 1234567890",
      options, claims);
  command->require_subcommand(0, 1);
  add_config(command, options->config);
  command->add_option("--agreement", options->agreement, "only this one (default: all)");
  command->add_flag("--json", options->json, "as a JSON array");
  add_claims_mark(commands, command);
  add_claims_seal(commands, command);
  // Options belong behind the last word: before it, nothing would read them.
  for (CLI::App* part : command->get_subcommands({})) {
    for (CLI::Option* option : command->get_options()) {
      if (!option->get_lnames().empty() && option->get_lnames().front() != "help") {
        part->excludes(option);
      }
    }
  }
}

void add_verify(Commands& commands) {
  auto options = std::make_shared<VerifyOptions>();
  auto* command = commands.add(
      "verify", "Recomputes a claim from its own files alone, or checks the ledger's own seals",
      "  recoup verify claim\n  recoup verify --agreement kms-us-east-1 --month 2026-10", options,
      verify);
  auto* folder = command->add_option("DIR", options->folder, "the claim's folder");
  command->add_option("--key", options->key, "it must be signed with this Ed25519 public key")
      ->transform(CLI::Validator(is_public_key, "64 HEX DIGITS"));
  auto* agreement = command
                        ->add_option("--agreement", options->agreement,
                                     "check the ledger instead: its evidence and seals")
                        ->excludes(folder);
  add_parsed(command, "--month", options->month, core::parse_month, "only the seals of this cycle")
      ->needs(agreement);
  add_config(command, options->config);
}

void add_rules(Commands& commands) {
  auto* group = commands.add_group("rules", "The catalog of contracts: list, show, check",
                                   "Example:\n  recoup rules show aws-kms");
  auto to_list = std::make_shared<RulesListOptions>();
  auto* list = commands.add("list", "Lists all contracts with their commitment and status",
                            "  recoup rules list", to_list, rules_list, group);
  add_config(list, to_list->config);

  auto to_show = std::make_shared<RulesShowOptions>();
  auto* show = commands.add("show", "Shows a contract: how it measures, what it gives, and by when",
                            "  recoup rules show aws-kms", to_show, rules_show, group);
  add_config(show, to_show->config);
  show->add_option("RULE", to_show->rule, "its id; RULE@DATE: not its newest version")->required();

  auto to_check = std::make_shared<RulesCheckOptions>();
  auto* check_files =
      commands.add("check", "Validates rule files", "  recoup rules check rules/my-contract.toml",
                   to_check, rules_check, group);
  check_files->add_option("FILE", to_check->files, "rules as TOML")->required();
}

void add_plan(Commands& commands) {
  auto options = std::make_shared<PlanOptions>();
  auto* command = commands.add(
      "plan", "Shows for probe periods what loss they can show, and how few failures are a breach",
      "  recoup plan --sla aws-kms --region us-east-1", options, plan);
  add_config(command, options->config);
  command->add_option("--sla", options->rule, "the contract: RULE or RULE@DATE")->required();
  command->add_option("--region", options->region, "where the service is used");
}

}  // namespace

int run_command_line(int argc, char** argv) {
  Commands commands;
  add_demo(commands);
  add_init(commands);
  add_check(commands);
  add_run(commands);
  add_import(commands);
  add_assess(commands);
  add_explain(commands);
  add_exclude(commands);
  add_charges(commands);
  add_estimate(commands);
  add_claim(commands);
  add_claims(commands);
  add_verify(commands);
  add_rules(commands);
  add_plan(commands);
  return commands.parse_and_run(argc, argv);
}

}  // namespace recoup::cli
