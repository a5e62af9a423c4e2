#include "claim/notes.h"

#include <filesystem>

#include <fmt/format.h>

#include "claim/case_json.h"
#include "claim/documents.h"
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

std::string robustness_text(const Claim& claim) {
  std::string text;
  for (const std::string& sentence : report::robustness_words(claim)) {
    text += fmt::format("- {}\n", sentence);
  }
  return text.empty() ? text : "\n## What it rests on\n\n" + text;
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

std::string steps_text(const Claim& claim, const std::string& folder) {
  const std::string sent = case_file_name(claim.rule->provider);
  std::string text = fmt::format(
      "1. Read {0}/claim.html, and {0}/body.md, which is the text of the case.\n"
      "2. Open a support case with the subject of {0}/subject.txt and that text, and attach "
      "intervals.log and requests.log",
      folder);
  text += sent.empty() ? ".\n" : fmt::format("; {}/{} is the same for a program.\n", folder, sent);
  text += fmt::format(
      "3. Note that it was sent, with the number of the case:\n\n"
      "       recoup claims mark --agreement {} --month {} submitted --case NUMBER\n\n",
      claim.agreement.id, core::to_text(claim.assessment.cycle.month));
  return text +
         "Keep the whole folder as it is: the rest of it is for whoever asks. `recoup "
         "verify` checks it.\n";
}

}  // namespace

std::string notes_text(const Claim& claim, const std::string& folder) {
  return fmt::format("# Notes on the claim of {}, {}\n\nFor you alone: do not send this file.\n",
                     core::to_text(claim.assessment.cycle.month), place_text(claim)) +
         "\n## Before you send it\n\n" + lacks_text(claim) + otherwise_text(claim) +
         robustness_text(claim) + time_text(claim) + "\n## Deadline\n\n" +
         not_before_text(claim.assessment) + deadline_text(claim.assessment) +
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
