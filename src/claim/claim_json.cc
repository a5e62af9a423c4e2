#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/rule_json.h"
#include "claim/shown_claim.h"
#include "claim/timestamps.h"
#include "record/redact.h"
#include "report/json.h"
#include "report/judgement_json.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using report::Json;

constexpr const char* kColumns = "intervals x requests errors not_requests unattributed missed";
constexpr const char* kMoreColumns =
    "intervals x requests errors not_requests unattributed missed, and where there is any of "
    "these: indirect indirect_errors reported_errors unseen, and where there is any of it: unread";
constexpr const char* kAllColumns =
    "intervals x requests errors not_requests unattributed missed, and where there is any of "
    "these: indirect indirect_errors reported_errors unseen, and where there is any of the next: "
    "unread, and behind it: refused";

Json charges_json(const Claim& claim) {
  core::Charge charge = *claim.credit.charge;
  const auto redact = [](std::string& text) { text = record::redact(text); };
  redact(charge.note);
  for (core::ChargeLine& line : charge.lines) {
    redact(line.item);
    redact(line.calculation);
  }
  for (std::string& remark : charge.remarks) redact(remark);
  for (core::OtherFigure& other : charge.others) redact(other.from);
  Json json = report::fraction_json(charge.amount.amount);
  json["note"] = charge.note;
  json["final"] = charge.final;
  json["withheld"] = charge_withheld(claim);
  json["lines"] = report::charge_lines_json(charge.lines);
  json["remarks"] = charge.remarks;
  json["others"] = report::other_figures_json(charge.others);
  return json;
}

Json chain_json(const std::vector<record::ChainHead>& chain) {
  Json list = Json::array();
  for (const record::ChainHead& head : chain) {
    list.push_back({{"kind", head.kind},
                    {"name", head.name},
                    {"part", head.part},
                    {"records", head.records},
                    {"head", head.head}});
  }
  return list;
}

// Whether it has any of what few intervals have.
bool has_more(const core::IntervalPart& p) {
  return (p.indirect | p.indirect_errors | p.reported_errors | p.unread | p.refused) != 0 ||
         p.unseen;
}

// Which columns a run has, of all that were written so far.
enum class Columns { few, more, all };

Columns columns_of(const core::IntervalPart& p) {
  return p.refused > 0 ? Columns::all : has_more(p) ? Columns::more : Columns::few;
}

const char* words_of(Columns columns) {
  switch (columns) {
    case Columns::few: return kColumns;
    case Columns::more: return kMoreColumns;
    case Columns::all: break;
  }
  return kAllColumns;
}

// "60 0 0 0 0", and "60 1 0 0 0 0 0 1 0" with that, or "60 1 0 0 0 0 0 1 0 2" with unread lines, or
// "60 1 0 0 0 0 0 1 0 0 3" with answers that refused us and were left out.
std::string counts_text(const core::IntervalPart& p) {
  std::string text =
      fmt::format("{} {} {} {} {}", p.requests, p.errors, p.not_requests, p.unattributed, p.missed);
  if (!has_more(p)) return text;
  text += fmt::format(" {} {} {} {}", p.indirect, p.indirect_errors, p.reported_errors,
                      p.unseen ? 1 : 0);
  if (p.unread > 0 || p.refused > 0) text += fmt::format(" {}", p.unread);
  if (p.refused > 0) text += fmt::format(" {}", p.refused);
  return text;
}

// The counts of every interval, those that are alike one after the other in one line:
// "8925 x 60 0 0 0 0". What each of them was follows from the counts and the exclusions.
Json runs_json(const core::Intervals& parts, Columns& columns) {
  Json runs = Json::array();
  std::size_t alike = 0;
  std::string counts;
  const auto finish = [&] {
    if (alike > 0) runs.push_back(fmt::format("{} x {}", alike, counts));
    alike = 0;
  };
  for (const core::IntervalRun& run : parts.runs()) {
    std::string next = counts_text(run.part);
    columns = std::max(columns, columns_of(run.part));
    if (next != counts) finish();
    counts = std::move(next);
    alike += run.count;
  }
  finish();
  return runs;
}

// Of each resource by itself where the time of several is summed.
Json counts_json(const core::Assessment& a) {
  Columns columns = Columns::few;
  if (a.resources.empty()) {
    Json runs = runs_json(a.parts, columns);
    return {{"columns", words_of(columns)}, {"runs", std::move(runs)}};
  }
  Json list = Json::array();
  for (const core::ResourceShare& one : a.resources) {
    list.push_back(
        {{"resource", record::redact(one.name)}, {"runs", runs_json(one.parts, columns)}});
  }
  return {{"columns", words_of(columns)}, {"by_resource", std::move(list)}};
}

// All that record::canonical_seal() is made of, so that the digest can be recomputed; read_seal()
// in read_claim_json.cc reads it back.
Json seal_json(const ShownSeal& shown) {
  const record::Seal& seal = shown.seal;
  return {
      {"agreement", seal.agreement},
      {"month", core::to_text(seal.month)},
      {"revision", seal.revision},
      {"at", core::to_text(seal.at)},
      {"cycle",
       {{"begin", core::to_text(seal.cycle.begin)}, {"end", core::to_text(seal.cycle.end)}}},
      {"tallies_sha256", seal.tallies_sha256},
      {"evidence_sha256", seal.evidence_sha256},
      {"evidence_records", seal.evidence_records},
      {"chain", chain_json(seal.chain)},
      {"rule",
       {{"id", seal.rule}, {"version", core::to_text(seal.version)}, {"digest", seal.rule_digest}}},
      {"assessment_sha256", seal.assessment_sha256},
      {"charge_sha256", seal.charge_sha256},
      {"requests", seal.requests},
      {"errors", seal.errors},
      {"uptime", report::fraction_json(seal.uptime)},
      {"share", report::fraction_json(seal.share)},
      {"charge", report::exact_money_json(seal.charge)},
      {"charge_from", seal.charge_from},
      {"amount", report::exact_money_json(seal.amount)},
      {"eligible", seal.eligible},
      {"deadline", report::deadline_json(seal.deadline)},
      {"exclusions", seal.exclusions},
      {"changes", seal.changes},
      {"previous", seal.previous},
      {"withheld", shown.withheld},
      {"digest", seal.digest},
      {"signature", seal.signature},
      {"public_key", seal.public_key}};
}

}  // namespace

std::string claim_json(const Claim& claim, const Logged& logged,
                       const std::vector<WrittenFile>& files) {
  Json json = {{"claim", kClaimForm}};
  if (claim.agreement.practice) json["note"] = report::kPracticeNote;
  json["account"] = claim.agreement.account;
  json["region"] = record::redact(claim.agreement.region);
  json["issued"] = core::to_text(claim.asked);
  json["contact"] = claim.agreement.contact;
  json["claim_via"] = claim.agreement.by_partner ? "partner" : "provider";
  json["time_zone"] = claim.zone.name();
  json["used"] = {{"since", report::instant_json(claim.agreement.since)},
                  {"until", report::instant_json(claim.agreement.until)}};
  if (claim.agreement.cycle_start) {
    json["cycle_start"] = core::to_text(*claim.agreement.cycle_start);
  }
  json["verdict"] = report::judgement_json(claim);
  json["verdict"]["agreement"] = shown_id(claim.agreement);
  json["counts"] = counts_json(claim.assessment);
  json["charges"] = charges_json(claim);
  json["seal"] = nullptr;
  if (claim.seal) {
    json["seal"] = seal_json(shown_seal(*claim.seal, claim.agreement));
  } else {
    json["not_sealed"] = not_sealed_text(claim);
    json["late_until"] = report::instant_json(claim.late_until);
  }
  json["public_key"] = claim.signer;
  json["errors_without_record"] = logged.missing;
  json["redacted"]["before_it_was_recorded"] = logged.redacted.earlier;
  for (const auto& [kind, count] : logged.redacted.by_kind) {
    json["redacted"][std::string(kind)] = count;
  }
  if (claim.digests) json["digests"] = digests_json(*claim.digests);
  if (claim.stamps) json["timestamps"] = stamps_json(*claim.stamps);
  json["rule"] = rule_json(*claim.rule, *claim.version);
  json["files"] = Json::array();
  for (const WrittenFile& file : files) {
    json["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return report::indented(json) + '\n';
}

}  // namespace recoup::claim
