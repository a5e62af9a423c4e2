#include "web/access/users.h"

#include <crypt.h>

#include "support/catch.h"
#include "web/asked.h"

using namespace recoup;
using recoup::test::ask;

namespace {

// The cheapest there is: these are made for the test alone.
record::Secret hash_of(const char* password) {
  crypt_data work{};
  return record::Secret(crypt_r(password, "$2b$04$abcdefghijklmnopqrstuu", &work));
}

web::Request with(const std::string& authorization) {
  web::Request request;
  request.method = "GET";
  if (!authorization.empty()) request.headers["authorization"] = authorization;
  return request;
}

web::Response quick(const web::Request&) { return {200, "text/plain", "quick"}; }
web::Response slow() { return {200, "text/plain", "slow"}; }

web::Handler guarded() {
  const auto handler = [](const web::Request& request) -> web::ResponseOrWork {
    if (request.path == "/slow") return web::Work(slow);
    return quick(request);
  };
  return web::with_users(
      handler, {{"ops", hash_of("correct horse")}, {"u:", hash_of("x")}, {"empty", hash_of("")}});
}

}  // namespace

TEST_CASE("only who knows a name and its password is let through") {
  struct Row {
    const char* authorization;
    int status;
  };
  const auto handler = guarded();
  for (const Row& row :
       {Row{"Basic b3BzOmNvcnJlY3QgaG9yc2U=", 200},  // ops:correct horse
        Row{"basic b3BzOmNvcnJlY3QgaG9yc2U=", 200}, Row{"Basic ZW1wdHk6", 200},  // empty:
        Row{"", 401}, Row{"Basic", 401}, Row{"Basic ", 401},
        Row{"Basic b3BzOmNvcnJlY3QgaG9yc2", 401},                            // cut short
        Row{"Basic b3BzOndyb25n", 401},                                      // ops:wrong
        Row{"Basic b3BzOg==", 401},                                          // ops:
        Row{"Basic bm9ib2R5OmNvcnJlY3QgaG9yc2U=", 401},                      // nobody:correct horse
        Row{"Basic Og==", 401},                                              // :
        Row{"Basic b3Bz", 401},                                              // ops
        Row{"Basic !!!!", 401}, Row{"Basic b3BzOmNvcnJlY3QgaG9yc2UA", 401},  // with a NUL behind it
        Row{"Bearer b3BzOmNvcnJlY3QgaG9yc2U=", 401}}) {
    INFO(row.authorization);
    const auto response = ask(handler, with(row.authorization)).response;
    CHECK(response.status == row.status);
    CHECK(response.headers.contains("WWW-Authenticate") == (row.status == 401));
    CHECK((response.body == "quick") == (row.status == 200));
  }
  CHECK(ask(handler, with("Basic " + std::string(4000, 'A'))).response.status == 401);
}

TEST_CASE("a password is checked beside the server's thread once, and known from then on") {
  const auto handler = guarded();
  const auto request = with("Basic b3BzOmNvcnJlY3QgaG9yc2U=");
  const auto first = ask(handler, request);
  CHECK_FALSE(first.at_once);
  CHECK(first.response.body == "quick");
  const auto second = ask(handler, request);
  CHECK(second.at_once);
  CHECK(second.response.body == "quick");
  // A wrong one is never known, nor is another user's.
  for (int i = 0; i < 2; ++i) {
    const auto wrong = ask(handler, with("Basic b3BzOndyb25n"));
    CHECK_FALSE(wrong.at_once);
    CHECK(wrong.response.status == 401);
  }
}

TEST_CASE("what takes longer is behind the password as well") {
  const auto handler = guarded();
  auto request = with("Basic b3BzOmNvcnJlY3QgaG9yc2U=");
  request.path = "/slow";
  for (int i = 0; i < 2; ++i) {
    const auto answer = ask(handler, request);
    CHECK_FALSE(answer.at_once);
    CHECK(answer.response.body == "slow");
  }
  request.headers["authorization"] = "Basic b3BzOndyb25n";
  CHECK(ask(handler, request).response.status == 401);
}

TEST_CASE("without users everybody is let through") {
  CHECK(ask(web::with_users(quick, {}), with("")).response.status == 200);
}
