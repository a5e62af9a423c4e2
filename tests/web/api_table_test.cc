#include "web/api/api_table.h"

#include "web/api_site.h"

using namespace recoup;
using namespace recoup::test;
using std::chrono::year;

namespace {

constexpr char kType[] = "text/csv; charset=utf-8; header=present";

web::Response with_accept(ApiSite& site, const std::string& target, const std::string& accept) {
  web::Request request = request_of("GET", target);
  if (!accept.empty()) request.headers["accept"] = accept;
  return ask(web::make_handler(site.shown), request).response;
}

// The lines of a table none of whose cells has an end of line.
std::vector<std::string> lines_of(const std::string& csv) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < csv.size();) {
    const auto end = csv.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    lines.push_back(csv.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

// The places of a row's values that no column has.
void find_missing(const Json& value, const std::string& place,
                  const std::vector<std::string>& columns, std::vector<std::string>& missing) {
  if (value.is_null() || std::find(columns.begin(), columns.end(), place) != columns.end()) return;
  if (!value.is_object()) {
    missing.push_back(place);
    return;
  }
  for (const auto& [name, member] : value.items()) {
    find_missing(member, place.empty() ? name : place + '.' + name, columns, missing);
  }
}

struct Listed {
  std::string path;
  web::Table table;
};
const std::vector<Listed> kListed{
    {"/api/v1/agreements", {"AgreementList", "agreements"}},
    {kms("/months"), {"MonthList", "months"}},
    {kms("/contracts"), {"ContractList", "contracts"}},
    {kms("/series"), {"SeriesList", "series"}},
    {kms("/failures"), {"FailureList", "failures"}},
    {kms("/assessments/2026-10/intervals"), {"IntervalList", "intervals"}},
    {kms("/assessments/2026-10/evidence"), {"EvidenceList", "evidence"}},
    {kms("/charges/2026-10"), {"Charge", "lines"}},
    {kms("/claims"), {"ClaimList", "claims"}},
    {"/api/v1/claims/totals", {"ClaimTotals", "totals"}}};

struct Full : ApiSite {
  Full() {
    add(agreement("kms"), {{7, 40}});
    add_month(agreement("kms"), year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
    sources = {{"probe", "ping", "here", now, std::chrono::seconds(5)},
               {"log", "web", "abc", {}, {}, "=cmd()", 1, 2, 3, 4, 5, 6}};
    known_charge->lines = {{"keys", "40 keys x 1.00 USD", core::Ratio(40, 1)}};
  }
};

}  // namespace

TEST_CASE("every list of the API is also a table, with the columns of its entries") {
  Full site;
  for (const Listed& one : kListed) {
    INFO(one.path);
    const ApiAnswer answer = site.get(one.path);
    REQUIRE(answer.status() == 200);
    CHECK(answer.response.headers.at("Vary") == "Accept");
    const Json& rows = answer.json.at(std::string(one.table.list));
    const auto columns = web::columns_of(one.table);
    std::vector<std::string> missing;
    for (const Json& row : rows) find_missing(row, "", columns, missing);
    CHECK(missing == std::vector<std::string>());

    const std::string separator = one.path.find('?') == std::string::npos ? "?" : "&";
    const web::Response table = site.get(one.path + separator + "format=csv").response;
    CHECK(table.status == 200);
    CHECK(table.content_type == kType);
    CHECK(table.headers.at("Content-Disposition") ==
          "attachment; filename=\"" + std::string(one.table.list) + ".csv\"");
    const auto lines = lines_of(table.body);
    REQUIRE(lines.size() == rows.size() + 1);
    std::string head;
    for (const std::string& column : columns) head += (head.empty() ? "" : ",") + column;
    CHECK(lines.front() == head);
    CHECK(with_accept(site, one.path, "text/csv").body == table.body);
  }
}

TEST_CASE("a text of somebody else is no formula in a table") {
  Full site;
  const std::string body = site.get(kms("/series?format=csv")).response.body;
  CHECK_THAT(body, Catch::Contains("\"'=cmd()\""));
}

TEST_CASE("the Accept header asks for a table where it prefers one") {
  Full site;
  struct Case {
    const char* accept;
    bool csv;
  };
  for (const Case& c : std::vector<Case>{{"", false},
                                         {"text/csv", true},
                                         {"TEXT/CSV", true},
                                         {"text/csv;q=0", false},
                                         {"text/*", true},
                                         {"*/*", false},
                                         {"application/json", false},
                                         {"application/json, text/csv", false},
                                         {"application/json;q=0.5, text/csv;q=0.8", true},
                                         {"application/json;q=0.85, text/csv;q=0.8", false},
                                         {"text/csv, */*;q=0.1", true},
                                         {"text/html,application/xml;q=0.9,*/*;q=0.8", false},
                                         {"nonsense;;q=,", false}}) {
    INFO(c.accept);
    CHECK((with_accept(site, kms("/claims"), c.accept).content_type == kType) == c.csv);
  }
  // What the query says goes before it.
  CHECK(with_accept(site, kms("/claims?format=json"), "text/csv").content_type ==
        "application/json");
  check_problem(site.get(kms("/claims?format=xml")), 400,
                "format: expected one of json, csv, got \"xml\"", "format");
  check_problem(site.get(kms("?format=csv")), 400, "expected no parameter, got \"format\"",
                "format");
}

TEST_CASE("the pages of a table follow each other by the Link header") {
  Full site;
  std::string next = kms("/assessments/2026-10/intervals?format=csv&limit=2000");
  std::size_t rows = 0;
  for (int page = 1; page <= 5; ++page) {
    const web::Response answer = site.get(next).response;
    REQUIRE(answer.content_type == kType);
    rows += lines_of(answer.body).size() - 1;
    const auto link = answer.headers.find("Link");
    if (link == answer.headers.end()) break;
    next = link->second.substr(1, link->second.find('>') - 1);
  }
  CHECK(rows == 8928);
}
