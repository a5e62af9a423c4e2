#include "config/query_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/listen.h"
#include "documents/near.h"
#include "rules/rule_file.h"
#include "sources/probe/url.h"
#include "sources/query/engine.h"

namespace recoup::config {
namespace {

using documents::Table;
using documents::Value;
using sources::Query;
using sources::QueryEngine;
using namespace std::chrono_literals;

// TableColumns is a table of requests as the user, or a preset, names its columns: each a column or
// an expression of them.
struct TableColumns {
  std::string time, status, request_id, filter;
  std::string count = "count(*)";
};

std::string sql_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + '\'';
}

// The columns of AWS's own table over ALB's access logs (Athena's guide, "Create the table for ALB
// access logs"). Our own probes are counted already. A row without a status is listed as one that
// cannot be read, as its line in the log is.
TableColumns alb_columns() {
  return {"time", "toString(elb_status_code)", "trace_id", "user_agent NOT LIKE 'recoup/%'"};
}

// The columns of AWS's own table over CloudTrail's records (Athena's guide, "Create a table for
// CloudTrail logs"). A record may come twice, and is known by its id. What another service of AWS
// asked on the account's behalf has the name of that service as its address.
TableColumns trail_columns(const QueryContext& context) {
  TableColumns columns{
      "eventtime",
      "concat(if(ifNull(errorcode, '') = '', '200', concat('error/', ifNull(errorcode, ''))), "
      "if(sourceipaddress LIKE '%.amazonaws.com', '!indirect', ''))",
      "requestid",
      "eventtype = 'AwsApiCall' AND ifNull(useragent, '') NOT LIKE 'recoup/%' AND "
      "ifNull(useragent, '') NOT LIKE '[recoup/%'",
      "uniqExact(eventid)"};
  std::vector<std::string> services;
  if (context.rule != nullptr) {
    for (const std::string& one : context.rule->event_sources) services.push_back(sql_text(one));
  }
  columns.filter += fmt::format(" AND eventsource IN ({})", fmt::join(services, ", "));
  if (!context.agreement.region.empty()) {
    columns.filter += " AND awsregion = " + sql_text(context.agreement.region);
  }
  if (!context.agreement.account.empty()) {
    columns.filter += " AND recipientaccountid = " + sql_text(context.agreement.account);
  }
  return columns;
}

// The queries by which a table is counted. Their columns have names that no table's own has.
void ask_table(const std::string& table, const TableColumns& columns, Query& query) {
  const std::string where =
      fmt::format("FROM {0} WHERE {1} >= {{from}} AND {1} < {{to}}{2}", table, columns.time,
                  columns.filter.empty() ? "" : " AND (" + columns.filter + ')');
  const std::string minute = query.engine == QueryEngine::postgresql
                                 ? fmt::format("date_trunc('minute', {})", columns.time)
                                 : fmt::format("intDiv(toUInt32({}), 60) * 60", columns.time);
  query.prefix = "recoup_";
  query.counts = fmt::format(
      "SELECT {} AS recoup_minute, {} AS recoup_outcome, {} AS recoup_count {} "
      "GROUP BY recoup_minute, recoup_outcome",
      minute, columns.status, columns.count, where);
  query.evidence = fmt::format(
      "SELECT {} AS recoup_time, {} AS recoup_outcome, {} AS recoup_request_id {}", columns.time,
      columns.status, columns.request_id.empty() ? "''" : columns.request_id, where);
}

std::string read_sql(const Value& value) {
  auto text = value.text();
  if (!text) return "";
  while (!text->empty() && (text->back() == ';' || text->back() == '\n' || text->back() == ' ')) {
    text->pop_back();
  }
  for (const char* name : {"{from}", "{to}"}) {
    if (text->find(name) != std::string::npos) continue;
    value.complain(fmt::format("expected {} in the query, got none", name),
                   "the time that is asked for stands there: WHERE ts >= {from} AND ts < {to}");
  }
  return *text;
}

void refuse_beside(const Table& table, std::initializer_list<const char*> keys,
                   const std::string& beside) {
  for (const char* key : keys) {
    if (const Value value = table.optional(key)) {
      value.complain(fmt::format("expected no '{}' beside {}, got one", key, beside));
    }
  }
}

void read_preset(const Table& table, const QueryContext& context, TableColumns& columns,
                 QuerySettings& out) {
  const Value preset = table.optional("preset");
  const auto which = preset.word({"alb", "cloudtrail"});
  if (!which) return;
  if (out.query.engine != QueryEngine::clickhouse) {
    preset.complain(
        "expected a preset beside engine = \"clickhouse\" alone, got one beside "
        "another engine",
        "name the columns: time, status, request_id, filter");
    return;
  }
  if (*which == 0) {
    columns = alb_columns();
    return;
  }
  if (context.rule != nullptr && context.rule->event_sources.empty()) {
    preset.complain(fmt::format("expected a contract on a service that CloudTrail names, got {}",
                                context.rule->id));
  }
  columns = trail_columns(context);
  out.by_error_name = true;
}

void override_with(const Value& value, std::string& column) {
  if (auto text = value.text()) column = *std::move(text);
}

// A table, or queries of the user's own.
void read_sql_keys(const Table& table, const QueryContext& context, QuerySettings& out) {
  refuse_beside(table, {"counter", "label"},
                fmt::format("engine = \"{}\"", to_text(out.query.engine)));
  const Value own = table.optional("query");
  const Value name = table.optional("table");
  if (bool(own) == bool(name)) {
    table.complain(fmt::format("expected one of the keys 'table' and 'query', got {}",
                               own ? "both" : "neither"),
                   "a table of one row a request, or a query that returns minute, outcome, count");
  }
  if (own) {
    out.query.counts = read_sql(own);
    out.query.evidence = read_sql(table.optional("evidence"));
    refuse_beside(table, {"preset", "time", "status", "request_id", "filter"}, "'query'");
    return;
  }
  if (!name) return;
  refuse_beside(table, {"evidence"}, "'table'");
  TableColumns columns;
  read_preset(table, context, columns, out);
  const bool has_preset = !columns.time.empty();
  override_with(has_preset ? table.optional("time") : table.required("time"), columns.time);
  override_with(has_preset ? table.optional("status") : table.required("status"), columns.status);
  override_with(table.optional("request_id"), columns.request_id);
  if (const auto filter = table.optional("filter").text()) {
    columns.filter =
        columns.filter.empty() ? *filter : fmt::format("{} AND ({})", columns.filter, *filter);
  }
  ask_table(name.text().value_or(""), columns, out.query);
}

// A counter, or an instant vector of the user's own.
void read_promql_keys(const Table& table, Query& query) {
  refuse_beside(table, {"table", "preset", "time", "status", "request_id", "evidence", "database"},
                "engine = \"prometheus\"");
  query.label = table.optional("label").text().value_or("code");
  const Value own = table.optional("query");
  const Value counter = table.optional("counter");
  if (bool(own) == bool(counter)) {
    table.complain(fmt::format("expected one of the keys 'counter' and 'query', got {}",
                               own ? "both" : "neither"),
                   "like counter = \"http_requests_total\", label = \"code\"");
  }
  if (own) {
    refuse_beside(table, {"filter"}, "'query'");
    query.counts = own.text().value_or("");
    return;
  }
  const std::string filter = table.optional("filter").text().value_or("");
  query.counts = fmt::format("sum by ({}) (increase({}{}[1m]))", query.label,
                             counter.text().value_or(""), filter.empty() ? "" : '{' + filter + '}');
}

void read_http_keys(const Table& table, const rules::Secrets& secrets, Query& query) {
  refuse_beside(table, {"connection"}, fmt::format("engine = \"{}\"", to_text(query.engine)));
  const Value value = table.required("url");
  query.url = value.text().value_or("");
  while (query.url.ends_with('/')) query.url.pop_back();
  const auto url = sources::probe::Url::parse(query.url);
  if (value && (!url || (url->scheme != "http" && url->scheme != "https"))) {
    value.complain("expected a URL of http or https, got something else",
                   "like \"https://clickhouse.example.com:8443\"");
  } else if (url && url->has_login) {
    value.complain("expected a URL without a user and a password, got one with them",
                   "user = \"recoup\", password = { env = \"NAME\" }");
  }
  query.user = table.optional("user").text().value_or("");
  const Value password = table.optional("password");
  if (password && query.user.empty()) {
    password.complain("expected the key 'user' beside 'password', got none");
  }
  if (auto secret = rules::read_secret(password, secrets)) query.password = *std::move(secret);
  query.headers = rules::read_headers(table.optional("headers"), &secrets);
  refuse_beside(table, {"server_name"}, "a query");
  query.tls = rules::read_probe_tls(table, secrets);
  if (url) rules::check_probe_tls(table, query.url);
  const bool has_secret = !query.password.empty() || !query.headers.empty();
  if (url && url->scheme == "http" && has_secret && !is_loopback(url->host)) {
    value.warn("expected a URL of https, got one of http",
               "what is sent to it can be read and changed on its way");
  }
}

void read_libpq_keys(const Table& table, Query& query) {
  refuse_beside(
      table,
      {"url", "user", "password", "headers", "database", "ca_file", "client_cert", "client_key"},
      "engine = \"postgresql\"");
  const Value value = table.required("connection");
  query.connection = value.text().value_or("");
  if (!value || query.connection.empty()) return;
  if (const auto done = sources::check_connection(query.connection); !done) {
    value.complain(done.error());
  }
}

void read_times(const Table& table, QuerySettings& out) {
  out.from = table.optional("from").instant();
  const bool is_prometheus = out.query.engine == QueryEngine::prometheus;
  if (is_prometheus) out.delay = 2min;  // until it has scraped twice
  out.every = table.optional("every").duration(1s, 24h).value_or(out.every);
  out.delay = table.optional("delay").duration(0s, 24h).value_or(out.delay);
  out.reread = table.optional("reread").duration(1min, 24h * 32).value_or(out.reread);
  out.query.timeout = table.optional("timeout").duration(1s, 10min).value_or(out.query.timeout);
  const Value silent = table.optional("silent_after");
  if (silent.is_text() && silent.text() == "never") return;
  out.silent_after = silent.duration(1min, 24h * 32).value_or(is_prometheus ? 5min : 15min);
}

QuerySettings read_query(const Table& table, const QueryContext& context) {
  QuerySettings out;
  out.id = rules::read_id(table.required("id")).value_or("");
  const std::vector<std::string> engines(sources::kQueryEngines.begin(),
                                         sources::kQueryEngines.end());
  const auto engine = table.required("engine").word(engines);
  out.query.engine = static_cast<QueryEngine>(engine.value_or(0));
  out.corroborates = table.optional("corroborates").boolean().value_or(false);
  if (out.query.engine == QueryEngine::prometheus) {
    read_promql_keys(table, out.query);
  } else {
    read_sql_keys(table, context, out);
  }
  if (out.query.engine == QueryEngine::postgresql) {
    read_libpq_keys(table, out.query);
  } else {
    read_http_keys(table, context.secrets, out.query);
  }
  if (out.query.engine == QueryEngine::clickhouse) {
    out.query.database = table.optional("database").text().value_or("");
  }
  read_times(table, out);
  return out;
}

}  // namespace

std::vector<QuerySettings> read_queries(const Value& list, QueryContext context) {
  std::vector<QuerySettings> queries;
  for (const Table& table : list.tables()) {
    queries.push_back(read_query(table, context));
    const std::string& id = queries.back().id;
    if (!id.empty() && !context.ids.insert(id).second) {
      table.optional("id").complain(fmt::format(
          "expected an id of its own among logs and queries, got '{}' a second time", id));
    }
  }
  return queries;
}

}  // namespace recoup::config
