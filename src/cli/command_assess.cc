#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "billing/charges.h"
#include "claim/timestamps.h"
#include "cli/commands.h"
#include "cli/print_judgement.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/judge.h"
#include "judge/judge_under.h"
#include "judge/sealing.h"
#include "judge/stamps.h"
#include "report/json.h"
#include "report/judgement_json.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using report::Json;

// Judged is one agreement's verdict, and the one by another contract, where that was asked for.
struct Judged {
  core::Judgement own;
  std::optional<core::Judgement> under;
  std::string sealed = {};       // how the cycle is sealed
  std::string signed_time = {};  // what of it a third party signed the time of; empty: nothing
};

// One of the agreements that were asked for, and its verdict, or why there is none.
struct JudgedAgreement {
  const config::AgreementSettings& settings;
  core::Result<Judged> judged;
};

core::Result<std::string> seal_words(ledger::Seals& ledger, const core::Judgement& judgement) {
  const core::Cycle& cycle = judgement.assessment.cycle;
  if (!judgement.assessment.complete) return std::string();
  const auto seals = ledger.seals(judgement.agreement.id);
  if (!seals) return seals.error();
  const record::Seal* seal = judge::newest_seal(*seals, cycle.month);
  if (seal == nullptr) {
    if (!judge::is_worth_a_seal(judgement.assessment)) {
      return std::string("no: nothing was measured, and no probe was due");
    }
    return fmt::format("not yet; it is due from {} on",
                       core::to_text(cycle.span.end + judge::kSealGrace));
  }
  const auto changes = judge::verdict_changes(*seal, judgement);
  if (changes.empty())
    return fmt::format("{}, revision {}", core::to_text(seal->at), seal->revision);
  return fmt::format("differs from its seal of {}, revision {} ({}{}): see recoup claims seal",
                     core::to_text(seal->at), seal->revision, changes.front(),
                     changes.size() > 1 ? fmt::format("; and {} more", changes.size() - 1) : "");
}

// What a third party signed the time of; empty where it signed nothing.
core::Result<std::string> time_words(ledger::Ledger& ledger, const core::Judgement& judgement,
                                     core::Instant now) {
  const auto stamped =
      judge::stamped_time(ledger, judgement.agreement.id, judgement.assessment.cycle.span, now);
  if (!stamped) return stamped.error();
  if (stamped->none()) return std::string();
  std::string words = core::counted(stamped->stamps.size(), "token");
  if (!stamped->missing.empty()) words += "; none of " + claim::days_list(stamped->missing);
  if (!stamped->changed.empty()) {
    words += "; changed since: " + claim::days_list(stamped->changed);
  }
  return words;
}

core::Result<Judged> judge_one(ledger::Ledger& ledger, billing::Charges& charges,
                               const config::Settings& settings,
                               const config::AgreementSettings& agreement,
                               const AssessOptions& options, core::Instant now) {
  const auto month = month_of(agreement, options.month.value_or(core::SaidMonth{}), now);
  if (!month) return month.error();
  const auto charge = charges.of(agreement.charged(), *month);
  auto own = judge::judge(ledger, agreement, *month, charge, now);
  if (!own) return own.error();
  auto sealed = seal_words(ledger, *own);
  if (!sealed) return sealed.error();
  auto time = time_words(ledger, *own, now);
  if (!time) return time.error();
  if (options.under.empty()) {
    return Judged{*std::move(own), std::nullopt, *std::move(sealed), *std::move(time)};
  }
  auto under =
      judge::judge_under(ledger, *settings.catalog, agreement, options.under, *month, charge, now);
  if (!under) return under.error();
  return Judged{*std::move(own), *std::move(under), *std::move(sealed), *std::move(time)};
}

std::vector<JudgedAgreement> judge_all(ledger::Ledger& ledger, const config::Settings& settings,
                                       const AssessOptions& options, core::Instant now) {
  ProgressLine progress("reading bills");
  billing::Charges charges([&](const documents::Progress& p) { progress.show(p.read, p.size); });
  std::vector<JudgedAgreement> all;
  for (const auto& agreement : settings.agreements) {
    if (!options.agreement.empty() && agreement.agreement.id != options.agreement) continue;
    all.push_back({agreement, judge_one(ledger, charges, settings, agreement, options, now)});
  }
  return all;
}

Json error_json(const JudgedAgreement& one, const AssessOptions& options) {
  const core::Error& error = one.judged.error();
  const bool named = options.month && options.month->month;
  return {{"agreement", one.settings.agreement.id},
          {"sla", one.settings.agreement.sla},
          {"month", named ? Json(core::to_text(*options.month->month)) : Json(nullptr)},
          {"error", {{"message", error.message}, {"help", error.help}}}};
}

void print_json(const std::vector<JudgedAgreement>& all, const AssessOptions& options) {
  Json list = Json::array();
  for (const JudgedAgreement& one : all) {
    if (!one.judged) {
      list.push_back(error_json(one, options));
      continue;
    }
    list.push_back(report::judgement_json(one.judged->own));
    if (one.judged->under) list.push_back(report::judgement_json(*one.judged->under, true));
  }
  say(report::indented(list));
}

void print(const Judged& judged) {
  print_judgement(judged.own, judged.sealed);
  if (!judged.signed_time.empty()) say(labelled("time", judged.signed_time));
  if (!judged.under) return;
  print_judgement(*judged.under);
  say(prose("  " + difference(judged.own, *judged.under)));
}

// Whether the words on the command line name what there is.
core::Result<void> check_words(const config::Settings& settings, const AssessOptions& options) {
  if (!options.agreement.empty()) {
    if (const auto known = pick(settings, options.agreement); !known) return known.error();
  }
  if (!options.under.empty()) {
    const auto contract = find_contract(*settings.catalog, options.under, std::nullopt);
    if (!contract) return contract.error();
  }
  return {};
}

}  // namespace

Exit assess(const AssessOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (const auto words = check_words(*settings, options); !words) {
    return complain(words.error(), kWrongWords);
  }
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  warn_of_doubles(*settings, options.agreement);
  const auto all = judge_all(**ledger, *settings, options, service::SystemClock().wall());
  // One that cannot be judged does not silence the others.
  Exit exit = kDone;
  if (options.json) print_json(all, options);
  for (const JudgedAgreement& one : all) {
    if (!one.judged) {
      exit = complain(one.judged.error(), kCouldNot);
    } else if (!options.json) {
      print(*one.judged);
    }
  }
  return exit;
}

}  // namespace recoup::cli
