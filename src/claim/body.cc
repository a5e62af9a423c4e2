#include <algorithm>

#include <fmt/format.h>

#include "claim/body_parts.h"
#include "claim/case_json.h"
#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/shown_claim.h"
#include "claim/timestamps.h"
#include "core/figures.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/asides.h"
#include "report/contract_words.h"
#include "report/digest_words.h"
#include "report/formula_words.h"
#include "report/robustness_words.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("| {} | {} |\n", name, value);
}

// How the contract counts a cycle in which the service was not used from begin to end.
std::string part_text(const Claim& claim) {
  const core::Agreement& agreement = claim.agreement;
  std::string text = "the service was used";
  if (agreement.since) text += fmt::format(" from {}", core::to_text(*agreement.since));
  if (agreement.until) {
    text += fmt::format(" up to, not including, {}", core::to_text(*agreement.until));
  }
  return text + (claim.version->part_month == core::PartMonth::used_time
                     ? "; that time alone counts"
                     : "; the whole billing cycle counts");
}

// An amount in all its digits.
std::string exact_money(const core::Money& money) {
  return core::exact_text(money.amount) + ' ' + money.currency;
}

std::string charges_text(const core::Charge& charge) {
  std::string text = fmt::format("{}, {}", exact_money(charge.amount), user_text(charge.from));
  if (!charge.note.empty()) text += ": " + user_text(charge.note);
  return text + (charge.final ? "" : "; not final, the provider may still change it");
}

// Cut so that no more is asked for than is owed.
std::string claimed_text(const core::Money& amount) {
  const std::string shown = core::to_text(amount);
  const std::string exact = exact_money(amount);
  return exact == shown
             ? shown
             : fmt::format("{} (cut to two digits; the exact amount is {})", shown, exact);
}

std::string summary(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  const core::Version& version = *claim.version;
  std::string text = "| | |\n|---|---|\n";
  text += row("Service", claim.rule->service);
  if (!claim.agreement.account.empty()) text += row("Account", claim.agreement.account);
  if (!claim.agreement.region.empty()) text += row("Region", user_text(claim.agreement.region));
  text += row("Billing cycle",
              fmt::format("{}, from {} up to, not including, {}", core::to_text(a.cycle.month),
                          core::to_text(a.cycle.span.begin), core::to_text(a.cycle.span.end)));
  if (a.cycle.in_part) text += row("Used in part", part_text(claim));
  text +=
      row("Monthly Uptime Percentage", core::percent_text(a.uptime) + " % (cut after 12 digits)");
  text += row("the same, exact, as a fraction of 1", report::fraction_text(a.uptime));
  text += row("Service Commitment", version.commitment_text + " %");
  text += row("Service Credit", fmt::format("{} % of the charges: Monthly Uptime Percentage {}",
                                            core::short_percent(claim.credit.share),
                                            report::tier_text(version.credits[*a.tier])));
  text += row("Charges", charges_text(*claim.credit.charge));
  if (claim.credit.capped) {
    text += row("Limit", "that share is more than the contract credits for a billing cycle");
  }
  text += row("Amount claimed", claimed_text(*claim.credit.amount));
  return text;
}

// The charge line by line, what must be known of it, and what other sources say.
std::vector<Part> charge_parts(const core::Charge& charge) {
  constexpr std::size_t kMostLines = 10;
  if (charge.lines.empty() && charge.remarks.empty() && charge.others.empty()) return {};
  std::vector<Part> parts{{"\n## The charge\n\n"}};
  if (!charge.lines.empty()) {
    Part lines{fmt::format("| For | Calculation | {} |\n|---|---|---:|\n", charge.amount.currency)};
    lines.columns = 3;
    for (const core::ChargeLine& line : charge.lines) {
      lines.entries.push_back(fmt::format("| {} | {} | {} |\n", user_text(line.item),
                                          user_text(line.calculation),
                                          core::exact_text(line.amount)));
    }
    lines.shown = std::min(kMostLines, lines.entries.size());
    parts.push_back(std::move(lines));
  }
  Part notes{charge.lines.empty() ? "" : "\n"};
  for (const std::string& remark : charge.remarks) {
    notes.entries.push_back(fmt::format("- {}\n", user_text(remark)));
  }
  for (const core::OtherFigure& other : charge.others) {
    notes.entries.push_back(fmt::format("- For comparison, {}: {}\n", user_text(other.from),
                                        exact_money(other.amount)));
  }
  notes.shown = notes.entries.size();
  if (notes.shown > 0) parts.push_back(std::move(notes));
  return parts;
}

std::string list_of(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += fmt::format("- {}\n", sentence);
  return text;
}

std::string method(const Claim& claim, const report::FormulaWords& words) {
  const core::Version& version = *claim.version;
  std::string text =
      fmt::format("By the contract's {} ({}):\n\n", report::version_words(version), version.source);
  text += list_of(report::request_definitions(version)) + list_of(words.definitions);
  if (!version.effective) text += "\nWhen that text came into force is not known.\n";
  if (!version.supplied.empty()) {
    text += fmt::format(
        "\nThe text that was read does not state these terms; they were supplied by the customer: "
        "{}.\n",
        fmt::join(version.supplied, ", "));
  }
  return text + fmt::format(
                    "\nThe grid of {}s begins with the billing cycle ({}). Each {} includes its "
                    "begin and not its end; a request belongs to the {} that holds its start. "
                    "Times are UTC.\n",
                    words.noun, version.time_zone, words.noun, words.noun);
}

// S, the sum of errors/requests: what is lost of the N intervals that count.
std::string mean_rows(const core::MeanOfIntervals& family, const core::Assessment& a) {
  const core::UptimeTerms terms = core::uptime_terms(family, a);
  return row("S: sum of errors / requests over intervals.log",
             fmt::format("{} = {}", report::fraction_text(terms.lost),
                         terms.lost.to_decimal(12, core::Rounding::cut)));
}

std::string figures(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  std::string text = "| | |\n|---|---|\n";
  text += row(words.all, std::to_string(a.parts.size()));
  text += row("of these measured", std::to_string(totals.measured));
  text += row(words.silent, std::to_string(totals.silent));
  text += row(fmt::format("excluded (each {})", words.outside), std::to_string(totals.excluded));
  text += row(words.lost, std::to_string(totals.below_100));
  text += row(words.requests, std::to_string(totals.requests));
  text += row(words.errors, std::to_string(totals.errors));
  if (totals.errors != totals.errors_below_100) {
    text += row("of these in intervals.log", std::to_string(totals.errors_below_100));
  }
  if (!words.counted.empty()) text += row(words.counted, std::to_string(a.counted));
  const auto* mean = std::get_if<core::MeanOfIntervals>(&claim.version->formula);
  if (mean != nullptr) text += mean_rows(*mean, a);
  return text + fmt::format("\nMonthly Uptime Percentage = {}.\n", words.uptime);
}

std::string coverage(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  std::string text = fmt::format(
      "Requests were measured in {} of {} {}s. Not counted: {} requests that are no Requests "
      "under the contract, {} error answers that cannot be attributed to the provider, {} requests "
      "that were due and not sent.\n",
      totals.measured, a.parts.size(), words.noun, totals.not_requests, totals.unattributed,
      totals.missed);
  if (a.probes.due() != 0) {
    text += fmt::format("Our own probes were due {} times and sent {} times.\n", a.probes.due(),
                        a.probes.sent);
  }
  for (const std::string& sentence : report::asides(a)) text += sentence + '\n';
  if (totals.is_sure()) return text;
  text += fmt::format(
      "Had every {} met an Error, the Monthly Uptime Percentage would be {} %; had every one been "
      "served, {} %, ",
      report::not_sent_words(totals), core::percent_text(a.lower), core::percent_text(a.upper));
  text += a.upper < claim.version->commitment ? "which is below the Service Commitment too.\n"
                                              : "which would meet the Service Commitment.\n";
  return text;
}

Part exclusions(const core::Assessment& a, const report::FormulaWords& words) {
  Part part{"\n## Exclusions\n\n"};
  if (a.exclusions.empty())
    part.text += "No time was excluded from the measurement.\n";
  else
    part.text +=
        fmt::format("Every {} that one of these touches {}:\n\n", words.noun, words.outside);
  for (const core::ExclusionEffect& exclusion : a.exclusions) {
    const core::Interval& span = exclusion.window.span;
    part.entries.push_back(fmt::format(
        "- {} to {}: {}. Without it the Monthly Uptime Percentage would be {} %.\n",
        core::to_text(span.begin), core::to_text(span.end), user_text(exclusion.window.reason),
        core::percent_text(exclusion.uptime_without)));
  }
  part.shown = part.entries.size();
  return part;
}

Part seal_part(const Claim& claim) {
  Part part{"\n## Seal\n\n"};
  if (!claim.seal) {
    std::string text = not_sealed_text(claim);
    text.front() = 'N';
    part.text += text + ".\n";
    return part;
  }
  const record::Seal seal = shown_seal(*claim.seal, claim.agreement).seal;
  part.text += fmt::format(
      "Sealed at {} as revision {}, SHA-256 {}{}.\n", core::to_text(seal.at), seal.revision,
      seal.digest,
      seal.public_key.empty() ? "" : ", signed with the Ed25519 key " + seal.public_key);
  if (seal.changes.empty()) return part;
  part.text += fmt::format("Against revision {}:\n\n", seal.revision - 1);
  for (const std::string& change : seal.changes) {
    part.entries.push_back(fmt::format("- {}\n", line_text(change)));
  }
  part.shown = part.entries.size();
  return part;
}

// What CloudTrail signed of it, what it did not, and how anybody can check that.
std::vector<Part> digest_parts(const ClaimDigests& digests) {
  Part part{"\n## CloudTrail's signature\n\n" + digests_text(digests) + '\n'};
  for (const std::string& sentence : not_proven(digests)) {
    part.entries.push_back(fmt::format("- {}\n", user_text(sentence)));
  }
  part.shown = part.entries.size();
  if (part.shown > 0) part.text += '\n';
  Part check{"\nFetch the keys yourself to see whose they are:\n\n"};
  for (const auto& command : report::fetch_keys_commands(digests.checked->check)) {
    check.text += fmt::format("    {}\n", command);
  }
  check.text += fmt::format("\nCheck one digest by hand, in the folder of {}:\n\n", kShownDigest);
  for (const std::string& command : by_hand(digests)) {
    check.entries.push_back(fmt::format("    {}\n", command));
  }
  check.shown = check.entries.size();
  return {std::move(part), std::move(check)};
}

// By the contract's words as they stand. That they can be read to end earlier is for the user's
// notes: a claimant does not argue against the claim.
std::string deadline(const core::Assessment& a) {
  if (!a.deadline) return "The contract names no date by which this request must be received.\n";
  return fmt::format("This request must be received before {}.\n",
                     core::to_text(a.deadline->literal));
}

// How the logs go into the case, where one set of attachments does not hold them.
std::string sets_text(const std::vector<WrittenFile>& logs) {
  const auto sets = attachment_sets(logs);
  if (sets.size() < 2) return {};
  return fmt::format(
      "- The request log is in {} files of at most {} bytes, requests.log to {}: with "
      "intervals.log "
      "{} sets of {}, of which the first goes with the case and each further one with a "
      "communication to it.\n",
      logs.size() - 1, kLargestAttachment, logs.back().name, sets.size(), kAttachmentsInSet);
}

std::string redactions(const Redacted& redacted) {
  std::string text;
  for (const auto& [kind, count] : redacted.by_kind) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", count, kind);
  }
  if (redacted.earlier > 0) {
    text += fmt::format("{}{} x when the request was recorded", text.empty() ? "" : ", ",
                        redacted.earlier);
  }
  return fmt::format("- Replaced by asterisks in the request log: {}.\n",
                     text.empty() ? "nothing" : text);
}

std::string attachments(const Claim& claim, const Logged& logged, const report::FormulaWords& words,
                        const std::vector<WrittenFile>& logs) {
  std::string text = fmt::format(
      "- intervals.log: begin, end, requests, errors and Availability of every {}, {} in all.\n"
      "- requests.log: the {} failed Requests with a record: time, status, error, request id, "
      "duration. Confidential text is replaced by asterisks.\n",
      words.listed, claim.assessment.totals.below_100, logged.total);
  if (logged.missing > 0) {
    text += fmt::format("  {} of the {} Errors were counted without a record of the request.\n",
                        logged.missing, logged.missing + logged.total);
  }
  text += sets_text(logs) + redactions(logged.redacted);
  text +=
      "\nOn request: this claim as one page (claim.html), all its figures for a program to read "
      "(claim.json),";
  if (claim.digests) {
    text += fmt::format(" CloudTrail's digests and their keys ({}, {}),", kDigests, kDigestKeys);
  }
  if (claim.stamps) text += fmt::format(" the tokens of its time ({}/),", kStampFolder);
  text += " and the digests of all files";
  text += claim.signer.empty() ? " (SHA256SUMS).\n"
                               : " with their Ed25519 signature (SHA256SUMS, SHA256SUMS.sig).\n";
  return text;
}

}  // namespace

std::string place_text(const Claim& claim) {
  const std::string& region = claim.agreement.region;
  return region.empty() ? claim.rule->service : claim.rule->service + ", " + record::redact(region);
}

std::string subject_text(const Claim& claim) {
  const std::string words = user_text(claim.version->claim.subject);
  std::string text = fmt::format("{}: {}, {}", words.empty() ? "Service Credit request" : words,
                                 place_text(claim), core::to_text(claim.assessment.cycle.month));
  if (claim.agreement.practice) text += fmt::format(" ({})", report::kPracticeNote);
  return text;
}

std::string body_text(const Claim& claim, const Logged& logged,
                      const std::vector<WrittenFile>& logs) {
  const report::FormulaWords words = report::words_of(*claim.version);
  std::string text = fmt::format("# {}\n\n", subject_text(claim));
  if (claim.agreement.practice) text += fmt::format("**{}.**\n\n", report::kPracticeNote);
  text += fmt::format(
      "We request a Service Credit of {}: in this billing cycle the service did not "
      "meet the Service Commitment.\n\n",
      core::to_text(*claim.credit.amount));
  if (const std::string robust = report::robust_words(claim); !robust.empty()) {
    text += robust + "\n\n";
  }
  text += summary(claim);
  if (!claim.version->claim.needs.empty()) text += '\n';
  for (const std::string& need : claim.version->claim.needs) {
    text += fmt::format("- to be added by hand: {}\n", user_text(need));
  }
  std::vector<Part> parts{{std::move(text)}};
  for (Part& part : charge_parts(*claim.credit.charge)) parts.push_back(std::move(part));
  parts.push_back(
      {"\n## How it was computed\n\n" + method(claim, words) + '\n' + figures(claim, words)});
  parts.push_back({"\n## What was measured\n\n" + coverage(claim, words)});
  parts.push_back(exclusions(claim.assessment, words));
  parts.push_back(seal_part(claim));
  if (claim.digests) {
    for (Part& part : digest_parts(*claim.digests)) parts.push_back(std::move(part));
  }
  if (claim.stamps) parts.push_back({stamps_text(*claim.stamps)});
  parts.push_back({"\n## Attachments\n\n" + attachments(claim, logged, words, logs)});
  parts.push_back({"\n## Deadline\n\n" + deadline(claim.assessment)});
  return fitted(std::move(parts), kLongestBody);
}

}  // namespace recoup::claim
