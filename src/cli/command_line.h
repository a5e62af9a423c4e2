#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "core/result.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace recoup::cli {

// Commands collects the command that was chosen: each add_* function declares one, with its options
// bound to a struct that lives as long as the closure.
class Commands {
 public:
  using Command = std::function<Exit()>;

  Commands();
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  // Those declared from here on are listed under that heading.
  void begin_section(const std::string& heading);

  // A command, or one behind the word of another. Where it is chosen, `function` runs with what was
  // given.
  template <typename Options, typename Function>
  CLI::App* add(const std::string& name, const std::string& description, const std::string& example,
                const std::shared_ptr<Options>& options, Function function,
                CLI::App* group = nullptr) {
    return add(
        name, description, example, [=] { return function(*options); }, group);
  }

  // A command whose next word is a command.
  CLI::App* add_group(const std::string& name, const std::string& description,
                      const std::string& example);

  // The commands help, completion and version.
  void add_help();

  // Runs the command that the words name, those behind the program's own; the exit status. Words
  // that name none, or options that it does not have, are met with those that are near.
  int run(std::vector<std::string> words);

 private:
  CLI::App* add(const std::string& name, const std::string& description, const std::string& example,
                const Command& command, CLI::App* group);
  void add_completion();
  Exit show_help(const std::vector<std::string>& words);
  static Exit show_settings(const std::string& word);
  static Exit show_settings_page();
  Exit show_man() const;
  core::Result<std::vector<std::string>> in_order(std::vector<std::string> words) const;

  std::unique_ptr<CLI::App> app_;
  std::string section_;
  Command chosen_;
};

// The option that names the settings.
void add_config(CLI::App* command, std::string& config);

// An option whose text `take` reads; its error is one of the words given.
CLI::Option* add_taken(CLI::App* command, const std::string& name,
                       std::function<core::Result<void>(const std::string&)> take,
                       const std::string& description);

// The same of an option that may be given more than once.
CLI::Option* add_each_taken(CLI::App* command, const std::string& name,
                            std::function<core::Result<void>(const std::string&)> take,
                            const std::string& description);

// The same with one of core's parsers.
template <typename Value, typename Parse>
CLI::Option* add_parsed(CLI::App* command, const std::string& name, Value& value, Parse parse,
                        const std::string& description) {
  const auto take = [&value, parse](const std::string& text) -> core::Result<void> {
    auto parsed = parse(text);
    if (!parsed) return parsed.error();
    value = *parsed;
    return {};
  };
  return add_taken(command, name, take, description);
}

// Declare the commands, by what they are about.
void add_setup_commands(Commands& commands);
void add_evidence_commands(Commands& commands);
void add_incident_commands(Commands& commands);
void add_claim_commands(Commands& commands);
void add_copy_commands(Commands& commands);
void add_ledger_commands(Commands& commands);
void add_merge_command(Commands& commands);

}  // namespace recoup::cli
