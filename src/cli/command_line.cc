#include "cli/command_line.h"

#include <algorithm>
#include <cstdio>
#include <new>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "cli/command_table.h"
#include "cli/help_formatter.h"
#include "cli/log_format.h"
#include "cli/terminal.h"
#include "config/reference.h"
#include "documents/near.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::Result;
using Words = std::vector<std::string>;

constexpr const char* kVersion = "recoup " RECOUP_VERSION;

// What may stand before the command as well as behind it, where the command takes it.
struct Common {
  const char* name;
  const char* value;  // what it takes, as an error says it; null: nothing
  const char* description;
};
constexpr Common kColour{"--color", "auto, always or never",
                         "auto: colours on a terminal, unless NO_COLOR is set; always, or never"};
constexpr Common kWide{"--wide", nullptr,
                       "tables with all their columns, whatever the terminal has room for"};
constexpr Common kCommon[] = {
    {"--config", "a file",
     "the settings of the command (default: RECOUP_CONFIG, ./recoup.toml, then "
     "/etc/recoup/recoup.toml)"},
    {"--listen", "HOST:PORT", "of `run`: where pages, API and metrics are served"},
    {"--log-level", "a level", "of `run`: trace, debug, info, warning, error or off"},
    {"--log-format", "a format", "of `run`: text or json"},
    kColour,
    kWide,
};

const Common* find_common(const std::string& name) {
  const auto* const found = std::find_if(std::begin(kCommon), std::end(kCommon),
                                         [&](const Common& one) { return name == one.name; });
  return found == std::end(kCommon) ? nullptr : found;
}

bool is_option(const std::string& word) {
  if (word.size() < 2 || word.front() != '-') return false;
  const char c = word[word.starts_with("--") ? 2 : 1];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Words names_of_commands(const CLI::App& app) {
  Words names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// Those that every command takes come last.
Words names_of_options(const CLI::App& app) {
  Words names;
  for (const bool everywhere : {false, true}) {
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_group().empty() != everywhere) continue;
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

// `word` is empty where there is none.
Error no_command(const CLI::App& app, const std::string& path, const std::string& word) {
  const Words names = names_of_commands(app);
  const std::string all = fmt::format("the commands there are {}", fmt::join(names, ", "));
  return {fmt::format("expected a command behind '{}', got {}", path,
                      word.empty() ? "none" : "'" + word + "'"),
          "", word.empty() ? all : documents::did_you_mean(word, names, all)};
}

Error unknown_option(const CLI::App& app, const std::string& path, const std::string& word) {
  const Words names = names_of_options(app);
  return {fmt::format("expected an option of '{}', got '{}'", path, word), "",
          documents::did_you_mean(word, names, fmt::format("it takes {}", fmt::join(names, ", ")))};
}

// Place is how far words have been followed: to which command, and to the word behind it.
struct Place {
  CLI::App* app;
  std::string path;  // "recoup claims mark"
  std::size_t at = 0;

  // Follows one word; whether it names a command.
  bool enter(const std::string& word) {
    const std::vector<CLI::App*> commands = app->get_subcommands({});
    const auto next = std::find_if(commands.begin(), commands.end(),
                                   [&](const CLI::App* one) { return one->get_name() == word; });
    if (next == commands.end()) return false;
    app = *next;
    path += " " + word;
    return true;
  }
};

// Whether every option from there on is one of its command; what an option takes is not looked at.
Result<void> check_options(Place place, const Words& words) {
  for (; place.at < words.size() && words[place.at] != "--"; ++place.at) {
    const std::string& word = words[place.at];
    if (!is_option(word)) {
      place.enter(word);
      continue;
    }
    const std::string name = word.substr(0, word.find('='));
    const CLI::Option* option = place.app->get_option_no_throw(name);
    if (option == nullptr) return unknown_option(*place.app, place.path, name);
    if (name.size() == word.size() && option->get_items_expected_min() > 0) ++place.at;
  }
  return {};
}

// What every command takes: the help of the program says it once, and those of the commands do not.
void add_output_options(CLI::App* command) {
  const auto take = [](const std::string& name) {
    auto done = set_colours(name);
    if (done) log_with_colours(has_colours());
    return done;
  };
  add_taken(command, kColour.name, take, kColour.description)->group("");
  command->add_flag_callback(kWide.name, set_wide, kWide.description)->group("");
}

// RefusedValue goes through the library to whoever complains, with what to do: an error of what was
// taken is one of the words given.
class RefusedValue : public CLI::ValidationError {
 public:
  RefusedValue(const std::string& name, const core::Error& error)
      : CLI::ValidationError(name, error.message), help_(error.help) {}
  const std::string& help() const { return help_; }

 private:
  std::string help_;
};

void check_taken(const Result<void>& taken, const std::string& name) {
  if (!taken) throw RefusedValue(name, taken.error());
}

// "recoup claims mark": what was read of the words as commands.
std::string path_of(const CLI::App& app) {
  std::string path = app.get_name();
  for (const CLI::App* one : app.get_subcommands()) path += ' ' + path_of(*one);
  return path;
}

}  // namespace

Commands::Commands()
    : app_(std::make_unique<CLI::App>(
          "Recoup measures what a cloud provider promised in its SLA, exactly, and writes\n"
          "the claim when the promise was not kept.",
          "recoup")) {
  app_->formatter(std::make_shared<HelpFormatter>());
  app_->require_subcommand(1);
  app_->set_version_flag("-V,--version", std::string(kVersion));
  for (const Common& one : kCommon) {
    if (one.value == nullptr) {
      app_->add_flag(one.name, one.description);
    } else {
      app_->add_option(one.name, one.description);
    }
  }
  app_->footer(
      "Exit status: 0 where it was done, 1 where it could not be done or the answer is no, 2 "
      "where\nthe command line or the settings are wrong.\n\n"
      "Begin with:\n  recoup demo        everything on this machine, without an account\n"
      "  recoup init        a commented recoup.toml to fill in");
}

Commands::~Commands() = default;

void Commands::begin_section(const std::string& heading) { section_ = heading; }

CLI::App* Commands::add(const std::string& name, const std::string& description,
                        const std::string& example, const Command& command, CLI::App* group) {
  CLI::App* added = (group == nullptr ? app_.get() : group)->add_subcommand(name, description);
  if (group == nullptr) added->group(section_);
  added->footer("Example:\n" + example);
  add_output_options(added);
  // That of a command around the chosen one is called after it.
  added->callback([this, added, command] {
    if (added->get_subcommands().empty()) chosen_ = command;
  });
  return added;
}

CLI::App* Commands::add_group(const std::string& name, const std::string& description,
                              const std::string& example) {
  CLI::App* group = app_->add_subcommand(name, description);
  group->group(section_);
  group->require_subcommand(1);
  group->footer(example);
  return group;
}

void Commands::add_help() {
  begin_section("Help");
  const auto words = std::make_shared<Words>();
  CLI::App* help = app_->add_subcommand("help", "Says what a command does and what it takes");
  help->group(section_);
  add_output_options(help);
  help->footer(
      "Examples:\n  recoup help claims mark\n  recoup help config          every key of "
      "recoup.toml\n  recoup help config probe    those that have to do with probes");
  help->add_option(
      "COMMAND", *words,
      "the words of a command, or `config` and a part of a key (default: lists the commands)");
  const auto as_man = std::make_shared<bool>(false);
  const auto as_page = std::make_shared<bool>(false);
  help->add_flag("--man", *as_man, "all commands as one page for man");
  help->add_flag("--markdown", *as_page, "the settings as one page of Markdown");
  help->callback([this, words, as_man, as_page] {
    chosen_ = [this, words, as_man, as_page] {
      if (*as_page) return show_settings_page();
      return *as_man ? show_man() : show_help(*words);
    };
  });
  add_completion();
  CLI::App* version = app_->add_subcommand("version", "Says which version this is");
  version->group(section_);
  add_output_options(version);
  version->footer("Example:\n  recoup version");
  version->callback([this] {
    chosen_ = [] {
      say(kVersion);
      return kDone;
    };
  });
}

void Commands::add_completion() {
  const auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app_->add_subcommand("completion", "Writes what completes commands and options in a shell");
  completion->group(section_);
  add_output_options(completion);
  completion->footer("Example:\n  recoup completion bash > completions/recoup");
  completion->add_option("SHELL", *shell, "bash, fish or zsh")
      ->required()
      ->check(CLI::IsMember(Words(std::begin(kShells), std::end(kShells))));
  completion->callback([this, shell] {
    chosen_ = [this, shell] {
      fmt::print("{}", completion_of(command_table(*app_), *shell));
      return kDone;
    };
  });
}

Exit Commands::show_man() const {
  fmt::print("{}", man_page(command_table(*app_), RECOUP_VERSION));
  return kDone;
}

Exit Commands::show_settings_page() {
  fmt::print("{}", config::reference_page());
  return kDone;
}

// The keys of recoup.toml that have the word in them; all of them without one.
Exit Commands::show_settings(const std::string& word) {
  const std::string text = config::reference_text(word);
  if (text.empty()) {
    return complain({fmt::format("expected a part of a key of recoup.toml, got '{}'", word), "",
                     "`recoup help config` lists them all"},
                    kWrongWords);
  }
  fmt::print("{}", prose(text));
  return kDone;
}

Exit Commands::show_help(const Words& words) {
  if (!words.empty() && words.front() == "config" && words.size() <= 2) {
    return show_settings(words.size() == 2 ? words[1] : "");
  }
  Place place{app_.get(), "recoup"};
  for (const std::string& word : words) {
    const CLI::App& around = *place.app;
    if (place.enter(word)) continue;
    return complain(no_command(around, place.path, word), kWrongWords);
  }
  const auto last = place.path.rfind(' ');
  const std::string before = last == std::string::npos ? "" : place.path.substr(0, last);
  // The application as a whole would show the help of the command that was chosen: this one.
  app_->clear();
  fmt::print("{}", place.app->help(before));
  return kDone;
}

// Moves the options that stand before the command behind it, where its own take them.
Result<Words> Commands::in_order(Words words) const {
  Words early;
  std::size_t at = 0;
  while (at < words.size() && is_option(words[at])) {
    const std::string name = words[at].substr(0, words[at].find('='));
    if (app_->get_option_no_throw(name) == nullptr) {
      return unknown_option(*app_, "recoup", name);
    }
    const Common* common = find_common(name);
    if (common == nullptr) return words;  // --help or --version: nothing else matters
    early.push_back(words[at++]);
    // It takes no value, or that stands behind an "=".
    if (common->value == nullptr || early.back() != name) continue;
    if (at == words.size()) {
      return Error{fmt::format("expected {} behind '{}', got none", common->value, name)};
    }
    early.push_back(words[at++]);
  }
  Place place{app_.get(), "recoup", at};
  while (place.at < words.size() && place.enter(words[place.at])) ++place.at;
  if (place.at == at) {
    if (at < words.size()) return no_command(*app_, "recoup", words[at]);
    return Error{"expected a command, got none", "",
                 "`recoup help` lists them, `recoup demo` shows what they do"};
  }
  if (!place.app->get_subcommands({}).empty()) {
    if (place.at < words.size() && !is_option(words[place.at])) {
      return no_command(*place.app, place.path, words[place.at]);
    }
    if (place.at == words.size() && place.app->get_require_subcommand_min() > 0) {
      return no_command(*place.app, place.path, "");
    }
  }
  using Offset = Words::difference_type;
  words.insert(words.begin() + static_cast<Offset>(place.at), early.begin(), early.end());
  words.erase(words.begin(), words.begin() + static_cast<Offset>(at));
  place.at -= at;
  if (auto known = check_options(place, words); !known) return known.error();
  return words;
}

int Commands::run(Words words) {
  if (words.empty()) return show_help({});
  auto arranged = in_order(std::move(words));
  if (!arranged) return complain(arranged.error(), kWrongWords);
  try {
    std::reverse(arranged->begin(), arranged->end());  // as the library takes them
    app_->parse(*arranged);
  } catch (const RefusedValue& error) {
    return complain({error.what(), "", error.help()}, kWrongWords);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app_->exit(error);  // help was asked for, and is shown
    return complain({error.what(), "", fmt::format("`{} --help` shows all", path_of(*app_))},
                    kWrongWords);
  }
  return chosen_();
}

void add_config(CLI::App* command, std::string& config) {
  command->add_option("--config", config,
                      "the settings (default: RECOUP_CONFIG, ./recoup.toml, then "
                      "/etc/recoup/recoup.toml)");
}

CLI::Option* add_taken(CLI::App* command, const std::string& name,
                       std::function<Result<void>(const std::string&)> take,
                       const std::string& description) {
  return command->add_option_function<std::string>(
      name,
      [take = std::move(take), name](const std::string& text) { check_taken(take(text), name); },
      description);
}

CLI::Option* add_each_taken(CLI::App* command, const std::string& name,
                            std::function<Result<void>(const std::string&)> take,
                            const std::string& description) {
  const auto take_all = [take = std::move(take), name](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) check_taken(take(text), name);
  };
  return command->add_option_function<std::vector<std::string>>(name, take_all, description)
      ->allow_extra_args(false);
}

}  // namespace recoup::cli
