#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/verify_ledger.h"
#include "cli/workspace.h"
#include "report/json.h"
#include "reviewer/review.h"
#include "reviewer/words.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using Sentences = std::vector<std::string>;

// Prints what was found, and whether all of it agrees.
Exit print(const claim::Verification& found, const VerifyOptions& options, const std::string& what,
           const Sentences& shows = {}) {
  if (options.json) {
    say(report::indented({{"looked_at", what},
                          {"agreed", found.agreed},
                          {"differs", found.differs},
                          {"unchecked", found.unchecked},
                          {"shows", shows},
                          {"agrees", found.ok()}}));
  } else {
    for (const std::string& line : reviewer::lines_of(found, what, shows)) say(prose(line));
  }
  return found.ok() ? kDone : kCouldNot;
}

Exit verify_ledger(const VerifyOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto agreement = pick(*settings, options.agreement);
  if (!agreement) return complain(agreement.error(), kWrongWords);
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  VerifyOptions named = options;
  if (options.month) {
    const auto month = month_of(**agreement, *options.month, service::SystemClock().wall());
    if (!month) return complain(month.error(), kWrongWords);
    named.month = core::SaidMonth{*month};
  }
  const auto found = check_ledger(**ledger, named);
  if (!found) return complain(found.error(), kCouldNot);
  return print(*found, options, fmt::format("{}, {}", settings->ledger.shown(), options.agreement));
}

// The contracts that ship with the program and, where there are settings, the user's own.
Exit verify_folder(const VerifyOptions& options) {
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  const auto found = reviewer::review({options.folder, options.key, options.ca}, **catalog);
  if (!found) return complain(found.error(), kWrongWords);
  return print(*found, options, options.folder, reviewer::what_it_shows(*found));
}

}  // namespace

Exit verify(const VerifyOptions& options) {
  if (options.folder.empty() == options.agreement.empty()) {
    return complain({"expected the folder of a claim, or --agreement to check the ledger", "",
                     "recoup verify claim, or recoup verify --agreement kms-us-east-1"},
                    kWrongWords);
  }
  if (options.folder.empty()) return verify_ledger(options);
  return verify_folder(options);
}

}  // namespace recoup::cli
