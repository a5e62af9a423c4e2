#include "claim/shown_claim.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/canonical.h"
#include "record/redact.h"
#include "record/series.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using core::Result;
using record::Seal;

// What the seal says otherwise than the claim, in a word; empty if nothing.
std::string_view difference(const Claim& claim, const Seal& seal) {
  const core::Assessment& a = claim.assessment;
  const core::Credit& credit = claim.credit;
  if (seal.agreement != claim.agreement.id) return "agreement";
  if (seal.month != a.cycle.month || seal.cycle != a.cycle.span) return "billing cycle";
  if (seal.rule != claim.rule->id || seal.version != claim.version->date() ||
      seal.rule_digest != claim.version->digest) {
    return "rule";
  }
  if (seal.assessment_sha256 != record::sha256_hex(record::canonical_assessment(a)) ||
      seal.requests != a.totals.requests || seal.errors != a.totals.errors ||
      seal.uptime != a.uptime) {
    return "assessment";
  }
  if (seal.charge_sha256 != record::sha256_hex(record::canonical_charge(credit.charge))) {
    return "charge";
  }
  const bool same_credit = seal.share == credit.share && seal.amount == credit.amount &&
                           seal.eligible == credit.eligible;
  return same_credit ? "" : "credit";
}

std::string shown(const std::string& text) { return report::json_text(record::redact(text)); }

bool is_shown(const std::string& text) { return shown(text) == text; }

// Percentages of the program's own have twelve digits after the point, which look like an account.
bool is_percentages(const std::string& change) {
  return change.starts_with("Monthly Uptime Percentage: ") ||
         change.starts_with("Service Credit: ");
}

// What is compared stands in a claim where it supports it, by its sums; what contradicts it is told
// to the user (readiness.h).
void show_beside(core::Assessment& a) {
  for (core::Source& source : a.sources) {
    // What is compared saw none of the Requests that were averaged.
    std::erase_if(source.names, [&](const std::string& name) {
      return std::any_of(a.comparisons.begin(), a.comparisons.end(),
                         [&](const core::Comparison& one) { return one.log == name; });
    });
    for (std::string& name : source.names) name = shown(name);
    for (std::string& vantage : source.vantages) vantage = shown(vantage);
  }
  for (core::Overlap& overlap : a.overlaps) {
    overlap.one = shown(overlap.one);
    overlap.other = shown(overlap.other);
  }
  std::erase_if(a.comparisons, [&](const core::Comparison& one) { return !supports(one, a); });
  for (core::Comparison& comparison : a.comparisons) {
    comparison.log = shown(comparison.log);
    comparison.parts = {};
  }
  a.logged = {};
}

// What the provider told of that touches nothing that was lost is left to the user's notes.
void show_incidents(core::SeenIncidents& incidents) {
  std::erase_if(incidents.each, [](const core::SeenIncident& one) { return one.inside == 0; });
  if (incidents.empty()) incidents = {};
  for (core::SeenIncident& one : incidents.each) {
    core::ProviderIncident& incident = one.incident;
    incident.number = 0;
    incident.agreements.clear();
    for (std::string* text : {&incident.provider, &incident.id, &incident.title, &incident.url}) {
      *text = shown(*text);
    }
    for (auto* names : {&incident.services, &incident.regions}) {
      for (std::string& name : *names) name = shown(name);
    }
  }
}

}  // namespace

bool supports(const core::Comparison& comparison, const core::Assessment& a) {
  return comparison.tier && a.tier && (comparison.tier == a.tier || *comparison.uptime < a.uptime);
}

std::string not_sealed_text(const Claim& claim) {
  if (!claim.late_until) return "not sealed";
  return fmt::format(
      "not sealed: late logs may still come until {}; write the claim again after that",
      core::to_text(*claim.late_until));
}

Result<void> check_own_seal(const Claim& claim) {
  if (!claim.seal) return {};
  if (const auto faults = record::seal_faults(*claim.seal); !faults.empty()) {
    return core::Error{"the seal does not hold: " + faults.front()};
  }
  const std::string_view what = difference(claim, *claim.seal);
  if (what.empty()) return {};
  const auto& charge = claim.credit.charge;
  return core::Error{fmt::format("expected the {} as revision {} of {} sealed it, got another",
                                 what, claim.seal->revision, core::to_text(claim.seal->month)),
                     "",
                     what == "charge" && charge && !charge->final
                         ? "the bill is not final: write the claim when it is, or state the charge "
                           "in [agreement.charges]"
                         : "something changed while the claim was being written: write it again"};
}

std::string shown_id(const core::Agreement& agreement) {
  std::string others = agreement.id;
  const std::string& own = agreement.account;
  for (auto at = others.find(own); !own.empty() && at != std::string::npos; at = others.find(own)) {
    others.erase(at, own.size());
  }
  return record::redact(others) == others ? report::json_text(agreement.id) : shown(agreement.id);
}

ShownSeal shown_seal(const Seal& seal, const core::Agreement& agreement) {
  ShownSeal result{seal};
  result.seal.agreement = shown_id(agreement);
  for (record::ChainHead& head : result.seal.chain) {
    head.name = shown(head.name);
    // A log's part is the digest of a file, which looks like a signature and is none.
    if (record::parse_series_kind(head.kind) != record::SeriesKind::file) {
      head.part = shown(head.part);
    }
  }
  result.seal.charge_from = shown(seal.charge_from);
  for (std::string& text : result.seal.exclusions) text = shown(text);
  for (std::string& text : result.seal.changes) {
    if (!is_percentages(text)) text = shown(text);
  }
  result.withheld = record::seal_digest(result.seal) != seal.digest;
  return result;
}

bool charge_withheld(const Claim& claim) {
  return claim.seal && record::sha256_hex(record::canonical_charge(claim.credit.charge)) !=
                           claim.seal->charge_sha256;
}

bool stamps_withheld(const Claim& claim) {
  if (!claim.stamps) return false;
  if (shown_id(claim.agreement) != claim.agreement.id) return true;
  for (const record::ReadStamp& one : claim.stamps->stamps) {
    if (!is_shown(one.document.reason)) return true;
    for (const record::StampedSource& source : one.document.sources) {
      if (!is_shown(source.name) || !is_shown(source.part)) return true;
    }
    for (const record::ChainHead& head : one.document.chain) {
      // A log's part is the digest of a file.
      const bool file = head.kind == record::to_text(record::SeriesKind::file);
      if (!is_shown(head.name) || (!file && !is_shown(head.part))) return true;
    }
  }
  return std::any_of(claim.stamps->texts.begin(), claim.stamps->texts.end(),
                     [](const auto& text) { return !is_shown(text.second); });
}

Claim shown_claim(const Claim& claim) {
  const auto show = [](std::string& text) { text = shown(text); };
  const auto cut = [](core::Ratio& amount) {
    if (const auto digits = core::Ratio::parse(core::exact_text(amount))) amount = *digits;
  };
  Claim result = claim;
  if (claim.key != nullptr) result.signer = claim.key->public_key();
  result.agreement.id = shown_id(claim.agreement);
  // For the user's notes: a claimant does not argue against the claim.
  result.other_readings.clear();
  result.otherwise.clear();
  // Nor does it say what else the credit rests on; where it rests on no one source, that it does.
  if (!claim.robustness.keeps(claim.credit.share)) result.robustness = {};
  for (core::Strike& strike : result.robustness.strikes) strike.name.clear();
  // As the user wrote it to be shown: an e-mail address is what it is for.
  result.agreement.contact = report::json_text(claim.agreement.contact);
  show(result.agreement.region);
  for (core::ExclusionWindow& window : result.agreement.exclusions) show(window.reason);
  for (auto& [window, without] : result.assessment.exclusions) show(window.reason);
  show_beside(result.assessment);
  show_incidents(result.incidents);
  if (stamps_withheld(claim)) result.stamps = nullptr;
  if (claim.seal) result.seal = shown_seal(*claim.seal, claim.agreement).seal;
  if (!claim.credit.charge) return result;
  core::Charge& charge = *result.credit.charge;
  show(charge.from);
  show(charge.note);
  for (core::ChargeLine& line : charge.lines) {
    show(line.item);
    show(line.calculation);
    cut(line.amount);
  }
  for (std::string& remark : charge.remarks) show(remark);
  for (core::OtherFigure& other : charge.others) {
    show(other.from);
    cut(other.amount.amount);
  }
  return result;
}

}  // namespace recoup::claim
