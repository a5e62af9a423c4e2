// Where a ledger is, as people write it.
#include "ledger/address.h"
#include "support/catch.h"

namespace {

using recoup::ledger::Address;

Address address(const std::string& url) {
  const auto parsed = Address::parse(url);
  INFO(url);
  REQUIRE(parsed.ok());
  return *parsed;
}

}  // namespace

TEST_CASE("a relative path is taken from the folder, an absolute one and memory are not") {
  CHECK(address("sqlite:a/b.db").in("/etc/recoup").shown() == "sqlite:/etc/recoup/a/b.db");
  CHECK(address("sqlite:/c.db").in("/etc/recoup").file() == "/c.db");
  CHECK(address("sqlite::memory:").in("/etc/recoup").shown() == "sqlite::memory:");
  CHECK_FALSE(address("sqlite::memory:").file());
  CHECK(Address().shown() == "sqlite:recoup.db");
  CHECK(address("sqlite:recoup.db") == Address());
}

TEST_CASE("what is no address is refused by its scheme alone: the rest may hold a password") {
  struct Row {
    std::string url, got, help;
  };
  const std::string form =
      "write sqlite:PATH, like sqlite:recoup.db, or postgresql://USER@HOST/DATABASE, like "
      "postgresql://recoup@db/recoup";
  const auto row =
      GENERATE_COPY(Row{"mysql://me:hunter2@db", "mysql:", form}, Row{"sqlite:", "sqlite:", form},
                    Row{"recoup.db", "recoup.db", "write \"sqlite:recoup.db\""}, Row{"", "", form});
  INFO(row.url);
  const auto parsed = Address::parse(row.url);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().message ==
        "expected a ledger like \"sqlite:recoup.db\", got '" + row.got + "'");
  CHECK(parsed.error().help == row.help);
}

TEST_CASE("an address of PostgreSQL is libpq's, and shown without what is secret") {
  const Address there =
      address("postgresql://me:hunter2@db:5433/recoup?sslmode=verify-full&password=hunter3");
  CHECK(there.shown() == "postgresql://me@db:5433/recoup");
  CHECK(there.in("/etc/recoup").shown() == there.shown());
  CHECK(there.in("/etc/recoup").spool_folder() == "/etc/recoup");
  CHECK_FALSE(Address().spool_folder());
  CHECK_FALSE(there.file());
  CHECK(address("postgresql:///recoup?host=/run/postgresql").shown() ==
        "postgresql:///run/postgresql/recoup");
  const auto url = GENERATE("postgresql://me:hunter2%zz@db/recoup", "postgresql://[::1:hunter2",
                            "postgresql://me@db/recoup?hunter2=1");
  INFO(url);
  const auto refused = Address::parse(url);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "expected an address of PostgreSQL, got one that cannot be read");
  CHECK(refused.error().help.find("hunter2") == std::string::npos);
}
