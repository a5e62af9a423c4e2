// What a ledger keeps of tokens: in their order, each behind the one before it.

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "record/digest.h"
#include "support/catch.h"

using namespace recoup;
using recoup::test::kImplementations;
using recoup::test::TempDir;

namespace {

core::Instant day(int number) {
  return *core::parse_instant("2026-10-01T00:00:00Z") + std::chrono::hours(24 * number);
}

// A token may hold any bytes.
record::Stamp stamp_of(const std::string& agreement, int number, const std::string& before) {
  record::StampDocument document;
  document.agreement = agreement;
  document.span = {day(number), day(number + 1)};
  document.previous = before.empty() ? "" : record::sha256_hex(before);
  return {agreement,
          document.span,
          day(number + 1) + std::chrono::minutes(11),
          record::canonical_stamp(document),
          std::string("token\0of ", 9) + std::to_string(number),
          "chain"};
}

}  // namespace

TEST_CASE("stamps are kept in their order, and those from a time on are found, or the newest") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    CHECK(ledger->stamps("kms", {})->empty());
    std::vector<record::Stamp> all;
    for (int i = 0; i < 4; ++i) {
      all.push_back(stamp_of("kms", i, all.empty() ? "" : all.back().token));
      REQUIRE(ledger->add_stamp(all.back()).ok());
    }
    REQUIRE(ledger->add_stamp(stamp_of("s3", 0, "")).ok());
    CHECK(*ledger->stamps("kms", {}) == all);
    CHECK(*ledger->stamps("kms", day(2)) == std::vector<record::Stamp>{all[2], all[3]});
    CHECK(*ledger->stamps("kms", day(200)) == std::vector<record::Stamp>{all[3]});
    CHECK(ledger->stamps("s3", {})->size() == 1);
  }
}

TEST_CASE("a stamp that does not name the token before it is refused, and nothing of it is kept") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    CHECK_FALSE(ledger->add_stamp(stamp_of("kms", 0, "another")).ok());
    REQUIRE(ledger->add_stamp(stamp_of("kms", 0, "")).ok());
    CHECK_FALSE(ledger->add_stamp(stamp_of("kms", 1, "")).ok());
    record::Stamp wrong = stamp_of("kms", 1, ledger->stamps("kms", {})->back().token);
    wrong.agreement = "s3";
    CHECK_FALSE(ledger->add_stamp(wrong).ok());
    CHECK(ledger->stamps("kms", {})->size() == 1);
    CHECK(ledger->stamps("s3", {})->empty());
  }
}
