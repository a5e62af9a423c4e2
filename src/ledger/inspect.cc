#include "ledger/inspect.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "ledger/sql/database.h"
#include "ledger/sql/sqlite.h"
#include "ledger/tables/sqlite_schema.h"

namespace recoup::ledger {
namespace {

// The columns of each table.
using Columns = std::map<std::string, std::set<std::string>>;

Columns columns_of(Connection& connection, bool is_sqlite) {
  Columns columns;
  Statement find(connection, is_sqlite
                                 ? "SELECT m.name, c.name FROM sqlite_schema m, "
                                   "pragma_table_info(m.name) c WHERE m.type = 'table' AND "
                                   "m.name NOT LIKE 'sqlite%'"
                                 : "SELECT table_name::text, column_name::text FROM "
                                   "information_schema.columns WHERE table_schema = 'recoup'");
  for (Rows rows = find.query(); rows.next();) columns[rows.string(0)].insert(rows.string(1));
  return columns;
}

// What the tables of a SQLite ledger are made by, without the blanks and quotes that tables have
// which were made anew under another name.
std::set<std::string> schema_of(Connection& connection) {
  std::set<std::string> all;
  Statement find(connection,
                 "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE "
                 "name NOT LIKE 'sqlite%'");
  for (Rows rows = find.query(); rows.next();) {
    std::string text = rows.string(0) + ' ' + rows.string(1) + ": ";
    for (const char c : rows.text(2)) {
      if (c != ' ' && c != '\n' && c != '"') text += c;
    }
    all.insert(std::move(text));
  }
  return all;
}

std::string up_to_colon(const std::string& text) { return text.substr(0, text.find(':')); }

void compare_schema(Connection& connection, Inspection& found) {
  const auto pattern = Address::parse("sqlite::memory:")->open(Missing::make);
  const std::set<std::string> wanted = schema_of(pattern->connection());
  const std::set<std::string> there = schema_of(connection);
  std::set<std::string> names;
  for (const std::string& one : wanted) {
    if (there.contains(one)) continue;
    names.insert(up_to_colon(one));
    found.faults.push_back("the " + up_to_colon(one) + " is not as this version makes it");
  }
  for (const std::string& one : there) {
    if (wanted.contains(one) || names.contains(up_to_colon(one))) continue;
    found.faults.push_back("the " + up_to_colon(one) + " is none of this program's");
  }
  if (wanted == there) {
    found.agreed.push_back(fmt::format("the tables are those of version {}", found.version));
  }
}

void check_file(Connection& connection, Inspection& found) {
  const auto damage = damage_in(connection, "integrity_check");
  for (const std::string& one : damage) found.faults.push_back("the file: " + one);
  if (damage.empty()) found.agreed.emplace_back("the file is whole");
}

void check_references(Connection& connection, Inspection& found) {
  std::map<std::string, std::uint64_t> lost;
  Statement find(connection, "SELECT \"table\", parent FROM pragma_foreign_key_check");
  for (Rows rows = find.query(); rows.next();) {
    ++lost[fmt::format("of the table {} refer to one of the table {}", rows.text(0), rows.text(1))];
  }
  for (const auto& [what, rows] : lost) {
    found.faults.push_back(fmt::format("{} rows {} that is not there", rows, what));
  }
  if (lost.empty()) found.agreed.emplace_back("every row refers to one that is there");
}

std::vector<std::string> agreements_of(Connection& connection, const Columns& columns) {
  std::set<std::string> all;
  for (const auto& [table, names] : columns) {
    if (!names.contains("agreement")) continue;
    const std::string sql = "SELECT DISTINCT agreement FROM " + table;
    Statement find(connection, sql.c_str());
    for (Rows rows = find.query(); rows.next();) all.insert(rows.string(0));
  }
  return {all.begin(), all.end()};
}

// --- sizes ---------------------------------------------------------------------------------------

std::map<std::string, std::uint64_t> bytes_by_table(Connection& connection, bool is_sqlite) {
  Statement find(connection,
                 is_sqlite ? "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat s "
                             "LEFT JOIN sqlite_schema m ON m.name = s.name "
                             "WHERE s.aggregate = TRUE GROUP BY 1"
                           : "SELECT tablename::text, "
                             "pg_total_relation_size(('recoup.' || tablename)::regclass)::bigint "
                             "FROM pg_tables WHERE schemaname = 'recoup'");
  std::map<std::string, std::uint64_t> bytes;
  for (Rows rows = find.query(); rows.next();) bytes[rows.string(0)] = rows.count(1);
  return bytes;
}

std::map<std::string, std::uint64_t> rows_by(Connection& connection, const std::string& sql) {
  Statement find(connection, sql.c_str());
  std::map<std::string, std::uint64_t> rows;
  for (Rows found = find.query(); found.next();) rows[found.string(0)] = found.count(1);
  return rows;
}

// By agreement; what is of none under an empty name.
std::map<std::string, std::uint64_t> rows_by_agreement(Connection& connection,
                                                       const std::string& table,
                                                       const std::set<std::string>& columns) {
  if (columns.contains("agreement")) {
    return rows_by(connection, "SELECT agreement, count(*) FROM " + table + " GROUP BY 1");
  }
  if (columns.contains("series")) {
    return rows_by(connection, "SELECT s.agreement, t.n FROM (SELECT series, count(*) AS n FROM " +
                                   table + " GROUP BY 1) t JOIN series s ON s.id = t.series");
  }
  return rows_by(connection, "SELECT '', count(*) FROM " + table);
}

// The column that says when what a row holds happened, and how many of its units a day has.
struct Dated {
  const char* column;
  std::int64_t a_day;
};
constexpr std::array kDated{Dated{"minute", 1'440},        Dated{"at_ms", 86'400'000},
                            Dated{"begin_ms", 86'400'000}, Dated{"hour_ms", 86'400'000},
                            Dated{"latest", 1'440},        Dated{"from_ms", 86'400'000}};

std::string month_of_day(std::int64_t day) {
  constexpr std::int64_t kMost = 3'000'000;  // rows that nobody wrote are of no month
  if (day < 0 || day > kMost) return "";
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days(day)}};
  return core::to_text(date.year() / date.month());
}

std::map<std::string, std::uint64_t> rows_by_month(Connection& connection, const std::string& table,
                                                   const std::set<std::string>& columns) {
  const auto dated = std::find_if(kDated.begin(), kDated.end(),
                                  [&](const Dated& one) { return columns.contains(one.column); });
  if (dated == kDated.end()) return {};
  const std::string sql = fmt::format("SELECT {} / {}, count(*) FROM {} GROUP BY 1", dated->column,
                                      dated->a_day, table);
  std::map<std::string, std::uint64_t> months;
  Statement find(connection, sql.c_str());
  for (Rows rows = find.query(); rows.next();) {
    const std::string month = month_of_day(rows.integer(0));
    if (!month.empty()) months[month] += rows.count(1);
  }
  return months;
}

// Adds a table's rows to the parts that they are of, and of its bytes as many to each in
// proportion.
void share(const std::map<std::string, std::uint64_t>& rows, const Part& table,
           std::map<std::string, Part>& parts) {
  for (const auto& [name, count] : rows) {
    Part& part = parts[name];
    part.name = name;
    part.rows += count;
    // 128 bits hold the product, and ISO C++ does not name them.
    __extension__ using Wide = unsigned __int128;
    if (table.rows > 0) {
      part.bytes += static_cast<std::uint64_t>(Wide(table.bytes) * count / table.rows);
    }
  }
}

std::vector<Part> in_order(const std::map<std::string, Part>& parts) {
  std::vector<Part> all;
  for (const auto& [name, part] : parts) {
    if (!name.empty()) all.push_back(part);
  }
  if (const auto rest = parts.find(""); rest != parts.end()) all.push_back(rest->second);
  return all;
}

std::optional<Part> mean_of(const std::vector<Part>& months, core::Instant now) {
  const std::string running = core::to_text(now).substr(0, 7);
  Part mean;
  std::uint64_t whole = 0;
  for (const Part& month : months) {
    if (month.name >= running) continue;
    ++whole;
    mean.rows += month.rows;
    mean.bytes += month.bytes;
  }
  if (whole == 0) return std::nullopt;
  mean.rows /= whole;
  mean.bytes /= whole;
  return mean;
}

Size measure(Connection& connection, bool is_sqlite, core::Instant now) {
  const Transaction instant(connection, Connection::Access::read);
  const auto bytes = bytes_by_table(connection, is_sqlite);
  Size size;
  std::map<std::string, Part> agreements;
  std::map<std::string, Part> months;
  for (const auto& [table, columns] : columns_of(connection, is_sqlite)) {
    const auto by_agreement = rows_by_agreement(connection, table, columns);
    Part part{table, 0, 0};
    for (const auto& [name, rows] : by_agreement) part.rows += rows;
    if (const auto found = bytes.find(table); found != bytes.end()) part.bytes = found->second;
    share(by_agreement, part, agreements);
    share(rows_by_month(connection, table, columns), part, months);
    size.tables.push_back(std::move(part));
  }
  for (const auto& [table, count] : bytes) size.bytes += count;
  std::stable_sort(size.tables.begin(), size.tables.end(),
                   [](const Part& a, const Part& b) { return a.bytes > b.bytes; });
  size.agreements = in_order(agreements);
  size.months = in_order(months);
  size.a_month = mean_of(size.months, now);
  return size;
}

}  // namespace

core::Result<Inspection> inspect(const Address& ledger, Looked looked) {
  try {
    const auto database =
        looked == Looked::copy ? ledger.open_copy() : ledger.open(Missing::refuse);
    Connection& connection = database->connection();
    const bool is_sqlite = ledger.file().has_value();
    Inspection found;
    found.version = kSqliteSchema.size();
    if (is_sqlite) {
      check_file(connection, found);
      check_references(connection, found);
      compare_schema(connection, found);
    }
    found.agreements = agreements_of(connection, columns_of(connection, is_sqlite));
    return found;
  } catch (const Failure& failure) {
    return describe("look through the ledger", ledger.file().value_or(ledger.shown()), failure);
  }
}

core::Result<Size> size_of(const Address& ledger, core::Instant now) {
  try {
    const auto database = ledger.open(Missing::refuse);
    return measure(database->connection(), ledger.file().has_value(), now);
  } catch (const Failure& failure) {
    return describe("measure the ledger", ledger.file().value_or(ledger.shown()), failure);
  }
}

}  // namespace recoup::ledger
