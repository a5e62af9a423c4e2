// What CloudTrail's digests prove: a month of them, made with a key of the test's own, and what is
// said when something of it was changed.

#include "record/digest_files/digest_chain.h"

#include "support/catch.h"
#include "support/signed_trail.h"

using namespace recoup;
using namespace recoup::test;
using State = record::CheckedDigest::State;

namespace {

core::Instant at(const std::string& text) { return *core::parse_instant(text); }

const SigningKey& own_key() {
  static const SigningKey key;
  return key;
}

// All of October 2026; each third hour has a log file.
SignedTrail month_of_digests(const SigningKey& key = own_key(), bool as_pkcs1 = true) {
  SignedTrail trail(key, at("2026-10-01T00:00:00Z"), as_pkcs1);
  for (int hour = 0; hour < 744; ++hour) {
    trail.add_hour(hour % 3 == 0 ? std::vector<std::string>{std::to_string(hour)}
                                 : std::vector<std::string>{});
  }
  return trail;
}

record::DigestKeys keys_of(const nlohmann::json& list) {
  record::DigestKeys keys;
  const auto done = keys.add(list.dump(), "keys.json");
  INFO((done ? "" : done.error().message));
  REQUIRE(done.ok());
  return keys;
}

// As they are found: the newest has its signature beside it.
std::vector<record::FoundDigest> found(const SignedTrail& trail) {
  std::vector<record::FoundDigest> all;
  for (const auto& one : trail.digests()) all.push_back({"d/" + one.name, one.content});
  if (!all.empty()) all.back().signature = trail.digests().back().signature;
  return all;
}

std::vector<std::string> spans(const record::DigestCheck& check) {
  std::vector<std::string> all;
  for (const auto& gap : check.gaps) {
    all.push_back(core::to_text(gap.span.begin) + " " + core::to_text(gap.span.end));
  }
  return all;
}

std::size_t count(const record::DigestCheck& check, State state) {
  return static_cast<std::size_t>(
      std::count_if(check.digests.begin(), check.digests.end(),
                    [&](const auto& one) { return one.state == state; }));
}

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a month of digests verifies, by a key in either form") {
  for (const bool as_pkcs1 : {true, false}) {
    auto trail = month_of_digests(own_key(), as_pkcs1);
    const auto keys =
        keys_of(own_key().list("2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00Z", as_pkcs1));
    REQUIRE(keys.all().size() == 1);
    CHECK(keys.all()[0].is_pkcs1() == as_pkcs1);
    CHECK(keys.all()[0].fingerprint() == own_key().fingerprint(as_pkcs1));
    const auto check = record::check_digests(found(trail), keys);
    CHECK(check.digests.size() == 744);
    CHECK(check.valid() == 744);
    CHECK(check.gaps.empty());
    CHECK(check.silent() == 496);
    CHECK(check.complete_until() == at("2026-11-01T00:00:00Z"));
  }
}

TEST_CASE("the newest digest is proven by what head-object prints alone") {
  auto trail = month_of_digests();
  auto digests = found(trail);
  digests.back().signature.reset();
  const auto keys = keys_of(own_key().list());
  const auto check = record::check_digests(digests, keys);
  CHECK(check.valid() == 743);
  CHECK(check.digests.back().state == State::no_signature);
  CHECK(contains(check.digests.back().why, "head-object"));
  CHECK(check.complete_until() == at("2026-10-31T23:00:00Z"));
  digests.back().signature = trail.digests()[3].signature;
  CHECK(record::check_digests(digests, keys).digests.back().state == State::changed);
}

TEST_CASE("digests that are gone leave the hours without proof that they were in, and one more") {
  auto trail = month_of_digests();
  auto digests = found(trail);
  digests.erase(digests.begin() + 10, digests.begin() + 12);  // of 10:00 and of 11:00
  const auto keys = keys_of(own_key().list());
  auto check = record::check_digests(digests, keys);
  // The signature of the one before stood in the first that is gone.
  CHECK(count(check, State::no_signature) == 1);
  CHECK(spans(check) == std::vector<std::string>{"2026-10-01T09:00:00Z 2026-10-01T12:00:00Z"});
  CHECK(contains(check.gaps[0].why, "the digest is missing"));
  CHECK(check.complete_until() == at("2026-10-01T09:00:00Z"));
  digests[9].signature = trail.digests()[9].signature;
  check = record::check_digests(digests, keys);
  CHECK(check.valid() == 742);
  CHECK(spans(check) == std::vector<std::string>{"2026-10-01T10:00:00Z 2026-10-01T12:00:00Z"});
}

TEST_CASE("a digest that was changed is found, and its hour is not proven") {
  auto trail = month_of_digests();
  auto digests = found(trail);
  const auto keys = keys_of(own_key().list());
  const std::string content = digests[30].content;
  digests[30].content.replace(content.find("hashValue\":\"") + 12, 4, "0000");
  auto check = record::check_digests(digests, keys);
  CHECK(check.digests[30].state == State::changed);
  CHECK(check.valid() == 743);
  CHECK(spans(check) == std::vector<std::string>{"2026-10-02T06:00:00Z 2026-10-02T07:00:00Z"});
  CHECK(contains(check.gaps[0].why, trail.digests()[30].name + ": changed"));

  // One blank more in it is another digest, too; and so is one that was moved in S3.
  digests[30].content = content + " ";
  CHECK(record::check_digests(digests, keys).digests[30].state == State::changed);
  auto moved = nlohmann::json::parse(content);
  moved["digestS3Bucket"] = "another-bucket";
  digests[30].content = moved.dump();
  CHECK(record::check_digests(digests, keys).digests[30].state == State::no_signature);

  // One that cannot be read is of the hour that its name says.
  digests[30].content = "{";
  check = record::check_digests(digests, keys);
  CHECK(count(check, State::unreadable) == 1);
  CHECK(contains(check.gaps[0].why, "expected a digest file, a JSON object"));
}

TEST_CASE("a hole in the trail itself is told from a digest that is missing") {
  SignedTrail trail(own_key(), at("2026-10-01T00:00:00Z"));
  trail.add_hour();
  trail.add_hour();
  trail.pause(std::chrono::hours(5));
  trail.add_hour();
  auto digests = found(trail);
  digests[1].signature = trail.digests()[1].signature;
  const auto keys = keys_of(own_key().list());
  const auto check = record::check_digests(digests, keys);
  CHECK(check.valid() == 3);
  CHECK(spans(check) == std::vector<std::string>{"2026-10-01T02:00:00Z 2026-10-01T07:00:00Z"});
  CHECK(contains(check.gaps[0].why, "is the first since digests are made again"));
}

TEST_CASE("a set that was signed anew is known by its keys, by theirs or by their list") {
  const SigningKey foreign;
  auto forged = month_of_digests(foreign);
  const auto keys = keys_of(own_key().list());
  auto check = record::check_digests(found(forged), keys);
  CHECK(check.valid() == 0);
  CHECK(count(check, State::foreign_key) == 744);
  CHECK(contains(check.digests[0].why, foreign.fingerprint()));
  CHECK_FALSE(check.complete_until());
  REQUIRE(check.gaps.size() == 1);
  CHECK(contains(check.gaps[0].why, "; and 741 more"));

  // That the list is the forger's own too, no file on the disk can say: the fingerprints differ.
  const auto theirs = keys_of(foreign.list());
  check = record::check_digests(found(forged), theirs);
  CHECK(check.valid() == 744);
  CHECK(check.digests[0].key->fingerprint() == foreign.fingerprint());
  CHECK(check.digests[0].key->fingerprint() != own_key().fingerprint());

  // Nor do they help themselves by the name of the right key.
  auto list = foreign.list();
  list["PublicKeyList"][0]["Fingerprint"] = own_key().fingerprint();
  record::DigestKeys named;
  const auto refused = named.add(list.dump(), "keys.json");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "expected the key whose fingerprint is " + own_key().fingerprint() +
            " at /PublicKeyList/0, got the one whose is " + foreign.fingerprint());
}

TEST_CASE("a key proves nothing of a time in which it was not in use") {
  auto trail = month_of_digests();
  const auto list = own_key().list("2026-10-10T00:00:00+00:00", "2026-10-20T00:00:00+00:00");
  const auto keys = keys_of(list);
  const auto check = record::check_digests(found(trail), keys);
  // What touches its time counts: digests are signed soon after their hour.
  CHECK(check.valid() == 242);
  CHECK(count(check, State::expired_key) == 502);
  CHECK(contains(check.digests[0].why,
                 "which was in use from 2026-10-10T00:00:00Z to "
                 "2026-10-20T00:00:00Z"));
  CHECK(spans(check) == std::vector<std::string>{"2026-10-01T00:00:00Z 2026-10-09T23:00:00Z",
                                                 "2026-10-20T01:00:00Z 2026-11-01T00:00:00Z"});
}

TEST_CASE("keys are read as both versions of the AWS CLI print them") {
  auto list = own_key().list();
  list["PublicKeyList"][0]["ValidityStartTime"] = 1767225600.0;
  list["PublicKeyList"][0]["ValidityEndTime"] = 1798761600;
  const auto keys = keys_of(list);
  CHECK(core::to_text(keys.all()[0].valid().begin) == "2026-01-01T00:00:00Z");
  CHECK(core::to_text(keys.all()[0].valid().end) == "2027-01-01T00:00:00Z");
}

TEST_CASE("lists of keys that are none are refused with what was expected") {
  const auto complaint = [](const std::string& text) {
    record::DigestKeys keys;
    const auto done = keys.add(text, "keys.json");
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().where == "keys.json");
    return done.error().message;
  };
  const auto with = [](const char* field, const nlohmann::json& value) {
    auto list = own_key().list();
    list["PublicKeyList"][0][field] = value;
    return list.dump();
  };
  for (const char* text : {"", "[]", "{", "\"x\"", "{\"PublicKeyList\":7}"}) {
    CHECK(complaint(text) == "expected JSON with the array PublicKeyList, got something else");
  }
  CHECK(contains(complaint("{\"PublicKeyList\":[]}"), "at least one key"));
  CHECK(
      contains(complaint("{\"PublicKeyList\":[7]}"), "expected a text at /PublicKeyList/0/Value"));
  CHECK(contains(complaint(with("Value", 7)), "expected a text at /PublicKeyList/0/Value"));
  for (const char* value : {"", "====", "AAAA", "not base64", "MIIBCgKCAQEA"}) {
    CHECK(contains(complaint(with("Value", value)),
                   "expected base64 of an RSA public key in DER, got something else"));
  }
  for (const nlohmann::json& time :
       {nlohmann::json("soon"), nlohmann::json(-1), nlohmann::json(1e300), nlohmann::json()}) {
    CHECK(contains(complaint(with("ValidityEndTime", time)),
                   "expected an instant at /PublicKeyList/0/ValidityEndTime"));
  }
}

TEST_CASE("digests that are none are refused with what was expected") {
  SignedTrail trail(own_key(), at("2026-10-01T00:00:00Z"));
  trail.add_hour({"a"});
  const auto complaint = [&](const char* field, const nlohmann::json& value) {
    auto digest = nlohmann::json::parse(trail.digests()[0].content);
    digest[nlohmann::json::json_pointer(field)] = value;
    const auto read = record::parse_digest_file(digest.dump(), "d.json");
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().where == "d.json");
    return read.error().message;
  };
  CHECK(complaint("/digestEndTime", "x") ==
        "expected an instant like 2026-10-03T02:00:00Z at /digestEndTime, got something else");
  CHECK(contains(complaint("/digestEndTime", "2026-09-01T00:00:00Z"), "behind digestStartTime"));
  CHECK(contains(complaint("/digestS3Bucket", 1), "expected a text at /digestS3Bucket"));
  CHECK(contains(complaint("/digestSignatureAlgorithm", "MD5"), "expected SHA256withRSA"));
  CHECK(contains(complaint("/logFiles", 1), "expected an array at /logFiles"));
  CHECK(contains(complaint("/logFiles/0", 1), "expected an object at /logFiles/0"));
  CHECK(contains(complaint("/logFiles/0/hashValue", "12"),
                 "expected a SHA-256 in hexadecimal digits at /logFiles/0/hashValue"));
  CHECK(contains(complaint("/logFiles/0/hashAlgorithm", "MD5"), "expected SHA-256"));
  CHECK(contains(complaint("/previousDigestSignature", 5),
                 "expected a text at /previousDigestS3Bucket"));
  const auto head = record::signature_of_head("{\"Metadata\":{}}", "h");
  REQUIRE_FALSE(head.ok());
  CHECK(contains(head.error().message, "expected JSON with Metadata.signature"));
  CHECK(*record::signature_of_head(SignedTrail::head("ab"), "h") == "ab");
}
