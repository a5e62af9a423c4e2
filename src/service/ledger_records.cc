#include "service/ledger_records.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "judge/claim_rows.h"
#include "judge/cycles.h"
#include "judge/explain.h"
#include "judge/judge_under.h"
#include "judge/sealing.h"
#include "service/claims.h"

namespace recoup::service {
namespace {

using core::Month;
using core::Result;
using SharedJudgement = std::shared_ptr<const core::Judgement>;

std::vector<web::ContractName> names_of(const rules::Catalog& catalog) {
  std::vector<web::ContractName> names;
  for (const std::string& id : catalog.all_rule_ids()) {
    const auto file = catalog.find_rule(id);
    for (const core::Version& version : file->rule.versions) {
      names.push_back(
          {fmt::format("{}@{}", id, core::to_text(version.date())), file->rule.service});
    }
  }
  return names;
}

web::SeriesInfo info_of(const record::SeriesState& state,
                        const std::vector<record::ImportedFile>& files) {
  web::SeriesInfo info{std::string(record::to_text(state.key.kind)), state.key.name,
                       state.key.part};
  if (state.checkpoint) {
    info.accounted_until = state.checkpoint->watermark;
    info.every = state.checkpoint->every;
  }
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& one) {
    return state.key.kind == record::SeriesKind::file && one.digest == state.key.part;
  });
  if (file == files.end()) return info;
  // Where a file lies on this machine is nobody else's business.
  info.file = std::filesystem::path(file->name).filename().string();
  info.bytes = file->bytes;
  info.lines = file->lines;
  info.requests = file->requests;
  info.malformed = file->malformed;
  info.own = file->own;
  info.read_before = file->read_before;
  return info;
}

}  // namespace

LedgerRecords::LedgerRecords(config::SharedSettings settings, ledger::Ledger& ledger,
                             const core::Clock& clock, const record::SealKey* key)
    : clock_(clock), key_(key), ledger_(ledger) {
  exchange(std::move(settings));
}

void LedgerRecords::exchange(config::SharedSettings settings) {
  auto contracts = names_of(*settings->catalog);
  auto known = std::make_shared<const Known>(Known{std::move(settings), std::move(contracts)});
  const std::lock_guard lock(known_mutex_);
  known_ = std::move(known);
}

std::shared_ptr<const LedgerRecords::Known> LedgerRecords::known() const {
  const std::lock_guard lock(known_mutex_);
  return known_;
}

Result<LedgerRecords::SharedAgreement> LedgerRecords::settings_of(
    const std::string& agreement) const {
  auto settings = config::find_shared(known()->settings, agreement);
  if (settings) return settings;
  return core::Error{"expected an agreement of the settings, got one that was taken out of them",
                     agreement};
}

Result<std::vector<Month>> LedgerRecords::months(const std::string& agreement) {
  const core::Instant now = clock_.wall();
  const auto settings = settings_of(agreement);
  if (!settings) return settings.error();
  const auto zone = judge::zone_at(**settings, now);
  if (!zone) return zone.error();
  const std::lock_guard lock(mutex_);
  auto months = judge::months_seen(ledger_, agreement, *zone);
  if (!months) return months.error();
  const Month running = zone->month_of(now);
  std::erase_if(*months, [&](Month month) { return month >= running; });
  months->push_back(running);
  return months;
}

web::Found<SharedJudgement> LedgerRecords::judgement(const std::string& agreement, Month month) {
  const auto settings = settings_of(agreement);
  if (!settings) return settings.error();
  if (!judge::cycle_terms(**settings, month)) return std::optional<SharedJudgement>();
  const std::lock_guard lock(mutex_);
  auto judgement = judge::judge(ledger_, **settings, month,
                                charges_.of((*settings)->charged(), month), clock_.wall());
  if (!judgement) return judgement.error();
  return std::optional(std::make_shared<const core::Judgement>(*std::move(judgement)));
}

web::Found<SharedJudgement> LedgerRecords::judgement_under(const std::string& agreement,
                                                           Month month,
                                                           const std::string& contract) {
  const auto settings = settings_of(agreement);
  if (!settings) return settings.error();
  const auto catalog = known()->settings->catalog;
  if (!rules::find_contract(*catalog, contract, month)) return std::optional<SharedJudgement>();
  const std::lock_guard lock(mutex_);
  auto judgement = judge::judge_under(ledger_, *catalog, **settings, contract, month,
                                      charges_.of((*settings)->charged(), month), clock_.wall());
  if (!judgement) return judgement.error();
  return std::optional(std::make_shared<const core::Judgement>(*std::move(judgement)));
}

std::vector<web::ContractName> LedgerRecords::contracts(const std::string& agreement) {
  std::vector<web::ContractName> names = known()->contracts;
  const auto settings = settings_of(agreement);
  if (!settings) return names;
  const std::string own = (*settings)->rule->id + '@';
  for (web::ContractName& name : names) name.own = name.words.starts_with(own);
  std::stable_partition(names.begin(), names.end(), [](const auto& name) { return name.own; });
  return names;
}

Result<web::EvidencePage> LedgerRecords::evidence(const std::string& agreement,
                                                  const core::Interval& span,
                                                  web::EvidencePlace from, std::size_t most) {
  const std::lock_guard lock(mutex_);
  // One more than is shown tells whether there is another page.
  auto records = ledger_.evidence_page(agreement, {from.at, span.end}, from.skip, most + 1);
  if (!records) return records.error();
  web::EvidencePage page;
  const bool more = records->size() > most;
  if (more) records->pop_back();
  if (more && !records->empty()) {
    const core::Instant last = records->back().at;
    const auto same = static_cast<std::uint64_t>(std::count_if(
        records->begin(), records->end(), [&](const auto& one) { return one.at == last; }));
    page.next = {last, last == from.at ? from.skip + same : same};
  }
  for (record::Evidence& one : *records) page.records.push_back(judge::redacted(std::move(one)));
  const auto removed = ledger_.removed_evidence(agreement);
  if (!removed) return removed.error();
  for (const record::RemovedEvidence& one : *removed) {
    if (one.until <= span.begin) continue;
    page.removed_until = std::max(page.removed_until.value_or(one.until), one.until);
  }
  return page;
}

Result<std::vector<web::SeriesInfo>> LedgerRecords::series(const std::string& agreement) {
  const std::lock_guard lock(mutex_);
  const auto all = ledger_.all_series(agreement);
  if (!all) return all.error();
  const auto files = ledger_.files(agreement);
  if (!files) return files.error();
  std::vector<web::SeriesInfo> infos;
  for (const record::SeriesState& state : *all) infos.push_back(info_of(state, *files));
  return infos;
}

core::KnownCharge LedgerRecords::charge(const std::string& agreement, Month month) {
  const auto settings = settings_of(agreement);
  if (!settings) return settings.error();
  const std::lock_guard lock(mutex_);
  return charges_.of((*settings)->charged(), month);
}

Result<std::vector<record::ClaimMonth>> LedgerRecords::claims(const std::string& agreement) {
  const auto settings = settings_of(agreement);
  if (!settings) return settings.error();
  const std::lock_guard lock(mutex_);
  auto rows = judge::claim_rows(ledger_, **settings, charges_, clock_.wall());
  if (!rows) return rows.error();
  return std::move(rows->rows);
}

Result<std::vector<claim::Lack>> LedgerRecords::readiness(const core::Judgement& judgement) {
  const std::string twin = known()->settings->twin_of(judgement.agreement.id);
  const std::lock_guard lock(mutex_);
  auto readiness = claim_readiness(ledger_, judgement, clock_.wall(), twin);
  if (!readiness) return readiness.error();
  return std::move(readiness->lacks);
}

Result<web::ClaimFiles> LedgerRecords::claim_files(const std::string& agreement, Month month) {
  const auto settings = settings_of(agreement);
  if (!settings) return settings.error();
  const std::string twin = known()->settings->twin_of(agreement);
  const core::Instant now = clock_.wall();
  const std::lock_guard lock(mutex_);
  const auto judgement =
      judge::judge(ledger_, **settings, month, charges_.of((*settings)->charged(), month), now);
  if (!judgement) {
    return web::ClaimFiles{"", nullptr, {judgement.error().message}};
  }
  return pack_claim(ledger_, *judgement, key_, now, twin);
}

}  // namespace recoup::service
