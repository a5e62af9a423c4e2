#include "reviewer/words.h"

#include <fmt/format.h>

namespace recoup::reviewer {
namespace {

using Trust = claim::Basis::Trust;

std::string line_of(const char* what, const std::string& says) {
  return fmt::format("  {:<11} {}", what, says);
}

std::string said_of(Trust trust, const char* vouched, const char* unvouched, const char* none) {
  return trust == Trust::vouched ? vouched : trust == Trust::unvouched ? unvouched : none;
}

}  // namespace

std::vector<std::string> what_it_shows(const claim::Verification& found) {
  if (!found.ok()) return {};
  const claim::Basis& basis = found.basis;
  std::vector<std::string> lines{
      "",
      "What this shows:",
      line_of("arithmetic", "the figures follow from the counts, by the contract"),
      line_of("files", basis.words ? "they are all there, and agree with each other"
                                   : "they are all there; the words are an earlier recoup's"),
      line_of("seal", basis.seal ? "the figures are those that were sealed" : "none"),
      line_of("signature", said_of(basis.signature, "by the key that you named",
                                   "by a key that nobody vouched for: give --key", "none")),
      line_of("tokens",
              said_of(basis.tokens, "under a certificate that you named: the counts are as old",
                      "under certificates that nobody vouched for: give --ca", "none")),
      line_of("digests", basis.digests ? "CloudTrail's verify by the keys beside them" : "none"),
  };
  if (basis.signature != Trust::vouched && basis.tokens != Trust::vouched) {
    lines.emplace_back(
        "It cannot show that this folder was not made up whole: no signature and no "
        "token is by");
    lines.emplace_back("somebody whom you named.");
  } else {
    lines.emplace_back(
        "It cannot show that what was counted happened: the provider's own logs can tell.");
  }
  lines.emplace_back("");
  return lines;
}

}  // namespace recoup::reviewer
