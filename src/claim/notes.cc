#include "claim/notes.h"

#include <filesystem>

#include <fmt/format.h>

#include "claim/case_json.h"
#include "claim/documents.h"
#include "claim/timestamps.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/asides.h"
#include "report/contract_words.h"
#include "report/incident_words.h"
#include "report/otherwise_words.h"
#include "report/robustness_words.h"

namespace recoup::claim {
namespace {

std::string lacks_text(const Claim& claim) {
  if (claim.lacks.empty()) return "Nothing is known that it lacks.\n";
  std::string text;
  for (const Lack& lack : claim.lacks) {
    const std::string accepted =
        lack.stops() ? fmt::format("**Accepted by you ({}):** ", lack.accept) : "";
    text += fmt::format("- {}{}. What to do: {}.\n", accepted, lack.text, lack.help);
  }
  return text;
}

std::string otherwise_text(const Claim& claim) {
  std::string text;
  for (const std::string& sentence : report::otherwise_words(claim)) {
    text += fmt::format("- {}\n", sentence);
  }
  if (const std::string more = report::discretion_words(claim); !more.empty()) {
    text += "\n" + more + "\n";
  }
  return text.empty() ? text : "\n## Other readings\n\n" + text;
}

// What the figure would be if all that was not measured had gone one way, and what no source of it
// can see.
std::string measured_text(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  std::string text;
  if (!a.totals.is_sure()) {
    text += fmt::format(
        "- Had every {} met an Error, the Monthly Uptime Percentage would be {} %; had every one "
        "been served, {} %, which {}.\n",
        report::not_sent_words(a.totals), core::percent_text(a.lower), core::percent_text(a.upper),
        a.upper < claim.version->commitment ? "is below the Service Commitment too"
                                            : "would meet the Service Commitment");
  }
  for (const core::Source& source : a.sources) text += fmt::format("- {}\n", source.cannot_see);
  if (!claim.credit.charge) return text;
  for (const core::OtherFigure& other : claim.credit.charge->others) {
    text += fmt::format("- The charge by comparison, {}: {}.\n", record::redact(other.from),
                        core::to_text(other.amount));
  }
  return text;
}

std::string robustness_text(const Claim& claim) {
  std::string text = measured_text(claim);
  for (const std::string& sentence : report::robustness_words(claim)) {
    text += fmt::format("- {}\n", sentence);
  }
  return text.empty() ? text : "\n## What it rests on\n\n" + text;
}

std::string incidents_text(const Claim& claim) {
  std::string text;
  for (const std::string& sentence : report::incident_words(claim)) {
    text += fmt::format("- {}\n", sentence);
  }
  if (text.empty()) return text;
  return "\n## What the provider says itself\n\n" + text +
         "\nNo figure rests on it. Incidents in which nothing was lost are not in the claim.\n";
}

std::string time_text(const Claim& claim) {
  std::string text;
  for (const std::string& sentence : stamp_notes(claim)) text += fmt::format("- {}\n", sentence);
  return text.empty() ? text : "\n## Time, signed by a third party\n\n" + text;
}

std::string not_before_text(const core::Assessment& a) {
  if (!a.not_before) return {};
  return fmt::format("The contract takes no claim before {}.\n", core::to_text(*a.not_before));
}

// The first of two steps.
std::string notice_text(const Claim& claim) {
  const std::string first = report::notice_words(claim);
  if (first.empty()) return {};
  return fmt::format(
      "The contract asks for two steps. The first: {}; the earlier date is the safe one. Then the "
      "claim.\n",
      first);
}

std::string deadline_text(const core::Assessment& a) {
  if (!a.deadline) return "The contract names no date by which the claim must be received.\n";
  if (a.deadline->safe == a.deadline->literal) {
    return fmt::format("It must be received before {}.\n", core::to_text(a.deadline->literal));
  }
  return fmt::format(
      "Send it so that it is received before {}: that is the earlier reading of the contract, and "
      "the safe one. By its literal reading it must be received before {}, which is what the claim "
      "says.\n",
      core::to_text(a.deadline->safe), core::to_text(a.deadline->literal));
}

// How it is filed, by whose contract it is.
std::string file_text(const Claim& claim, const std::string& folder) {
  const std::string by_hand = fmt::format(
      "with the subject of {}/subject.txt and that text, and attach intervals.log and "
      "requests.log",
      folder);
  const std::string with = case_file_name(claim);
  if (claim.agreement.by_partner) {
    return fmt::format("Send it to the partner whom you buy from, {}.\n", by_hand);
  }
  if (with == kSend) {
    return fmt::format(
        "File it: `sh {}/{} --dry-run` looks up what AWS Support asks for and sends nothing; "
        "without "
        "--dry-run it asks, and creates the case. By hand: open a case in the Support Center {}.\n",
        folder, with, by_hand);
  }
  const std::string& address = claim.version->source;
  return fmt::format(
      "Open a support case, or fill in the provider's form, {}. {}/{} has what goes into its "
      "fields{}.\n",
      by_hand, folder, with,
      address.starts_with("https://") ? "; where to file it the contract says: " + address : "");
}

std::string steps_text(const Claim& claim, const std::string& folder) {
  std::string text = fmt::format(
      "1. Read {0}/claim.html, and {0}/body.txt, which is the text of the case; body.md is the "
      "same "
      "where Markdown is shown.\n",
      folder);
  for (const std::string& need : claim.version->claim.needs) {
    text += fmt::format("   In it, put in the place of {}: {}.\n", kToFillIn, need);
  }
  text += "2. " + file_text(claim, folder);
  text += fmt::format(
      "3. Note that it was sent, with the number of the case:\n\n"
      "       recoup claims mark --agreement {} --month {} submitted --case NUMBER\n\n",
      claim.agreement.id, core::to_text(claim.assessment.cycle.month));
  return text +
         "Keep the whole folder as it is: the rest of it is for whoever asks. `recoup "
         "verify` checks it. Where the provider answers that its monitoring shows otherwise, send "
         "dispute.csv and ask for which of these intervals.\n";
}

}  // namespace

std::string notes_text(const Claim& claim, const std::string& folder) {
  return fmt::format("# Notes on the claim of {}, {}\n\nFor you alone: do not send this file.\n",
                     core::to_text(claim.assessment.cycle.month), place_text(claim)) +
         "\n## Before you send it\n\n" + lacks_text(claim) + otherwise_text(claim) +
         robustness_text(claim) + incidents_text(claim) + time_text(claim) + "\n## Deadline\n\n" +
         notice_text(claim) + not_before_text(claim.assessment) + deadline_text(claim.assessment) +
         "\n## What to do\n\n" + steps_text(claim, folder);
}

std::string notes_path(const std::string& folder) {
  namespace fs = std::filesystem;
  fs::path path = fs::path(folder).lexically_normal();
  if (path == "." || path.filename() == "..") path = fs::absolute(path).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.string() + ".notes.md";
}

}  // namespace recoup::claim
