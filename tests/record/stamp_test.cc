// The documents that are stamped, and the counts that they are digests of.

#include "record/stamp.h"

#include "record/digest.h"
#include "support/catch.h"

using namespace recoup;
using core::Answered;

namespace {

core::Instant at(const char* text) { return *core::parse_instant(text); }

record::SourceTallies probe() {
  record::SourceTallies source{{record::SeriesKind::probe, "generate random"}, "berlin", {}};
  const core::Minute first = core::minute_of(at("2026-10-03T10:00:00Z"));
  for (int i = 0; i < 5; ++i) {
    source.tallies.add(first + std::chrono::minutes(i), Answered{200}, 60);
  }
  source.tallies.add(first + std::chrono::minutes(5), Answered{503, "SlowDown"}, 2);
  source.tallies.add(first + std::chrono::minutes(5), Answered{200}, 50);
  source.tallies.add(first + std::chrono::minutes(5), Answered{200}, 8);
  source.tallies.add(first + std::chrono::minutes(9), core::Failed{core::NoAnswer::timeout}, 1);
  return source;
}

constexpr const char* kProbe =
    "source probe 15:generate random 6:berlin\n"
    "2026-10-03T10:00:00Z 5 200 60\n"
    "2026-10-03T10:05:00Z 1 200 58 503/SlowDown 2\n"
    "2026-10-03T10:09:00Z 1 timeout 1\n";

record::StampDocument day() {
  record::StampDocument document;
  document.agreement = "kms";
  document.span = {at("2026-10-03T00:00:00Z"), at("2026-10-04T00:00:00Z")};
  document.previous = record::sha256_hex("a token");
  document.sources = {record::stamped_source(probe())};
  document.chain = {{"probe", "generate random", "berlin", 3, record::sha256_hex("link")}};
  return document;
}

}  // namespace

TEST_CASE("what a source counted is a text, minutes that are alike in one line, and reads back") {
  CHECK(record::canonical_source(probe()) == kProbe);
  const record::SourceTallies log{{record::SeriesKind::file, "web"}, "", {}};
  const std::string both = kProbe + record::canonical_source(log);
  const auto again = record::parse_sources(both);
  REQUIRE(again.ok());
  REQUIRE(again->size() == 2);
  CHECK(record::canonical_source((*again)[0]) + record::canonical_source((*again)[1]) == both);
  CHECK(record::stamped_source((*again)[0]).requests == 361);
}

TEST_CASE("a text that is not one of counts is refused by its line") {
  for (const char* line :
       {"source probe 15:generate 6:berlin", "source nobody 1:a 1:b", "2026-10-03 1 200 6",
        "2026-10-03T10:00:00Z 0 200 60", "2026-10-03T10:00:00Z 5 200 -1",
        "2026-10-03T10:00:00Z 99999999 200 1", "2026-10-03T10:00:00Z 1 200 99999999999999",
        "2026-10-03T10:00:00Z 1", "2026-10-03T10:00:00Z 1 200", ""}) {
    INFO(line);
    const auto read = record::parse_sources(std::string(kProbe) + line + '\n');
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().where == "5");
  }
  CHECK_FALSE(record::parse_sources("2026-10-03T10:00:00Z 5 200 60\n").ok());
}

TEST_CASE("a document reads back from its own text, and from no other") {
  const std::string text = record::canonical_stamp(day());
  CHECK(*record::parse_stamp(text) == day());
  CHECK(day().name() == "2026-10-03");
  record::StampDocument again = day();
  again.revision = 2;
  again.reason = "the counts changed";
  CHECK(again.name() == "2026-10-03-r2");
  CHECK(*record::parse_stamp(record::canonical_stamp(again)) == again);
  record::StampDocument seal;
  seal.agreement = "kms";
  seal.span = {at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")};
  seal.seal = record::StampedSeal{std::chrono::year(2026) / 10, 2, record::sha256_hex("seal")};
  seal.revision = 2;
  CHECK(seal.name() == "seal-2026-10-r2");
  CHECK(*record::parse_stamp(record::canonical_stamp(seal)) == seal);
  for (const std::string& other :
       {text + "\n", text.substr(1), std::string("{}"), std::string(""), std::string("[1]"),
        std::string(text).replace(text.find("2026-10-03"), 10, "2026-19-03")}) {
    CHECK_FALSE(record::parse_stamp(other).ok());
  }
}
