#include <fmt/format.h>

#include "claim/claim.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace recoup::cli {

Exit verify(const VerifyOptions& options) {
  const auto found = claim::verify_claim(options.folder);
  if (!found) return complain(found.error(), kWrongWords);
  for (const std::string& line : found->agreed) say("agrees   " + line);
  for (const std::string& line : found->differs) say("DIFFERS  " + line);
  if (!found->ok()) {
    say(fmt::format("{}: does not agree with itself", options.folder));
    return kCouldNot;
  }
  say(fmt::format("{}: everything agrees", options.folder));
  return kDone;
}

}  // namespace recoup::cli
