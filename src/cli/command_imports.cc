#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "report/json.h"

namespace recoup::cli {
namespace {

using record::ImportedFile;

constexpr std::size_t kShownDigest = 12;  // characters; enough to name one of millions

// A file, and the agreement whose Requests it has.
struct Import {
  std::string agreement;
  ImportedFile file;
};

core::Result<std::vector<Import>> imports_of(const config::Settings& settings,
                                             ledger::FileStore& ledger, const std::string& only) {
  std::vector<Import> all;
  for (const config::AgreementSettings& each : settings.agreements) {
    const std::string& id = each.agreement.id;
    if (!only.empty() && id != only) continue;
    auto files = ledger.files(id);
    if (!files) return files.error();
    for (ImportedFile& file : *files) all.push_back({id, std::move(file)});
  }
  return all;
}

std::string read_text(const ImportedFile& file) {
  if (file.read == core::Instant()) return "";
  return core::to_text(std::chrono::floor<std::chrono::seconds>(file.read));
}

void print(const std::vector<Import>& imports) {
  if (imports.empty()) return say("no log file was read yet; see recoup import --help");
  TextTable table({"DIGEST", Column("AGREEMENT").cut_to(12), Column("LOG").goes(4),
                   Column("FORMAT").goes(3), Column("REQUESTS").right(), Column("ERRORS").right(),
                   Column("FROM").goes(1), Column("TO").goes(2), Column("READ").goes(5),
                   Column("FILE").cut_to(20)});
  for (const auto& [agreement, file] : imports) {
    const bool has_span = !file.span.empty();
    table.add({file.digest.substr(0, kShownDigest), agreement, file.log, file.format,
               core::grouped(file.requests), core::grouped(file.errors),
               has_span ? core::to_text(file.span.begin) : "",
               has_span ? core::to_text(file.span.end) : "", read_text(file), file.name});
  }
  table.print();
}

std::string json_of(const std::vector<Import>& imports) {
  report::Json list = report::Json::array();
  for (const auto& [agreement, file] : imports) {
    const auto known = [](core::Instant at, bool is_known) {
      return report::instant_json(is_known ? std::optional(at) : std::nullopt);
    };
    list.push_back({{"digest", file.digest},
                    {"agreement", agreement},
                    {"log", file.log},
                    {"format", file.format},
                    {"file", file.name},
                    {"requests", file.requests},
                    {"errors", file.errors},
                    {"indirect", file.indirect},
                    {"duplicates", file.read_before},
                    {"malformed", file.malformed},
                    {"own", file.own},
                    {"from", known(file.span.begin, !file.span.empty())},
                    {"to", known(file.span.end, !file.span.empty())},
                    {"read", known(file.read, file.read != core::Instant())}});
  }
  return report::indented(list);
}

// Those whose digest begins so: one file, of one agreement or several.
core::Result<std::vector<Import>> find(const std::vector<Import>& imports,
                                       const std::string& beginning) {
  std::vector<Import> found;
  for (const Import& one : imports) {
    if (!one.file.digest.starts_with(beginning)) continue;
    if (!found.empty() && found.front().file.digest != one.file.digest) {
      return core::Error{
          fmt::format("expected the digest of one file, got '{}', with which those of "
                      "several begin",
                      beginning),
          "", "give more of it; recoup imports --json shows them whole"};
    }
    found.push_back(one);
  }
  if (!found.empty()) return found;
  return core::Error{
      fmt::format("expected the digest of a file that was read, got '{}'", beginning), "",
      "recoup imports lists them"};
}

}  // namespace

Exit imports(const ImportsOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (!options.agreement.empty()) {
    if (const auto picked = pick(*settings, options.agreement); !picked) {
      return complain(picked.error(), kWrongWords);
    }
  }
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto all = imports_of(*settings, **ledger, options.agreement);
  if (!all) return complain(all.error(), kCouldNot);
  if (options.json) {
    say(json_of(*all));
  } else {
    print(*all);
  }
  return kDone;
}

Exit imports_remove(const ImportsRemoveOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto all = imports_of(*settings, **ledger, options.agreement);
  if (!all) return complain(all.error(), kCouldNot);
  const auto found = find(*all, options.digest);
  if (!found) return complain(found.error(), kWrongWords);
  for (const auto& [agreement, file] : *found) {
    const auto span = (*ledger)->remove_file(agreement, file.digest);
    if (!span) return complain(span.error(), kCouldNot);
    if (!*span) continue;
    const std::string what = fmt::format("{}: took back {}", agreement, file.name);
    say((*span)->empty() ? what + ", of which nothing counted"
                         : fmt::format("{}, which changes {} to {}", what,
                                       core::to_text((*span)->begin), core::to_text((*span)->end)));
  }
  say("months that were sealed get a revision that says so: recoup claims seal, or the service");
  return kDone;
}

}  // namespace recoup::cli
