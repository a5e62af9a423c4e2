#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "billing/bills/survey.h"
#include "cli/commands.h"
#include "cli/print_charge.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "documents/near.h"
#include "report/charge_json.h"
#include "report/json.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Result;

core::Instant wall_now() { return service::SystemClock().wall(); }

// --- an agreement's charge ----------------------------------------------------------------------

constexpr core::SaidMonth kLastMonth{std::nullopt, 1};

// The settings with what the command line says of the bills.
config::AgreementSettings with_words(config::AgreementSettings agreement,
                                     const ChargesOptions& options) {
  auto& bills = agreement.charges.bills;
  if (!options.files.empty()) {
    if (bills.empty()) bills.emplace_back();
    bills.resize(1);
    bills.front().paths = options.files;
    bills.front().format = options.format;
  }
  const auto replace = [](std::string& text, const std::string& word) {
    if (!word.empty()) text = word;
  };
  for (billing::BillSettings& bill : bills) {
    replace(bill.provider, options.provider);
    replace(bill.service, options.service);
    replace(bill.region, options.region);
    replace(bill.account, options.account);
    replace(bill.currency, options.currency);
    bill.filtered = bill.filtered || options.filtered;
  }
  return agreement;
}

Exit of_agreement(const ChargesOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto picked = pick(*settings, options.agreement);
  if (!picked) return complain(picked.error(), kWrongWords);
  const config::AgreementSettings agreement = with_words(**picked, options);
  const auto month = month_of(agreement, options.month.value_or(kLastMonth), wall_now());
  if (!month) return complain(month.error(), kWrongWords);

  const auto charge = charges_of(agreement, *month);
  if (!charge) return complain(charge.error(), kCouldNot);
  if (!*charge) {
    return complain({fmt::format("expected a charge of {} for {}, got none", agreement.agreement.id,
                                 core::to_text(*month)),
                     "", "name a bill or a price book in [agreement.charges] of " + settings->file},
                    kCouldNot);
  }
  if (options.json) {
    say(report::indented(report::charge_json(agreement.agreement.id, *month, **charge)));
    return kDone;
  }
  const std::string& region = agreement.agreement.region;
  say(prose(fmt::format("{}: {}{}{}, {}", agreement.agreement.id, agreement.rule->service,
                        region.empty() ? "" : ", ", region, core::to_text(*month))));
  print_charge(**charge);
  print_lapses(agreement);
  return kDone;
}

// --- what is in bills ---------------------------------------------------------------------------

std::string or_none(const std::string& text) { return text.empty() ? "(none)" : text; }

void print(const billing::Survey& survey, const billing::Bill& bill) {
  TextTable table({Column("PROVIDER").cut_to(10).goes(5), Column("PERIOD").goes(3),
                   Column("SERVICE").cut_to(20), Column("REGION").goes(4), Column("CLASS").goes(1),
                   Column("ROWS").right().goes(6), Column("AMOUNT").right(), "CURRENCY",
                   Column("SHARE").right()});
  for (const billing::SurveyRow& row : survey.rows) {
    table.add({or_none(row.provider), to_text(row.period), or_none(row.service),
               or_none(row.region), std::string(to_text(row.class_)), core::grouped(row.rows),
               core::exact_text(row.sum), row.currency, part_in_words(row.share)});
  }
  for (const billing::SurveyTotal& total : survey.totals) {
    table.add({or_none(total.provider), to_text(total.period), "Total", "", "",
               core::grouped(total.rows), core::exact_text(total.sum), total.currency, ""});
  }
  table.print();
  say(fmt::format("  {} has {} rows in {} file(s)", to_text(bill.format), core::grouped(bill.rows),
                  bill.files.size()));
  for (const std::string& remark : bill.remarks) say(prose("  - " + remark));
}

billing::SurveyFilter filter_of(const ChargesOptions& options) {
  billing::SurveyFilter filter;
  if (!options.provider.empty()) filter.providers = {options.provider};
  if (!options.service.empty()) filter.services = {options.service};
  if (!options.region.empty()) filter.region = options.region;
  if (!options.account.empty()) filter.account = options.account;
  if (!options.currency.empty()) filter.currency = options.currency;
  // Bills are of calendar months.
  if (options.month) filter.month = core::month_in(core::Zone::utc(), *options.month, wall_now());
  return filter;
}

// What the bill has in place of the service that was asked for.
std::string nearest_service(const billing::Bill& bill, const std::string& service) {
  std::vector<std::string> services;
  for (const billing::SurveyRow& row : billing::survey(bill).rows) services.push_back(row.service);
  return documents::did_you_mean(service, services, "`recoup charges FILE` shows all there is");
}

// What shows how far it is, is gone before anything is said.
Result<billing::Bill> read_bills(const std::optional<billing::BillFormat>& format,
                                 const std::vector<std::string>& files) {
  ProgressLine progress("reading bills");
  return billing::read_bill(format, files, [&](const documents::Progress& so_far) {
    progress.show(so_far.read, so_far.size);
  });
}

Exit of_files(const ChargesOptions& options) {
  std::optional<billing::BillFormat> format;
  if (!options.format.empty()) {
    const auto parsed = billing::parse_bill_format(options.format);
    if (!parsed) return complain(parsed.error(), kWrongWords);
    format = *parsed;
  }
  const auto bill = read_bills(format, options.files);
  if (!bill) return complain(bill.error(), kWrongWords);
  const billing::Survey survey = billing::survey(*bill, filter_of(options));
  if (survey.rows.empty()) {
    return complain({"expected rows of what was asked for, got none", "",
                     nearest_service(*bill, options.service)},
                    kCouldNot);
  }
  if (options.json) {
    say(report::to_json(survey));
  } else {
    print(survey, *bill);
  }
  return kDone;
}

}  // namespace

Exit charges(const ChargesOptions& options) {
  if (!options.agreement.empty()) return of_agreement(options);
  if (!options.files.empty()) return of_files(options);
  return complain({"expected --agreement or bills to look into, got neither", "",
                   "recoup charges --agreement ID --month 2026-10, or recoup charges FILE…"},
                  kWrongWords);
}

}  // namespace recoup::cli
