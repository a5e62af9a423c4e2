#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "claim/body_parts.h"
#include "claim/case_json.h"
#include "claim/claim_words.h"
#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/lost.h"
#include "claim/shown_claim.h"
#include "claim/timestamps.h"
#include "core/figures.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/contract_words.h"
#include "report/digest_words.h"
#include "report/formula_words.h"
#include "report/html_text.h"
#include "report/incident_words.h"
#include "report/robustness_words.h"
#include "report/votes_words.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

// Facts collects names and values; what there is nothing of is left out.
class Facts {
 public:
  void add(std::string_view name, std::string value) {
    if (value.empty()) return;
    part_.rows.push_back({{std::string(name), std::move(value)}, part_.rows.size()});
    part_.shown = part_.rows.size();
  }
  void add(std::string_view name, std::uint64_t count) {
    if (count > 0) add(name, std::to_string(count));
  }
  Part part() && { return std::move(part_); }

 private:
  Part part_{Part::Kind::facts};
};

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

// --- what is asked for ---------------------------------------------------------------------------

Part request(const Claim& claim) {
  std::string text = fmt::format(
      "We request a Service Credit of {}: in this billing cycle the service did not meet the "
      "Service Commitment.",
      core::to_text(*claim.credit.amount));
  if (const std::string robust = report::robust_words(claim); !robust.empty()) text += ' ' + robust;
  if (claim.robustness.votes) {
    const std::string votes = report::votes_sentence(*claim.robustness.votes);
    if (!votes.empty()) text += ' ' + votes;
  }
  return paragraph(std::move(text));
}

Part summary(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  const core::Version& version = *claim.version;
  Facts facts;
  facts.add("Account", claim.agreement.account);
  facts.add("Service", claim.rule->service);
  facts.add("Region", user_text(claim.agreement.region));
  facts.add("Billing cycle",
            fmt::format("{}, from {} up to, not including, {}", core::to_text(a.cycle.month),
                        core::to_text(a.cycle.span.begin), core::to_text(a.cycle.span.end)));
  facts.add("Used in part", part_text(claim));
  facts.add("Monthly Uptime Percentage", core::percent_text(a.uptime) + " % (cut after 12 digits)");
  facts.add("Service Commitment", version.commitment_text + " %");
  facts.add("Service Credit", fmt::format("{} % of the charges: Monthly Uptime Percentage {}",
                                          core::short_percent(claim.credit.share),
                                          report::tier_text(version.credits[*a.tier])));
  facts.add("Charges", charges_text(*claim.credit.charge));
  if (claim.credit.capped) {
    facts.add("Limit", "that share is more than the contract credits for a billing cycle");
  }
  facts.add("Amount claimed", claimed_text(*claim.credit.amount));
  facts.add("To be received", in_time_text(claim));
  facts.add("Contact", line_text(claim.agreement.contact));
  for (const std::string& need : version.claim.needs) {
    facts.add(user_text(need), std::string(kToFillIn));
  }
  return std::move(facts).part();
}

// Every interval that takes from the uptime; where they are too many, those that take the most.
std::vector<Part> intervals(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  struct Lost {
    core::Ratio availability;
    std::uint64_t errors;
    Row row;
  };
  std::vector<Lost> all;
  for_each_lost(a, [&](const LostInterval& lost) {
    const core::Ratio availability = *core::availability(lost.part);
    Row row{{core::to_text(a.interval_at(lost.index).begin), std::to_string(lost.part.requests),
             std::to_string(lost.part.errors), core::percent_text(availability)},
            all.size()};
    if (!lost.resource.empty()) row.cells.push_back(lost.resource);
    all.push_back({availability, lost.part.errors, std::move(row)});
  });
  std::stable_sort(all.begin(), all.end(), [](const Lost& one, const Lost& other) {
    return std::tie(one.availability, other.errors) < std::tie(other.availability, one.errors);
  });
  Part table{Part::Kind::table};
  table.columns = {{"Begin"}, {"Requests", true}, {"Errors", true}, {"Availability, %", true}};
  if (!a.resources.empty()) table.columns.push_back({"Resource"});
  for (Lost& lost : all) table.rows.push_back(std::move(lost.row));
  table.shown = table.rows.size();
  table.rest = [](std::size_t shown, std::size_t of) {
    return fmt::format("These are the {} worst of {}; the attachment intervals.log has all.",
                       core::grouped(shown), core::grouped(of));
  };
  return {heading(fmt::format("Every {}", words.listed)),
          paragraph(fmt::format("Each lasts {} from its begin and does not include its end. Times "
                                "are UTC.",
                                report::length_text(a.interval))),
          std::move(table)};
}

std::vector<Part> measured(const Claim& claim) {
  std::vector<Part> parts{heading("What was measured"), paragraph(seen_by_text(claim))};
  if (auto texts = counted_texts(claim); !texts.empty()) parts.push_back(list(texts));
  return parts;
}

// The charge line by line, and what must be known of it. What other sources say is for the notes.
std::vector<Part> charge_parts(const core::Charge& charge) {
  constexpr std::size_t kMostLines = 10;
  if (charge.lines.empty() && charge.remarks.empty()) return {};
  std::vector<Part> parts{heading("The charge")};
  if (!charge.lines.empty()) {
    Part lines{Part::Kind::table};
    lines.columns = {{"For"}, {"Calculation"}, {charge.amount.currency, true}};
    for (const core::ChargeLine& line : charge.lines) {
      lines.rows.push_back(
          {{user_text(line.item), user_text(line.calculation), core::exact_text(line.amount)},
           lines.rows.size()});
    }
    lines.shown = std::min(kMostLines, lines.rows.size());
    parts.push_back(std::move(lines));
  }
  std::vector<std::string> notes;
  for (const std::string& remark : charge.remarks) notes.push_back(user_text(remark));
  if (!notes.empty()) parts.push_back(list(notes));
  return parts;
}

Part exclusion_list(const core::Assessment& a) {
  std::vector<std::string> sentences;
  for (const core::ExclusionEffect& exclusion : a.exclusions) {
    const core::Interval& span = exclusion.window.span;
    sentences.push_back(fmt::format(
        "{} to {}: {}. Without it the Monthly Uptime Percentage would be {} %.",
        core::to_text(span.begin), core::to_text(span.end), user_text(exclusion.window.reason),
        core::percent_text(exclusion.uptime_without)));
  }
  return list(sentences);
}

std::vector<Part> exclusions(const core::Assessment& a, const report::FormulaWords& words) {
  if (a.exclusions.empty()) return {};
  return {
      heading("Exclusions"),
      paragraph(fmt::format("Every {} that one of these touches {}:", words.noun, words.outside)),
      exclusion_list(a)};
}

// --- what goes with it ---------------------------------------------------------------------------

// How the files go into the case, where one set of attachments does not hold them.
std::string sets_text(const std::vector<std::string>& attached) {
  const auto sets = attachment_sets(attached);
  if (sets.size() < 2) return {};
  return fmt::format(
      "{} files of at most {} bytes each go with it, in {} sets of {}: the first with the case, "
      "each "
      "further one with a communication to it.",
      attached.size(), kLargestAttachment, sets.size(), kAttachmentsInSet);
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
  return text.empty() ? text : " Replaced by asterisks: " + text + '.';
}

std::string requests_text(const Logged& logged) {
  if (logged.total == 0)
    return "requests.log: the failed Requests with a record of their own; none.";
  const std::uint64_t all = logged.total + logged.missing;
  return fmt::format(
      "requests.log: {} failed Requests, with time, status, error, request id and "
      "duration.{}",
      logged.missing == 0 ? fmt::format("the {}", all)
                          : fmt::format("{} of the {}", logged.total, all),
      redactions(logged.redacted));
}

std::vector<Part> attachments(const Claim& claim, const Logged& logged,
                              const report::FormulaWords& words,
                              const std::vector<std::string>& attached) {
  std::vector<std::string> files{
      fmt::format("intervals.log: begin, end, requests, errors and Availability of every {}, {} in "
                  "all.",
                  words.listed, claim.assessment.totals.below_100),
      requests_text(logged)};
  if (claim.digests) {
    files.push_back(
        fmt::format("{}, {} and {}: CloudTrail's digests, and the keys that signed them.", kDigests,
                    kDigestKeys, kShownDigest));
  }
  if (const std::string sets = sets_text(attached); !sets.empty()) files.push_back(sets);
  return {
      heading("Attachments"), list(files),
      paragraph(fmt::format(
          "On request: this claim as a page with pictures (claim.html); every interval above as a "
          "table (dispute.csv), to tell in which of them "
          "another figure was measured; all figures for a program to read (claim.json);{} the "
          "digests of all files{}.",
          claim.stamps ? fmt::format(" the tokens of its time ({}/);", kStampFolder) : "",
          claim.signer.empty() ? " (SHA256SUMS)"
                               : " with their Ed25519 signature (SHA256SUMS, SHA256SUMS.sig)"))};
}

// --- how anybody can check it
// ----------------------------------------------------------------------

std::vector<Part> method(const Claim& claim, const report::FormulaWords& words) {
  const core::Version& version = *claim.version;
  std::vector<std::string> definitions = report::request_definitions(version);
  definitions.insert(definitions.end(), words.definitions.begin(), words.definitions.end());
  std::vector<Part> parts{heading("How it was computed"),
                          paragraph(fmt::format("By the contract's {} ({}):",
                                                report::version_words(version), version.source)),
                          list(definitions)};
  const std::vector<std::string> elsewhere = report::source_words(version);
  if (!elsewhere.empty()) {
    parts.push_back(paragraph("These terms were read elsewhere:"));
    parts.push_back(list(elsewhere));
  }
  std::string text;
  if (!version.source_read.empty()) {
    text += fmt::format("The {} read on {}. ", elsewhere.empty() ? "text was" : "others were",
                        version.source_read);
  }
  if (!version.effective) text += "When that text came into force is not known. ";
  if (!version.supplied.empty()) {
    text += fmt::format(
        "The text that was read does not state these terms; they were supplied by the customer: "
        "{}. ",
        fmt::join(version.supplied, ", "));
  }
  text += fmt::format(
      "The grid of {}s begins with the billing cycle ({}); a request belongs to the {} that holds "
      "its start.",
      words.noun, version.time_zone, words.noun);
  parts.push_back(paragraph(std::move(text)));
  return parts;
}

// S, the sum of errors/requests: what is lost of the N intervals that count.
std::string lost_text(const core::MeanOfIntervals& family, const core::Assessment& a) {
  const core::UptimeTerms terms = core::uptime_terms(family, a);
  return fmt::format("{} = {}", report::fraction_text(terms.lost),
                     terms.lost.to_decimal(12, core::Rounding::cut));
}

std::vector<Part> figures(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  Facts facts;
  facts.add(words.all, a.parts.size());
  if (totals.measured != a.parts.size()) facts.add("of these measured", totals.measured);
  facts.add(words.silent, totals.silent);
  facts.add(fmt::format("excluded (each {})", words.outside), totals.excluded);
  facts.add(words.lost, totals.below_100);
  facts.add(words.requests, totals.requests);
  facts.add(words.errors, totals.errors);
  if (totals.errors != totals.errors_below_100) {
    facts.add("of these in intervals.log", totals.errors_below_100);
  }
  if (!words.counted.empty()) facts.add(words.counted, a.counted);
  if (const auto* mean = std::get_if<core::MeanOfIntervals>(&claim.version->formula)) {
    facts.add("S: sum of errors / requests over intervals.log", lost_text(*mean, a));
  }
  facts.add("Monthly Uptime Percentage",
            fmt::format("{} = {} %", words.uptime, core::percent_text(a.uptime)));
  facts.add("the same, exact, as a fraction of 1", report::fraction_text(a.uptime));
  return {std::move(facts).part()};
}

// What CloudTrail signed of it, what it did not, and how anybody can check that.
std::vector<Part> digest_parts(const ClaimDigests& digests) {
  std::vector<Part> parts{heading("CloudTrail's signature"), paragraph(digests_text(digests))};
  std::vector<std::string> open;
  for (const std::string& sentence : not_proven(digests)) open.push_back(user_text(sentence));
  if (!open.empty()) parts.push_back(list(open));
  parts.push_back(paragraph("Fetch the keys yourself to see whose they are:"));
  parts.push_back(commands(report::fetch_keys_commands(digests.checked->check)));
  parts.push_back(
      paragraph(fmt::format("Check one digest by hand, in the folder of {}:", kShownDigest)));
  parts.push_back(commands(by_hand(digests)));
  return parts;
}

// What a third party signed of its time, and how anybody can check that.
std::vector<Part> stamp_parts(const record::StampedTime& stamped) {
  return {heading("Time, signed by a third party"), paragraph(stamps_text(stamped)),
          paragraph("Check one by hand, with the authority's own certificate:"),
          commands({stamp_by_hand(stamped)})};
}

std::vector<Part> seal_parts(const Claim& claim) {
  if (!claim.seal) return {};
  const record::Seal seal = shown_seal(*claim.seal, claim.agreement).seal;
  return {heading("Seal"),
          paragraph(fmt::format(
              "{}{} as revision {}, SHA-256 {}{}.", kSealedWords, core::to_text(seal.at),
              seal.revision, seal.digest,
              seal.public_key.empty() ? "" : ", signed with the Ed25519 key " + seal.public_key))};
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

Body body_of(const Claim& claim, const Logged& logged, const std::vector<std::string>& attached) {
  const report::FormulaWords words = report::words_of(*claim.version);
  std::vector<Part> parts{title(subject_text(claim))};
  const auto add = [&parts](std::vector<Part> more) {
    for (Part& part : more) parts.push_back(std::move(part));
  };
  if (claim.agreement.practice) {
    parts.push_back({Part::Kind::warning, fmt::format("{}.", report::kPracticeNote)});
  }
  if (std::string partner = partner_text(claim); !partner.empty()) add({paragraph(partner)});
  add({request(claim)});
  if (std::string told = report::incident_paragraph(claim); !told.empty()) add({paragraph(told)});
  add({summary(claim)});
  add(intervals(claim, words));
  add(measured(claim));
  add(exclusions(claim.assessment, words));
  add(charge_parts(*claim.credit.charge));
  add(attachments(claim, logged, words, attached));
  add(method(claim, words));
  add(figures(claim, words));
  if (claim.digests) add(digest_parts(*claim.digests));
  if (claim.stamps) add(stamp_parts(*claim.stamps));
  add(seal_parts(claim));
  fit(parts, kLongestBody);
  return {markdown_text(parts), plain_text(parts)};
}

}  // namespace recoup::claim
