#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/ledger_findings.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "ledger/copies.h"

namespace recoup::cli {
namespace {

using ledger::Copied;
using ledger::Existing;

// Checks the copy as a ledger is checked. A copy is as the ledger was: a fault is the ledger's own.
Exit check_copy(const Copied& copied) {
  const auto address = ledger::Address::parse("sqlite:" + copied.file);
  if (!address) return complain(address.error(), kCouldNot);
  const auto found = look_through(*address, ledger::Looked::copy);
  if (!found) return complain(found.error(), kCouldNot);
  const auto faults = faults_of(*found);
  for (const std::string& fault : faults) say("differs: " + fault);
  if (faults.empty()) {
    say("checked: file, tables, chains, counts and seals are whole");
    return kDone;
  }
  return complain(
      {fmt::format("{} does not hold: it was so in what was copied", faults.size()), copied.file,
       "keep it, and look for a copy that was made before; recoup ledger check says "
       "whether the ledger is so now"},
      kCouldNot);
}

std::string how_much(const Copied& copied) {
  std::uint64_t rows = 0;
  for (const auto& [table, count] : copied.rows) rows += count;
  return fmt::format("{} rows, {} bytes", core::grouped(rows), core::grouped(copied.bytes));
}

Existing existing(const BackupOptions& options) {
  return options.replace ? Existing::replace : Existing::keep;
}

}  // namespace

Exit backup(const BackupOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto copied = ledger::back_up(settings->ledger, options.file, existing(options));
  if (!copied) return complain(copied.error(), kCouldNot);
  say(fmt::format("{}: a copy of {}, {}", copied->file, settings->ledger.shown(),
                  how_much(*copied)));
  return check_copy(*copied);
}

Exit restore(const BackupOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto copied = ledger::restore(options.file, settings->ledger, existing(options));
  if (!copied) return complain(copied.error(), kCouldNot);
  say(fmt::format("{}: restored from {}, {}", copied->file, options.file, how_much(*copied)));
  if (!copied->aside.empty()) say("what was there is " + copied->aside);
  return check_copy(*copied);
}

}  // namespace recoup::cli
