#include "ledger/sql/postgres.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace recoup::ledger {
namespace {

constexpr int kBinary = 1;

// A machine that is gone says nothing: these find out within half a minute. What the address or the
// environment says comes behind them, and counts.
constexpr std::array<std::pair<const char*, const char*>, 7> kDefaults{
    {{"connect_timeout", "5"},
     {"keepalives_idle", "10"},
     {"keepalives_interval", "5"},
     {"keepalives_count", "3"},
     {"tcp_user_timeout", "20000"},
     {"fallback_application_name", "recoup"},
     {"client_encoding", "UTF8"}}};

// The tables lie apart from what else the database keeps. A commit that was acknowledged is
// durable, whatever the server is set to; a process that is cut off leaves no transaction behind.
constexpr const char* kSession = R"sql(
  SET search_path TO recoup;
  SET idle_in_transaction_session_timeout TO '60s';
  SET timezone TO 'UTC';
  SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off';
)sql";

bool is_class(const std::string& state, std::string_view of) {
  return state.compare(0, of.size(), of) == 0;
}

// SQLSTATE, PostgreSQL's appendix A. A row that another writer added first is no lasting fault: who
// looks again finds it.
Failure::Kind kind_of(const std::string& state) {
  const bool lost = state == "40001" || state == "40P01" || state == "23505" || state == "40003";
  return lost ? Failure::Kind::again : Failure::Kind::lasting;
}

// What the user can do about it.
const char* postgres_help(const std::string& state) {
  if (state.empty() || is_class(state, "08") || is_class(state, "57P")) {
    return "see that the database runs and that this machine reaches it: a running service tries "
           "again by itself";
  }
  if (is_class(state, "28")) {
    return "give the user and password in `ledger`, in PGPASSWORD or in ~/.pgpass, and let that "
           "user in by pg_hba.conf";
  }
  if (state == "3D000") return "make the database: createdb NAME";
  if (state == "42501") {
    return "let the user make tables: GRANT CREATE ON DATABASE name TO user, or give it the schema "
           "recoup";
  }
  if (is_class(state, "53")) return "free space or connections on the database's machine";
  if (state == "25006") return "name the database that takes writes: this one is a standby";
  if (kind_of(state) == Failure::Kind::again) return "others write at the same time: try again";
  return "";
}

// libpq's messages are of several lines, and end with one.
std::string one_line(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text.empty() ? "the connection was lost" : text;
}

Failure failure_of(const PGresult* result) {
  const char* found = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = found == nullptr ? "" : found;
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return Failure({one_line(primary != nullptr ? primary : PQresultErrorMessage(result)), "",
                  postgres_help(state)},
                 kind_of(state));
}

bool is_good(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

// Result is cleared at the end of its scope.
class Result {
 public:
  explicit Result(PGresult* result = nullptr) : result_(result) {}
  ~Result() { PQclear(result_); }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result& operator=(Result&& other) noexcept {
    std::swap(result_, other.result_);
    return *this;
  }
  const PGresult* get() const { return result_; }

 private:
  PGresult* result_;
};

std::uint64_t changed_rows(PGresult* result) {
  const std::string_view digits = PQcmdTuples(result);
  std::uint64_t rows = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), rows);
  return rows;
}

// "host" of "host,port,user,…"; empty where nothing was said.
std::string option_of(const PQconninfoOption* options, std::string_view name) {
  for (; options->keyword != nullptr; ++options) {
    if (name == options->keyword && options->val != nullptr) return options->val;
  }
  return "";
}

}  // namespace

PostgresAddress::PostgresAddress(std::string from) : url(std::move(from)) {
  PQconninfoOption* options = PQconninfoParse(url.c_str(), nullptr);
  if (options == nullptr) {
    throw Failure(
        {"expected an address of PostgreSQL, got one that cannot be read", "",
         "write postgresql://USER@HOST:5432/DATABASE; in a password or a name, % and what "
         "addresses use otherwise (@ : / ?) are written as %25, %40, %3A, %2F, %3F"});
  }
  const std::string user = option_of(options, "user");
  const std::string host = option_of(options, "host");
  const std::string port = option_of(options, "port");
  shown = fmt::format("postgresql://{}{}{}{}/{}", user, user.empty() ? "" : "@", host,
                      port.empty() ? "" : ":" + port, option_of(options, "dbname"));
  PQconninfoFree(options);
}

PostgresConnection::PostgresConnection(const PostgresAddress& address) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : kDefaults) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  keywords.insert(keywords.end(), {"dbname", nullptr});
  values.insert(values.end(), {address.url.c_str(), nullptr});
  link_ = PQconnectdbParams(keywords.data(), values.data(), 1);
  try {
    if (link_ == nullptr) throw Failure({"there is no memory for a connection"});
    if (PQstatus(link_) != CONNECTION_OK) {
      throw Failure({one_line(PQerrorMessage(link_)), "", postgres_help("")});
    }
    const char* encoding = PQparameterStatus(link_, "server_encoding");
    if (encoding != nullptr && std::string_view(encoding) != "UTF8") {
      throw Failure({fmt::format("expected a database in UTF8, got one in {}", encoding), "",
                     "make one: createdb --encoding UTF8 --template template0 NAME"});
    }
    // Notices of the server are for people at a prompt.
    PQsetNoticeProcessor(
        link_, [](void*, const char*) {}, nullptr);
    run(kSession);
  } catch (...) {
    PQfinish(link_);
    throw;
  }
}

PostgresConnection::~PostgresConnection() { PQfinish(link_); }

void PostgresConnection::run(const std::string& sql) {
  finish_and_clear();
  PQexitPipelineMode(link_);
  const Result result(PQexec(link_, sql.c_str()));
  if (!is_good(result.get())) throw failure_of(result.get());
}

std::unique_ptr<Prepared> PostgresConnection::prepare(const std::string& sql) {
  return std::make_unique<PostgresPrepared>(*this, sql);
}

void PostgresConnection::begin(Access access) {
  writes_ = access == Access::write;
  if (keeps_nothing_) return send_plain("SAVEPOINT part");
  send_plain(writes_ ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
                     : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

void PostgresConnection::commit() {
  send_plain(keeps_nothing_ ? "RELEASE SAVEPOINT part" : "COMMIT");
  Result last(finish());
  writes_ = false;
  // A transaction that failed before ends with ROLLBACK, and without an error.
  const std::string_view done = PQcmdStatus(const_cast<PGresult*>(last.get()));
  if (done != "COMMIT" && done != "RELEASE") throw Failure({"expected a commit, got a rollback"});
}

void PostgresConnection::rollback() noexcept {
  writes_ = false;
  try {
    finish_and_clear();
  } catch (const Failure&) {
    // What was not written yet cannot fail any more.
  }
  try {
    send_plain(keeps_nothing_ ? "ROLLBACK TO SAVEPOINT part" : "ROLLBACK");
    if (keeps_nothing_) send_plain("RELEASE SAVEPOINT part");
    finish_and_clear();
  } catch (const Failure&) {
    // The connection is lost, and with it the transaction.
  }
}

void PostgresConnection::keep_nothing() {
  run("SET idle_in_transaction_session_timeout TO 0; BEGIN ISOLATION LEVEL REPEATABLE READ");
  keeps_nothing_ = true;
}

std::int64_t PostgresConnection::number(const std::string& sql) {
  PostgresPrepared statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool PostgresConnection::is_lost() const { return is_broken_ || PQstatus(link_) != CONNECTION_OK; }

void PostgresConnection::send_prepare(const std::string& name, const std::string& sql,
                                      const Values& values) {
  PQenterPipelineMode(link_);
  sent(PQsendPrepare(link_, name.c_str(), sql.c_str(), static_cast<int>(values.types.size()),
                     values.types.data()));
}

void PostgresConnection::send(const std::string& name, const Values& values) {
  std::vector<const char*> data;
  std::vector<int> sizes;
  for (const std::string& value : values.values) {
    data.push_back(value.data());
    sizes.push_back(static_cast<int>(value.size()));
  }
  const std::vector<int> formats(data.size(), kBinary);
  PQenterPipelineMode(link_);
  sent(PQsendQueryPrepared(link_, name.c_str(), static_cast<int>(data.size()), data.data(),
                           sizes.data(), formats.data(), kBinary));
}

void PostgresConnection::send_plain(const char* sql) {
  PQenterPipelineMode(link_);
  sent(PQsendQueryParams(link_, sql, 0, nullptr, nullptr, nullptr, nullptr, kBinary));
}

void PostgresConnection::sent(int ok) {
  if (ok == 0) fail();
  ++waiting_;
}

void PostgresConnection::fail() const {
  throw Failure({one_line(PQerrorMessage(link_)), "", postgres_help("")});
}

pg_result* PostgresConnection::finish() {
  if (waiting_ == 0) return nullptr;
  std::optional<Failure> first;
  if (PQpipelineSync(link_) == 0) {
    waiting_ = 0;
    fail();
  }
  PGresult* last = nullptr;
  // Each statement has a result and then none; behind the last stands the mark of the end.
  for (bool ended = false, between = false; !ended;) {
    PGresult* result = PQgetResult(link_);
    if (result == nullptr) {
      // Twice nothing: the server ended the connection, which libpq may not have noticed yet.
      is_broken_ = is_broken_ || std::exchange(between, true);
      if (is_lost()) break;
      continue;
    }
    between = false;
    ended = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    const bool is_result = !ended && is_good(result);
    if (!ended && !is_result && !first) first = failure_of(result);
    if (is_result) {
      changed_ = changed_rows(result);
      std::swap(last, result);
    }
    PQclear(result);
  }
  waiting_ = 0;
  const bool is_done = !first && !is_lost();
  for (PostgresPrepared* prepared : std::exchange(unsure_, {})) {
    if (!is_done) prepared->forget_name();
  }
  if (is_done) return last;
  PQclear(last);
  if (first) throw *first;
  fail();
}

void PostgresConnection::finish_and_clear() { PQclear(finish()); }

}  // namespace recoup::ledger
