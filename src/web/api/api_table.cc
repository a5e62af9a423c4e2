#include "web/api/api_table.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "report/csv.h"
#include "web/site/assets.h"

namespace recoup::web {
namespace {

using report::Json;

const Json& api_document() {
  static const Json document = Json::parse(asset("openapi.json").value());
  return document;
}

// A schema of the document, or what it refers to there.
const Json& resolved(const Json& schema) {
  const auto reference = schema.find("$ref");
  if (reference == schema.end()) return schema;
  const auto path = reference->get<std::string>().substr(1);  // behind the "#"
  return api_document().at(Json::json_pointer(path));
}

// Adds the places of an entry's values; of what may be one thing or another, those of all.
void add_columns(const Json& schema, const std::string& place, std::vector<std::string>& columns) {
  const Json& known = resolved(schema);
  bool goes_on = false;
  if (const auto members = known.find("properties"); members != known.end()) {
    goes_on = true;
    for (const auto& [name, member] : members->items()) {
      add_columns(member, place.empty() ? name : place + '.' + name, columns);
    }
  }
  for (const char* choice : {"oneOf", "anyOf", "allOf"}) {
    const auto each = known.find(choice);
    if (each == known.end()) continue;
    for (const Json& one : *each) {
      if (one.value("type", Json()) == "null") continue;
      goes_on = true;
      add_columns(one, place, columns);
    }
  }
  if (goes_on || place.empty()) return;
  if (std::find(columns.begin(), columns.end(), place) == columns.end()) columns.push_back(place);
}

// "0.25" of "text/csv;q=0.25", in thousandths; 1000 where it says none.
int quality_of(std::string_view parameters) {
  constexpr int kAll = 1000;
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return kAll;
  parameters.remove_prefix(at + 2);
  if (parameters.empty() || parameters.front() != '0') return kAll;
  int quality = 0;
  int digit = kAll / 10;
  for (const char c : parameters.substr(std::min<std::size_t>(2, parameters.size()))) {
    if (c < '0' || c > '9') break;
    quality += (c - '0') * digit;
    digit /= 10;
  }
  return quality;
}

// How much an Accept header wants a type, in thousandths: by the closest of its ranges.
int wanted(std::string_view accept, std::string_view type) {
  const std::string_view kind = type.substr(0, type.find('/') + 1);  // "text/"
  std::size_t closest = 0;
  int quality = 0;
  while (!accept.empty()) {
    const std::string_view one = accept.substr(0, accept.find(','));
    accept.remove_prefix(std::min(accept.size(), one.size() + 1));
    const auto semicolon = std::min(one.find(';'), one.size());
    const std::string_view range = core::trimmed(one.substr(0, semicolon));
    const bool matches = range == "*/*" || core::equal_but_for_case(range, type) ||
                         (range.ends_with("/*") && range.substr(0, range.size() - 1) == kind);
    const std::size_t close = range == "*/*" ? 1 : range.ends_with("/*") ? 2 : 3;
    if (!matches || close <= closest) continue;
    closest = close;
    quality = quality_of(one.substr(semicolon));
  }
  return quality;
}

}  // namespace

std::vector<std::string> columns_of(const Table& table) {
  const Json& schema = api_document().at("components").at("schemas").at(std::string(table.schema));
  std::vector<std::string> columns;
  add_columns(schema.at("properties").at(std::string(table.list)).at("items"), "", columns);
  return columns;
}

bool wants_csv(Query& query, const Request& request) {
  if (const auto format = query.one_of("format", {"json", "csv"})) return *format == "csv";
  const auto accept = request.headers.find("accept");
  if (accept == request.headers.end()) return false;
  return wanted(accept->second, "text/csv") > wanted(accept->second, "application/json");
}

Response table_answer(const Json& answer, const Table& table, bool csv) {
  Response response;
  if (csv) {
    response.content_type = "text/csv; charset=utf-8; header=present";
    response.headers["Content-Disposition"] =
        fmt::format("attachment; filename=\"{}.csv\"", table.list);
    response.body = report::csv_text(columns_of(table), answer.at(std::string(table.list)));
  } else {
    response = json_answer(answer);
  }
  response.headers["Vary"] = "Accept";
  return response;
}

}  // namespace recoup::web
