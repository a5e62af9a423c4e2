#include "cli/read_file.h"

#include <fmt/format.h>

#include "cli/terminal.h"

namespace recoup::cli {
namespace {

constexpr std::size_t kExamples = 3;

std::string in_words(const sources::LogContent& content) {
  std::string text =
      fmt::format("{} lines, {} requests", grouped(content.lines), grouped(content.requests));
  if (content.own != 0)
    text += fmt::format(", {} of Recoup's own probes left out", grouped(content.own));
  if (content.malformed != 0) text += fmt::format(", {} malformed", grouped(content.malformed));
  if (!content.replaces.empty()) text += "; takes the place of a shorter copy that was read before";
  for (std::size_t i = 0; i < std::min(kExamples, content.examples.size()); ++i) {
    text += fmt::format("\n   line {}: {}", content.examples[i].number, content.examples[i].text);
  }
  return text;
}

}  // namespace

core::Result<std::string> read_file(ledger::Ledger& ledger, const monitor::LogSource& source,
                                    const std::string& file) {
  Progress progress(file);
  const auto imported = monitor::import_log(
      ledger, source, file,
      [&](const sources::Progress& so_far) { progress.show(so_far.read, so_far.size); });
  if (!imported) return imported.error();
  if (!imported->new_to_ledger) return std::string("was read before: nothing changed");
  return in_words(imported->content);
}

}  // namespace recoup::cli
