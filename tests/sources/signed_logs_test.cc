// Log files of CloudTrail held against its digests, as both lie on a disk.

#include "sources/logs/signed_logs.h"

#include "support/catch.h"
#include "support/packed.h"
#include "support/signed_trail.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::test;
using Says = sources::LogSignature::Says;

namespace {

std::string gzipped(const std::string& content) { return packed("gzip", content); }

// A folder with three hours of digests, two log files, and what can be asked of both.
struct SignedFolder {
  SigningKey key;
  SignedTrail trail{key, *core::parse_instant("2026-10-01T00:00:00Z")};
  TempDir dir;
  record::DigestKeys keys;
  record::DigestCheck digests;
  std::unique_ptr<sources::SignedLogs> logs;

  SignedFolder() {
    trail.add_hour({std::string(100'000, 'a'), "b"});
    trail.add_hour();
    trail.add_hour({"c"});
    trail.write(dir.path(), gzipped);
    REQUIRE(keys.add(key.list().dump(), "keys.json").ok());
  }

  std::string log(std::size_t i) const { return dir.file("logs/" + trail.logs()[i].name); }
  std::string digest(std::size_t i) const { return dir.file("digests/" + trail.digests()[i].name); }

  void read() {
    const auto found = sources::read_digests(dir.file("digests"), {});
    REQUIRE(found.ok());
    digests = record::check_digests(*found, keys);
    logs = std::make_unique<sources::SignedLogs>(digests);
  }

  sources::LogSignature ask(const std::string& file) {
    if (!logs) read();
    return logs->check(file, {});
  }
};

}  // namespace

TEST_CASE("log files as they were signed are known, whatever they are called or packed with") {
  SignedFolder folder;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto said = folder.ask(folder.log(i));
    CHECK(said.says == Says::yes);
    CHECK(said.hash == record::sha256_hex(folder.trail.logs()[i].content));
    CHECK(said.as_it_lies == record::sha256_hex(read_text(folder.log(i))));
  }
  CHECK(folder.digests.valid() == 3);
  CHECK(folder.logs->missing().empty());
  CHECK(folder.ask(folder.dir.write("renamed", folder.trail.logs()[0].content)).says == Says::yes);
  CHECK(folder.ask(folder.dir.write("c.zst", packed("zstd", "c"))).says == Says::yes);
}

TEST_CASE(
    "a changed byte, a member more, a file that is gone and one that no digest has are told") {
  SignedFolder folder;
  const std::string whole = read_text(folder.log(0));
  std::string content = folder.trail.logs()[0].content;
  content[7] = 'x';
  write_text(folder.log(0), gzipped(content));
  auto said = folder.ask(folder.log(0));
  CHECK(said.says == Says::changed);
  CHECK(said.why.find("the SHA-256 of its content is " + record::sha256_hex(content)) == 0);

  write_text(folder.log(0), whole + gzipped("{\"Records\":[]}"));
  said = folder.ask(folder.log(0));
  CHECK(said.says == Says::changed);
  CHECK(said.why == "what was signed is there whole, with more data behind it");
  write_text(folder.log(0), whole + "junk");
  CHECK(folder.ask(folder.log(0)).why == said.why);

  write_text(folder.log(0), whole.substr(0, whole.size() / 2));
  said = folder.ask(folder.log(0));
  CHECK(said.says == Says::changed);
  CHECK(said.why.find("gzip data") != std::string::npos);

  CHECK(folder.ask(folder.dir.write("other.json.gz", gzipped("d"))).says == Says::unlisted);
  CHECK(folder.ask(folder.dir.file("not-there")).says == Says::unlisted);
  folder.read();
  folder.ask(folder.log(0));
  folder.ask(folder.log(2));
  const auto missing = folder.logs->missing();
  REQUIRE(missing.size() == 1);
  CHECK(missing[0]->place.file_name() == folder.trail.logs()[1].name);
}

TEST_CASE("what only a digest lists that does not verify is unlisted, and it is said why") {
  SignedFolder folder;
  write_text(folder.digest(0), gzipped(folder.trail.digests()[0].content + " "));
  const auto said = folder.ask(folder.log(0));
  CHECK(folder.digests.valid() == 2);
  CHECK(said.says == Says::unlisted);
  CHECK(said.why == "only a digest that does not verify lists it");
}

TEST_CASE("digests that cannot be read are among those found, and a folder without one is none") {
  SignedFolder folder;
  write_text(folder.digest(1), "\x1f\x8b damaged");
  folder.read();
  CHECK(folder.digests.digests.size() == 3);
  CHECK(folder.digests.digests[1].state == record::CheckedDigest::State::unreadable);
  CHECK(folder.digests.digests[1].why.find("expected gzip data") == 0);

  const auto none = sources::read_digests(folder.dir.file("logs"), {});
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message == "expected CloudTrail's digest files, got none");
  CHECK_FALSE(sources::read_digests(folder.dir.file("not-there/*"), {}).ok());

  write_text(folder.digest(2) + ".head.json", "An error occurred (404)");
  const auto refused = sources::read_digests(folder.dir.file("digests"), {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().where == folder.digest(2) + ".head.json");
}

TEST_CASE("digests and what is beside them are told from logs by their names") {
  CHECK(sources::is_of_digests(
      "x/1_CloudTrail-Digest_us-east-1_t_us-east-1_20261001T000000Z.json.gz"));
  CHECK(sources::is_of_digests("x/a.json.gz.head.json"));
  CHECK_FALSE(
      sources::is_of_digests("CloudTrail-Digest/1_CloudTrail_us-east-1_20261001T0000Z_a.json.gz"));
  const auto name = record::read_digest_name(
      "1_CloudTrail-Digest_eu-west-1_my_trail_us-east-1_20261001T000000Z_backfill.json.gz");
  CHECK(name.trail == "1_CloudTrail-Digest_eu-west-1_my_trail_us-east-1");
  CHECK(name.home_region == "us-east-1");
  CHECK(name.is_backfill);
  CHECK(name.end == *core::parse_instant("2026-10-01T00:00:00Z"));
}
