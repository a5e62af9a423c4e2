#include <poll.h>

#include <array>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "sources/query/engine.h"

namespace recoup::sources {
namespace {

using core::Error;
using core::Result;

constexpr int kLookEveryMs = 100;  // at the stop

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, CloseConnection>;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answered = std::unique_ptr<PGresult, ClearResult>;

// Session is one connection, for one query. It waits no longer than until its time is over or the
// stop is requested.
class Session {
 public:
  Session(const Query& query, const std::stop_token& stop)
      : query_(query), stop_(stop), left_(query.timeout) {}

  Result<void> connect() {
    const std::array<const char*, 4> names{"dbname", "fallback_application_name", "connect_timeout",
                                           nullptr};
    const std::array<const char*, 4> values{query_.connection.c_str(), "recoup", "10", nullptr};
    connection_.reset(PQconnectStartParams(names.data(), values.data(), 1));
    if (!connection_) return Error{"there is no memory for a connection"};
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
      if (state == PGRES_POLLING_FAILED || PQstatus(connection_.get()) == CONNECTION_BAD) {
        return failure();
      }
      const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
      if (auto done = wait(events); !done) return done;
      state = PQconnectPoll(connection_.get());
    }
    return {};
  }

  // What a session of ours may do, and for how long the server goes on with it.
  Result<void> prepare() {
    return run(fmt::format("SET default_transaction_read_only = on; SET TimeZone = 'UTC'; "
                           "SET extra_float_digits = 1; SET statement_timeout = {}",
                           query_.timeout.count()),
               0, nullptr);
  }

  // Sends a statement; rows are given as they come. Without `each` there may be several statements.
  Result<void> run(const std::string& sql, std::size_t columns, const OnRow* each) {
    PGconn* at = connection_.get();
    const int sent = each == nullptr ? PQsendQuery(at, sql.c_str())
                                     : PQsendQueryParams(at, sql.c_str(), 0, nullptr, nullptr,
                                                         nullptr, nullptr, 0);
    if (sent == 0) return failure();
    if (each != nullptr) PQsetSingleRowMode(at);
    while (true) {
      while (PQisBusy(at) != 0) {
        if (auto done = wait(POLLIN); !done) return done;
        if (PQconsumeInput(at) == 0) return failure();
      }
      const Answered result(PQgetResult(at));
      if (!result) return {};
      if (auto done = take(*result, columns, each); !done) return done;
    }
  }

 private:
  Result<void> take(const PGresult& result, std::size_t columns, const OnRow* each) {
    const ExecStatusType status = PQresultStatus(&result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
    if (status != PGRES_SINGLE_TUPLE || each == nullptr) {
      return Error{engine_words(PQresultErrorMessage(&result))};
    }
    if (++rows_ > kMostQueryRows) {
      return Error{fmt::format("expected at most {} rows, got more", kMostQueryRows), "",
                   "the query must group by minute and outcome"};
    }
    std::vector<std::string_view> row;
    for (int i = 0; i < static_cast<int>(columns); ++i) {
      row.push_back(PQgetisnull(&result, 0, i) != 0
                        ? std::string_view("\\N")
                        : std::string_view(PQgetvalue(&result, 0, i),
                                           static_cast<std::size_t>(PQgetlength(&result, 0, i))));
    }
    (*each)(row);
    return {};
  }

  Result<void> wait(short events) {
    while (true) {
      if (stop_.stop_requested()) return Error{"stopped"};
      if (left_ <= core::Millis(0)) {
        return Error{fmt::format("it did not answer within {}", core::to_text(query_.timeout))};
      }
      pollfd socket{PQsocket(connection_.get()), events, 0};
      if (::poll(&socket, 1, kLookEveryMs) != 0) return {};
      left_ -= core::Millis(kLookEveryMs);
    }
  }

  Error failure() const { return {engine_words(PQerrorMessage(connection_.get()))}; }

  const Query& query_;
  const std::stop_token& stop_;
  core::Millis left_;  // of the time in which nothing came
  Connection connection_;
  std::uint64_t rows_ = 0;
};

}  // namespace

Result<void> ask_postgresql(const Query& query, const std::string& sql, std::size_t columns,
                            const OnRow& each, const std::stop_token& stop) {
  Session session(query, stop);
  if (auto done = session.connect(); !done) return done;
  if (auto done = session.prepare(); !done) return done;
  return session.run(sql, columns, &each);
}

Result<void> check_connection(const std::string& words) {
  char* why = nullptr;
  PQconninfoOption* const options = PQconninfoParse(words.c_str(), &why);
  if (options == nullptr) {
    Error error{"expected libpq's words for a connection, got others", "",
                "like \"host=db.example.com dbname=logs user=recoup sslmode=verify-full\", or "
                "\"service=logs\""};
    PQfreemem(why);  // it may repeat what stands there
    return error;
  }
  bool has_password = false;
  for (const PQconninfoOption* one = options; one->keyword != nullptr; ++one) {
    const std::string_view name = one->keyword;
    const bool is_secret = name == "password" || name == "sslpassword";
    has_password = has_password || (is_secret && one->val != nullptr);
  }
  PQconninfoFree(options);
  if (!has_password) return {};
  return Error{"expected a connection without a password, got one with it", "",
               "write it into ~/.pgpass, the file that PGPASSFILE names, or a service file"};
}

}  // namespace recoup::sources
