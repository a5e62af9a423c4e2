#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace recoup::cli {

// What the command line takes, as the tables that read it say: the source of the man page and of
// the shells' completions. Texts are as --help prints them.

// An option, or a word of its own where it has no names.
struct OptionWords {
  std::vector<std::string> names;  // "--month", "-h"; none: it is a positional
  std::string value;               // what stands for what it takes, "FILE"; empty: a flag
  std::string description;
  bool required = false;
  bool everywhere = false;  // every command takes it, and the program's own words say so
};

// A command, or the program itself, whose path is empty.
struct CommandWords {
  std::vector<std::string> path;  // {"claims", "mark"}
  std::string section;            // the heading it is listed under
  std::string description;
  std::vector<OptionWords> options;
  std::vector<std::string> examples;  // lines
};

// The program and all its commands, each before those behind it.
std::vector<CommandWords> command_table(const CLI::App& program);

// recoup(1), as roff.
std::string man_page(const std::vector<CommandWords>& table, const std::string& version);

// The shells that completion_of() knows.
inline constexpr const char* kShells[] = {"bash", "fish", "zsh"};

// The script that completes the commands and options in that shell.
std::string completion_of(const std::vector<CommandWords>& table, const std::string& shell);

}  // namespace recoup::cli
