#include "cli/command_table.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

namespace recoup::cli {
namespace {

using Table = std::vector<CommandWords>;

OptionWords words_of(const CLI::Option& option) {
  OptionWords words;
  for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) {
    words.value = words.names.empty() ? option.get_name(true) : "VALUE";
  }
  words.description = option.get_description();
  words.required = option.get_required();
  words.everywhere = option.get_group().empty();
  return words;
}

// The lines behind "Example:".
std::vector<std::string> examples_of(const CLI::App& command) {
  std::vector<std::string> lines;
  std::istringstream footer(command.get_footer());
  for (std::string line; std::getline(footer, line);) {
    const auto start = line.find_first_not_of(' ');
    if (start != std::string::npos && start > 0) lines.push_back(line.substr(start));
  }
  return lines;
}

void add_commands(const CLI::App& command, const std::vector<std::string>& path, Table& table) {
  CommandWords words{
      path, command.get_group(), command.get_description(), {}, examples_of(command)};
  for (const CLI::Option* option : command.get_options())
    words.options.push_back(words_of(*option));
  table.push_back(std::move(words));
  const auto visible = [](const CLI::App* one) { return !one->get_group().empty(); };
  for (const CLI::App* next : command.get_subcommands(visible)) {
    std::vector<std::string> further = path;
    further.push_back(next->get_name());
    add_commands(*next, further, table);
  }
}

// As roff prints it: a backslash and a line that begins with a dot are commands of its own, and a
// bare "-" is a hyphen, which nobody could paste.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string usage_of(const CommandWords& command) {
  std::string text =
      fmt::format(".B {}\n", roff(fmt::format("recoup {}", fmt::join(command.path, " "))));
  text += ".RI [ options ]\n";
  for (const OptionWords& option : command.options) {
    if (!option.names.empty()) continue;
    const std::string value = roff(option.value);
    text += option.required ? ".I " + value + "\n" : ".RI [ " + value + " ]\n";
  }
  return text;
}

std::string option_of(const OptionWords& option) {
  std::string name = roff(fmt::format("{}", fmt::join(option.names, ", ")));
  const std::string value = roff(option.value);
  if (option.names.empty()) return fmt::format(".TP\n.I {}\n{}\n", value, roff(option.description));
  if (value.empty()) return fmt::format(".TP\n.B {}\n{}\n", name, roff(option.description));
  return fmt::format(".TP\n.BI \"{} \" {}\n{}\n", name, value, roff(option.description));
}

// The commands behind that one, with what they are for.
std::vector<const CommandWords*> behind(const Table& table, const CommandWords& command) {
  std::vector<const CommandWords*> found;
  for (const CommandWords& one : table) {
    if (one.path.size() != command.path.size() + 1) continue;
    if (std::equal(command.path.begin(), command.path.end(), one.path.begin())) {
      found.push_back(&one);
    }
  }
  return found;
}

// Within '…', as all three shells have it but for the quote itself.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out + "'";
}

std::string place_of(const CommandWords& command) {
  std::string place;
  for (const std::string& word : command.path) place += " " + word;
  return place;
}

// The lines of a `case` that follow the words to a command: `line` has the place in it, twice.
template <typename Line>
std::string steps(const Table& table, Line line) {
  std::string text;
  for (const CommandWords& command : table) {
    if (!command.path.empty()) text += line(in_quotes(place_of(command)));
  }
  return text;
}

std::string bash(const Table& table) {
  std::string text =
      "# Completes recoup in bash: recoup completion bash > "
      "~/.local/share/bash-completion/completions/recoup\n"
      "_recoup() {\n  local at='' words='' i\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n    case \"$at ${COMP_WORDS[i]}\" in\n" +
      steps(table,
            [](const std::string& place) { return fmt::format("      {0}) at={0} ;;\n", place); }) +
      "    esac\n  done\n  case \"$at\" in\n";
  for (const CommandWords& command : table) {
    std::vector<std::string> words;
    for (const CommandWords* next : behind(table, command)) words.push_back(next->path.back());
    for (const OptionWords& option : command.options) {
      words.insert(words.end(), option.names.begin(), option.names.end());
    }
    text += fmt::format("    {}) words={} ;;\n", in_quotes(place_of(command)),
                        in_quotes(fmt::format("{}", fmt::join(words, " "))));
  }
  return text +
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n"
         "complete -o default -F _recoup recoup\n";
}

// A colon ends the word that is described.
std::string described(const std::string& word, const std::string& description) {
  return in_quotes(fmt::format("{}:{}", word, description));
}

std::string zsh(const Table& table) {
  std::string text =
      "#compdef recoup\n"
      "# Completes recoup in zsh: recoup completion zsh > \"${fpath[1]}/_recoup\"\n"
      "_recoup() {\n  local at='' i\n  local -a commands options\n"
      "  for ((i = 2; i < CURRENT; ++i)); do\n    case \"$at ${words[i]}\" in\n" +
      steps(table,
            [](const std::string& place) { return fmt::format("      {0}) at={0} ;;\n", place); }) +
      "    esac\n  done\n  case \"$at\" in\n";
  for (const CommandWords& command : table) {
    std::vector<std::string> commands;
    for (const CommandWords* next : behind(table, command)) {
      commands.push_back(described(next->path.back(), next->description));
    }
    std::vector<std::string> options;
    for (const OptionWords& option : command.options) {
      for (const std::string& name : option.names) {
        options.push_back(described(name, option.description));
      }
    }
    text += fmt::format("    {})\n      commands=({})\n      options=({})\n      ;;\n",
                        in_quotes(place_of(command)), fmt::join(commands, " "),
                        fmt::join(options, " "));
  }
  return text +
         "  esac\n"
         "  if [[ $PREFIX == -* ]]; then\n    _describe option options\n"
         "  elif (( $#commands )); then\n    _describe command commands\n"
         "  else\n    _files\n  fi\n}\n"
         "_recoup \"$@\"\n";
}

std::string fish(const Table& table) {
  std::string text =
      "# Completes recoup in fish: recoup completion fish > "
      "~/.config/fish/completions/recoup.fish\n"
      "function __recoup_at\n  set -l at ''\n"
      "  for word in (commandline -opc)[2..-1]\n    switch \"$at $word\"\n" +
      steps(table,
            [](const std::string& place) {
              return fmt::format("      case {0}\n        set at {0}\n", place);
            }) +
      "    end\n  end\n  test \"$at\" = \"$argv[1]\"\nend\n";
  for (const CommandWords& command : table) {
    const std::string here =
        fmt::format("complete -c recoup -n {}",
                    in_quotes(fmt::format("__recoup_at \"{}\"", place_of(command))));
    for (const CommandWords* next : behind(table, command)) {
      text +=
          fmt::format("{} -f -a {} -d {}\n", here, next->path.back(), in_quotes(next->description));
    }
    for (const OptionWords& option : command.options) {
      std::string names;
      for (const std::string& name : option.names) {
        names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (names.empty()) continue;
      text += fmt::format("{}{}{} -d {}\n", here, names, option.value.empty() ? "" : " -r",
                          in_quotes(option.description));
    }
  }
  return text;
}

}  // namespace

Table command_table(const CLI::App& program) {
  Table table;
  add_commands(program, {}, table);
  return table;
}

std::string man_page(const Table& table, const std::string& version) {
  const CommandWords& program = table.front();
  std::string text = fmt::format(
      ".TH RECOUP 1 \"\" \"recoup {}\" \"User Commands\"\n.SH NAME\n"
      "recoup \\- measures a cloud provider's SLA, exactly, and writes the claim\n"
      ".SH SYNOPSIS\n.B recoup\n.I command\n.RI [ options ]\n.SH DESCRIPTION\n{}\n.SH OPTIONS\n",
      version, roff(program.description));
  for (const OptionWords& option : program.options) text += option_of(option);
  std::string section;
  for (const CommandWords& command : table) {
    if (command.path.empty()) continue;
    if (command.path.size() == 1 && command.section != section) {
      section = command.section;
      std::string heading = section;
      std::transform(heading.begin(), heading.end(), heading.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      text += fmt::format(".SH {}\n", roff(heading));
    }
    text += fmt::format(".SS \"{}\"\n{}\n.PP\n{}",
                        roff(fmt::format("recoup {}", fmt::join(command.path, " "))),
                        roff(command.description), usage_of(command));
    for (const OptionWords& option : command.options) {
      const bool own =
          !option.everywhere && option.names != std::vector<std::string>{"-h", "--help"};
      if (own) text += option_of(option);
    }
    if (command.examples.empty()) continue;
    text += ".PP\nExample:\n.PP\n.nf\n";
    for (const std::string& line : command.examples)
      text += fmt::format(".RS\n{}\n.RE\n", roff(line));
    text += ".fi\n";
  }
  return text +
         ".SH EXIT STATUS\n.TP\n.B 0\nIt was done.\n"
         ".TP\n.B 1\nIt could not be done, or does not hold.\n"
         ".TP\n.B 2\nThe command line, the settings or a rule is wrong.\n"
         ".SH FILES\n.TP\n.I ./recoup.toml\nThe settings, before\n"
         ".IR /etc/recoup/recoup.toml .\n";
}

std::string completion_of(const Table& table, const std::string& shell) {
  if (shell == "bash") return bash(table);
  return shell == "fish" ? fish(table) : zsh(table);
}

}  // namespace recoup::cli
