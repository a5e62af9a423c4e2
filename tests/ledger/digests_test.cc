// What a ledger keeps of CloudTrail's signature.

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "support/catch.h"

using namespace recoup;
using recoup::test::kImplementations;
using recoup::test::TempDir;

namespace {

core::Instant hour(int number) {
  return *core::parse_instant("2026-10-01T00:00:00Z") + std::chrono::hours(number);
}

record::KeptDigest digest_of(int number, const std::string& content) {
  return {{"bucket", "digest-" + std::to_string(number)},
          {hour(number), hour(number + 1)},
          content,
          "signature of " + content};
}

record::TrailFile file_of(const std::string& agreement, const std::string& digest, int number) {
  record::TrailFile file{agreement, "trail", {}, {}};
  file.file.digest = digest;
  file.file.name = digest + ".json.gz";
  file.file.format = "cloudtrail";
  file.file.span = {hour(number), hour(number + 1)};
  file.events.outcomes = {core::Answered{200}};
  file.events.events = {{hour(number), static_cast<std::uint64_t>(number + 1), 0, false}};
  return file;
}

std::vector<std::string> contents(const record::DigestEvidence& evidence) {
  std::vector<std::string> all;
  for (const auto& one : evidence.digests) all.push_back(one.content);
  return all;
}

}  // namespace

TEST_CASE("digests are kept, those of a time are found, and newer ones take their place") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    REQUIRE(ledger
                ->keep_digests({{digest_of(0, "a"), digest_of(1, "b"), digest_of(5, "c")},
                                {{"key", {hour(0), hour(9)}}, {"key", {hour(9), hour(10)}}},
                                {}})
                .ok());
    REQUIRE(
        ledger->keep_digests({{digest_of(1, "b again")}, {{"key", {hour(0), hour(9)}}}, {}}).ok());
    const auto found = *ledger->digests("kms", {hour(1), hour(2)}, {});
    CHECK(contents(found) == std::vector<std::string>{"b again"});
    CHECK(found.digests[0].signature == "signature of b again");
    CHECK(found.digests[0].place == record::ObjectPlace{"bucket", "digest-1"});
    CHECK(found.digests[0].span == core::Interval{hour(1), hour(2)});
    CHECK(found.keys.size() == 2);
    // What comes late is found, too.
    CHECK(contents(*ledger->digests("kms", {hour(0), hour(1)}, std::chrono::hours(5))) ==
          std::vector<std::string>{"a", "b again", "c"});
  }
}

TEST_CASE("what digests say of a file is known for whoever has it, before it is read and after") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    REQUIRE(ledger->keep_digests({{}, {}, {{"one", "", "yes", "hash of one"}}}).ok());
    REQUIRE(ledger
                ->import_trail({file_of("kms", "one", 0), file_of("kms", "two", 1),
                                file_of("other", "one", 0)})
                .ok());
    const auto says = [&](const std::string& agreement) {
      std::string all;
      const auto found = *ledger->digests(agreement, {hour(0), hour(24)}, {});
      for (const auto& file : found.files) {
        all += file.digest + ' ' + file.name + ' ' + file.says + ' ' + file.hash + ';';
      }
      return all;
    };
    CHECK(says("kms") == "one one.json.gz yes hash of one;two two.json.gz  ;");
    CHECK(says("other") == "one one.json.gz yes hash of one;");
    REQUIRE(ledger->keep_digests({{}, {}, {{"two", "", "changed", "x"}}}).ok());
    CHECK(says("kms") == "one one.json.gz yes hash of one;two two.json.gz changed x;");
    CHECK(ledger->digests("kms", {hour(1), hour(24)}, {})->files.size() == 1);
    REQUIRE(ledger->remove_file("kms", "one").ok());
    CHECK(says("kms") == "two two.json.gz changed x;");
    CHECK_FALSE(ledger->keep_digests({{}, {}, {{"two", "", "perhaps", "x"}}}).ok());
    CHECK(says("kms") == "two two.json.gz changed x;");
  }
}
