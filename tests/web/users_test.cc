#include "web/access/users.h"

#include <crypt.h>

#include "support/catch.h"

using namespace recoup;

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

// What is asked of the two ends of a handler, one after the other.
web::Response ask(const web::Handler& handler, const web::Request& request) {
  if (auto response = handler.at_once(request)) return *response;
  return handler.slowly(request);
}

web::Handler guarded() {
  web::Handler handler{[](const web::Request& request) -> std::optional<web::Response> {
                         if (request.path == "/slow") return std::nullopt;
                         return web::Response{200, "text/plain", "quick"};
                       },
                       [](const web::Request&) {
                         return web::Response{200, "text/plain", "slow"};
                       }};
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
    const auto response = ask(handler, with(row.authorization));
    CHECK(response.status == row.status);
    CHECK(response.headers.contains("WWW-Authenticate") == (row.status == 401));
    CHECK((response.body == "quick") == (row.status == 200));
  }
  CHECK(ask(handler, with("Basic " + std::string(4000, 'A'))).status == 401);
}

TEST_CASE("a password is checked slowly once, and known from then on") {
  const auto handler = guarded();
  const auto request = with("Basic b3BzOmNvcnJlY3QgaG9yc2U=");
  CHECK_FALSE(handler.at_once(request).has_value());
  CHECK(handler.slowly(request).body == "quick");
  REQUIRE(handler.at_once(request).has_value());
  CHECK(handler.at_once(request)->body == "quick");
  // A wrong one is never known, nor is another user's.
  const auto wrong = with("Basic b3BzOndyb25n");
  CHECK(handler.slowly(wrong).status == 401);
  CHECK_FALSE(handler.at_once(wrong).has_value());
}

TEST_CASE("what takes longer is behind the password as well") {
  const auto handler = guarded();
  auto request = with("Basic b3BzOmNvcnJlY3QgaG9yc2U=");
  request.path = "/slow";
  CHECK(handler.slowly(request).body == "slow");
  CHECK_FALSE(handler.at_once(request).has_value());
  request.headers["authorization"] = "Basic b3BzOndyb25n";
  CHECK(handler.slowly(request).status == 401);
}

TEST_CASE("without users everybody is let through") {
  const auto handler =
      web::with_users({[](const web::Request&) {
                         return std::optional(web::Response{200, "text/plain", "x"});
                       },
                       [](const web::Request&) { return web::Response(); }},
                      {});
  CHECK(ask(handler, with("")).status == 200);
}
