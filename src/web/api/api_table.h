#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json.h"
#include "web/api/api_query.h"
#include "web/http/message.h"

namespace recoup::web {

// Table is a list of an answer that is also given as CSV: where openapi.json has its entries.
struct Table {
  std::string_view schema;  // of the answer, in components/schemas
  std::string_view list;    // its member that is the list
};

// The columns of the table: the members of its entries as the document has them, those of objects
// in these by their place ("amount.currency").
std::vector<std::string> columns_of(const Table& table);

// Whether the request wants a table as CSV: its `format` says so, or, where it has none, its Accept
// header.
bool wants_csv(Query& query, const Request& request);

// The answer as JSON, or its table as CSV.
Response table_answer(const report::Json& answer, const Table& table, bool csv);

}  // namespace recoup::web
