#pragma once

#include <CLI/CLI.hpp>

namespace recoup::cli {

// HelpFormatter lays out --help as the library does, and breaks its lines at words where a terminal
// has no room for them. Examples stay as they are: they are to be copied.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_description(const CLI::App* command) const override;
  std::string make_footer(const CLI::App* command) const override;
};

}  // namespace recoup::cli
