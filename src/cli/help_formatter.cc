#include "cli/help_formatter.h"

#include <sstream>

#include "cli/terminal.h"

namespace recoup::cli {
namespace {

constexpr std::size_t kNamesOfNarrow = 26;  // characters; of wide ones as the library has it

// For the column beside the names, whose further lines the library moves in.
std::string beside_names(const std::string& text, std::size_t names) {
  const auto width = output_width();
  if (!width || *width <= names + kNamesOfNarrow) return text;
  return wrapped(text, *width - names, 0);
}

// Each line by itself, but for those that begin with a blank.
std::string paragraphs(const std::string& text) {
  const auto width = output_width();
  if (!width) return text;
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    out += line.starts_with(' ') ? line : wrapped(line, *width, 0);
    out += '\n';
  }
  return out;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  constexpr std::size_t kNarrow = 100;
  if (const auto width = output_width(); width && *width < kNarrow) column_width(kNamesOfNarrow);
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return beside_names(CLI::Formatter::make_option_desc(option), get_column_width());
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_display_name(true),
                           beside_names(command->get_description(), get_column_width()),
                           get_column_width());
  return out.str();
}

std::string HelpFormatter::make_description(const CLI::App* command) const {
  return paragraphs(CLI::Formatter::make_description(command));
}

std::string HelpFormatter::make_footer(const CLI::App* command) const {
  return paragraphs(CLI::Formatter::make_footer(command));
}

}  // namespace recoup::cli
