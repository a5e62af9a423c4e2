#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/claim_totals.h"
#include "report/json.h"
#include "web/api/api.h"
#include "web/api/api_resources.h"
#include "web/api/api_table.h"

namespace recoup::web {
namespace {

using report::Json;
using AsTable = std::function<Response(const Json&)>;

// An answer that takes no parameters and is read from the ledger.
Response read(const Call& call, const std::function<Response(Records&)>& show) {
  const Query query(call.request, {});
  if (query.problem()) return refuse(call.request, *query.problem());
  return from_ledger(call, show);
}

// One that is also given as CSV.
Response read_table(const Call& call, const Table& table,
                    const std::function<Response(Records&, const AsTable&)>& show) {
  Query query(call.request, {"format"});
  const bool csv = wants_csv(query, call.request);
  if (query.problem()) return refuse(call.request, *query.problem());
  return from_ledger(call, [&](Records& records) {
    return show(records, [&](const Json& answer) { return table_answer(answer, table, csv); });
  });
}

Json month_json(const Call& call, core::Month month) {
  const std::string text = core::to_text(month);
  const std::string assessment = agreement_path(call.id(), "assessments/" + text);
  return {{"month", text},
          {"running", month == call.agreement->assessment.cycle.month},
          {"links",
           {{"assessment", assessment},
            {"intervals", assessment + "/intervals"},
            {"evidence", assessment + "/evidence"},
            {"charges", agreement_path(call.id(), "charges/" + text)},
            {"claim_files", agreement_path(call.id(), "claims/" + text + "/files")}}}};
}

Json series_json(const SeriesInfo& one) {
  Json json = {{"kind", one.kind}, {"name", one.name}};
  if (one.kind == "probe") {
    json["vantage"] = one.part;
    json["accounted_until"] = report::instant_json(one.accounted_until);
    json["every"] = one.every ? Json(core::to_text(*one.every)) : Json(nullptr);
    return json;
  }
  json.update({{"sha256", one.part},
               {"file", one.file},
               {"bytes", one.bytes},
               {"lines", one.lines},
               {"requests", one.requests},
               {"malformed", one.malformed},
               {"own", one.own},
               {"read_before", one.read_before}});
  return json;
}

}  // namespace

Response list_months(const Call& call) {
  return read_table(call, {"MonthList", "months"}, [&](Records& records, const AsTable& answer) {
    const auto months = records.months(call.id());
    if (!months) return unreadable(call.request, months.error());
    Json list = Json::array();
    for (const core::Month month : *months) list.push_back(month_json(call, month));
    return answer({{"agreement", call.id()}, {"months", std::move(list)}});
  });
}

Response list_contracts(const Call& call) {
  return read_table(
      call, {"ContractList", "contracts"}, [&](Records& records, const AsTable& answer) {
        Json list = Json::array();
        for (const ContractName& contract : records.contracts(call.id())) {
          list.push_back(
              {{"under", contract.words}, {"service", contract.service}, {"own", contract.own}});
        }
        return answer({{"agreement", call.id()}, {"contracts", std::move(list)}});
      });
}

Response list_series(const Call& call) {
  return read_table(call, {"SeriesList", "series"}, [&](Records& records, const AsTable& answer) {
    const auto series = records.series(call.id());
    if (!series) return unreadable(call.request, series.error());
    Json list = Json::array();
    for (const SeriesInfo& one : *series) list.push_back(series_json(one));
    return answer({{"agreement", call.id()}, {"series", std::move(list)}});
  });
}

Response list_claims(const Call& call) {
  return read_table(call, {"ClaimList", "claims"}, [&](Records& records, const AsTable& answer) {
    const auto claims = records.claims(call.id());
    if (!claims) return unreadable(call.request, claims.error());
    Json list = Json::array();
    for (const record::ClaimMonth& claim : *claims) {
      const std::string month = core::to_text(claim.life.ground.month);
      Json& one = list.emplace_back(report::claim_month_json(claim));
      one["links"] = {{"assessment", agreement_path(call.id(), "assessments/" + month)},
                      {"files", agreement_path(call.id(), "claims/" + month + "/files")}};
    }
    return answer({{"agreement", call.id()}, {"claims", std::move(list)}});
  });
}

Response list_claim_totals(const Call& call) {
  Query query(call.request, {"format"});
  const bool csv = wants_csv(query, call.request);
  if (query.problem()) return refuse(call.request, *query.problem());
  if (!call.snapshot) return refuse_api(call, Refusal::no_snapshot);
  return table_answer({{"totals", report::claim_totals_json(report::claim_totals(*call.snapshot))}},
                      {"ClaimTotals", "totals"}, csv);
}

Response show_charge(const Call& call) {
  return read_table(call, {"Charge", "lines"}, [&](Records& records, const AsTable& answer) {
    const core::KnownCharge charge = records.charge(call.id(), call.month);
    if (!charge) return unreadable(call.request, charge.error());
    if (*charge) return answer(report::charge_json(call.id(), call.month, **charge));
    return refuse(call.request, {404, fmt::format("nobody says what {} cost in {}", call.id(),
                                                  core::to_text(call.month))});
  });
}

Response send_claim_files(const Call& call) {
  return read(call, [&](Records& records) {
    const auto files = records.claim_files(call.id(), call.month);
    if (!files) return unreadable(call.request, files.error());
    if (files->archive == nullptr) {
      const std::string why =
          files->refusals.empty() ? "there is no claim for it" : files->refusals.front();
      return refuse(call.request, {409, why, "", files->refusals});
    }
    Response response;
    response.content_type = "application/zip";
    response.headers["Content-Disposition"] =
        fmt::format("attachment; filename=\"{}\"", files->name);
    response.file = files->archive;
    return response;
  });
}

}  // namespace recoup::web
