// CloudTrail's signature in a claim: what carries it, what is said of it, and what verify finds.

#include "claim/digests.h"

#include <nlohmann/json.hpp>

#include "claim/folder.h"
#include "claim/logs.h"
#include "claim/readiness.h"
#include "support/signed_trail.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::leaves_open;
using recoup::test::names;
using recoup::test::SignedTrail;
using recoup::test::SigningKey;

namespace {

const SigningKey& claim_key() {
  static const SigningKey key;
  return key;
}

// The first six hours of October, of which the last but one is not there; three log files.
record::DigestEvidence evidence_of_six_hours(const SigningKey& key = claim_key()) {
  SignedTrail trail(key, *core::parse_instant("2026-10-01T00:00:00Z"));
  trail.add_hour({"first", "second"});
  for (int hour = 1; hour < 5; ++hour) trail.add_hour();
  trail.add_hour({"third"});
  std::vector<record::FoundDigest> found;
  for (const auto& one : trail.digests())
    found.push_back({one.name, one.content, {}, one.signature});
  found.erase(found.begin() + 4);
  record::DigestKeys keys;
  REQUIRE(keys.add(key.list().dump(), "keys.json").ok());
  auto evidence = record::digest_evidence(record::check_digests(found, keys));
  for (const char* content : {"first", "third"}) {
    evidence.files.push_back({record::sha256_hex(std::string("packed ") + content),
                              std::string("logs/") + content + ".json.gz", "yes",
                              record::sha256_hex(content)});
  }
  evidence.files.push_back(
      {record::sha256_hex("x"), "logs/x.json.gz", "changed", record::sha256_hex("y")});
  evidence.files.push_back({record::sha256_hex("z"), "logs/z.json.gz", "", ""});
  return evidence;
}

ClaimWorld signed_breach() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.digests = *claim::claim_digests(evidence_of_six_hours(), world.cycle.span);
  return world;
}

const std::vector<std::string> kSummedWithDigests{"subject.txt",
                                                  "body.md",
                                                  "body.txt",
                                                  "intervals.log",
                                                  "requests.log",
                                                  "dispute.csv",
                                                  "digests.json",
                                                  "digest-keys.json",
                                                  "digest.json",
                                                  "claim.html",
                                                  "create-case.json",
                                                  "create-case.cli.json",
                                                  "add-attachments.cli.json",
                                                  "add-attachments-2.cli.json",
                                                  "send.sh",
                                                  "claim.json"};

bool has_part(const std::string& text, const std::string& part) {
  INFO(text);
  INFO("does not have: " << part);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a claim carries digests and keys, says what they prove, and verifies") {
  const ClaimFolder folder(signed_breach());
  const std::string body = folder.read("body.md");
  const std::string fingerprint = claim_key().fingerprint();
  CHECK(has_part(body,
                 "## CloudTrail's signature\n\nCloudTrail's log files: 2 of 4 that were "
                 "counted are as they were signed by the keys in digest-keys.json "
                 "(fingerprint " +
                     fingerprint +
                     "). 5 digests of 2026-10-01T00:00:00Z to "
                     "2026-10-01T06:00:00Z verify; 3 list no file"));
  CHECK(has_part(body, "- from 2026-10-01T04:00:00Z to 2026-10-01T05:00:00Z no digest verifies\n"));
  CHECK(has_part(body, "- from 2026-10-01T06:00:00Z to 2026-11-01T00:00:00Z no digest verifies\n"));
  CHECK(has_part(body, "- x.json.gz was changed since, and was counted as it is\n"));
  CHECK(has_part(body, "- 1 log file not held against digests (named in digests.json)\n"));
  CHECK(has_part(body, "    aws cloudtrail list-public-keys --region us-east-1"));
  CHECK_FALSE(body.find("signed by AWS") != std::string::npos);
  CHECK(has_part(body, "openssl dgst -sha256 -verify key.pem -signature digest.sig"));
  CHECK(has_part(body,
                 "digests.json, digest-keys.json and digest.json: CloudTrail's digests, and the"));
  const auto json = nlohmann::json::parse(folder.read("claim.json"));
  CHECK(json["digests"]["files"] ==
        nlohmann::json{{"read", 4}, {"signed", 2}, {"changed", 1}, {"unlisted", 0}});
  CHECK(json["digests"]["by_hand"].size() == 3);

  const auto verified = folder.verify();
  INFO(joined(verified));
  CHECK(verified.ok());
  const auto& agreed = verified.agreed;
  for (const char* sentence :
       {"CloudTrail's digests are as they were signed",
        "each log file that is called signed is listed by a digest that verifies"}) {
    CHECK(std::find(agreed.begin(), agreed.end(), sentence) != agreed.end());
  }
  CHECK(leaves_open(verified,
                    "whose the keys in digest-keys.json are, of fingerprint " + fingerprint));
}

TEST_CASE("the commands in the body check the digest beside it") {
  const ClaimFolder folder(signed_breach());
  const auto json = nlohmann::json::parse(folder.read("claim.json"));
  std::string script = "cd '" + folder.path() + "'\n";
  for (const std::string command : json["digests"]["by_hand"]) {
    CHECK(has_part(folder.read("body.md"), "    " + command + "\n"));
    script += command + "\n";
  }
  const recoup::test::TempDir out;
  const auto by_hand = [&] { return recoup::test::run({"sh", "-c", script}, out.path().string()); };
  CHECK(by_hand().out == "Verified OK\n");
  folder.write("digest.json", "{}");
  CHECK(by_hand().status != 0);
}

TEST_CASE("who claims by a file that was changed since is told before the claim is written") {
  const ClaimWorld world = signed_breach();
  const claim::Claim claim = world.claim();
  const auto told = [&](const claim::Claim& of) {
    const auto lacks = claim::readiness(of, *claim::count_logged(of, world.reader()));
    return std::any_of(lacks.begin(), lacks.end(), [](const claim::Lack& lack) {
      return lack.text ==
                 "1 log file is counted that is not as CloudTrail signed it, and the body says "
                 "so" &&
             !lack.stops();
    });
  };
  CHECK(told(claim));
  claim::Claim without = claim;
  without.digests = nullptr;
  CHECK_FALSE(told(without));
}

TEST_CASE("digests too large to attach go in parts that are not, and verify") {
  SignedTrail trail(claim_key(), *core::parse_instant("2026-10-01T00:00:00Z"));
  std::vector<std::string> logs;
  for (int i = 0; i < 3500; ++i) logs.push_back("log " + std::to_string(i));
  for (int hour = 0; hour < 6; ++hour) trail.add_hour(logs);
  std::vector<record::FoundDigest> found;
  for (const auto& one : trail.digests()) {
    found.push_back({one.name, one.content, {}, one.signature});
  }
  record::DigestKeys keys;
  REQUIRE(keys.add(claim_key().list().dump(), "keys.json").ok());
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.digests = *claim::claim_digests(record::digest_evidence(record::check_digests(found, keys)),
                                        world.cycle.span);
  const ClaimFolder folder(world);
  std::size_t digests = 0;
  for (const char* name : {"digests.json", "digests-2.json"}) {
    INFO(name);
    CHECK(folder.read(name).size() <= claim::kLargestAttachment);
    digests += nlohmann::json::parse(folder.read(name))["digests"].size();
  }
  CHECK(digests == 6);
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/digests-3.json"));
  CHECK(joined(folder.verify()) == "");
  const auto second = nlohmann::json::parse(folder.read("add-attachments-2.cli.json"));
  CHECK(second["attachments"][0]["fileName"] == "digests-2.json");
}

TEST_CASE("a claim without digests has no word of them") {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  const ClaimFolder folder(world);
  CHECK(folder.read("body.md").find("CloudTrail") == std::string::npos);
  CHECK(folder.read("claim.json").find("\"digests\"") == std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/digests.json"));
}

TEST_CASE("digests of a claim that were tampered with are found, however it is summed again") {
  const ClaimWorld world = signed_breach();
  const auto spoiled = [&](const std::string& name, const std::string& from,
                           const std::string& to) {
    const ClaimFolder folder(world);
    folder.replace(name, from, to);
    folder.sum_again(kSummedWithDigests);
    return folder.verify();
  };
  const std::string listed = record::sha256_hex("first");
  // A log file's hash in a digest, and the same in what is said of the file.
  CHECK(names(spoiled("digests.json", listed, record::sha256_hex("other")),
              "changed: its signature is that of another content"));
  CHECK(names(spoiled("digests.json", record::sha256_hex("y") + "\",\n      \"signed\": \"changed",
                      record::sha256_hex("y") + "\",\n      \"signed\": \"yes"),
              "expected a digest that lists logs/x.json.gz, which is called signed, got none"));
  CHECK(names(spoiled("digest-keys.json", claim_key().fingerprint(), std::string(32, '0')),
              "digest-keys.json: expected the key whose fingerprint is " + std::string(32, '0')));
  CHECK(names(spoiled("digest-keys.json", "2027-01-01", "2026-02-01"), "which was in use from"));
  CHECK(names(spoiled("digests.json", "\"digests\"", "\"digest\""),
              "expected JSON with the array digests"));
  CHECK(names(spoiled("digest.json", "awsAccountId", "awsAccountid"), "digest.json:1: expected"));
  CHECK(names(spoiled("body.md", "2 of 4 that were", "4 of 4 that were"), "body.md:"));

  // Keys of another, under which nothing was signed.
  const ClaimFolder folder(world);
  const SigningKey foreign;
  folder.write("digest-keys.json", foreign.list().dump());
  folder.sum_again(kSummedWithDigests);
  CHECK(names(folder.verify(), "signed with a key that is not in the list, of fingerprint " +
                                   claim_key().fingerprint()));
  folder.write("digest-keys.json", "[");
  folder.sum_again(kSummedWithDigests);
  CHECK(names(folder.verify(), "digest-keys.json: expected JSON with the array PublicKeyList"));
  std::filesystem::remove(folder.path() + "/digest-keys.json");
  CHECK(names(folder.verify(), "digest-keys.json: is missing"));
}

TEST_CASE("what of the digests is of an agreement's time is picked") {
  const auto all = evidence_of_six_hours();
  const auto at = [](const char* text) { return *core::parse_instant(text); };
  const core::Interval two_hours{at("2026-10-01T01:00:00Z"), at("2026-10-01T03:00:00Z")};
  auto without = all;
  without.files.clear();
  CHECK(
      record::digest_evidence_of(without, "123456789012", "us-east-1", two_hours).digests.size() ==
      2);
  CHECK(record::digest_evidence_of(without, "", "", two_hours).digests.size() == 2);
  CHECK(record::digest_evidence_of(without, "", "eu-west-1", two_hours).empty());
  CHECK(record::digest_evidence_of(without, "999999999999", "", two_hours).keys.empty());
  // Those that list a file that was counted are there in any case.
  CHECK(record::digest_evidence_of(all, "123456789012", "us-east-1", two_hours).digests.size() ==
        4);
  CHECK(record::digest_evidence_of(all, "", "", two_hours).keys.size() == 1);
}
