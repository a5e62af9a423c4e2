// CloudTrail's own signature as a user has it checked: offline, on files that were copied from S3.

#include <zlib.h>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/signed_trail.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

std::string gzipped(const std::string& content) {
  z_stream stream{};
  constexpr int kAsGzip = 16 + MAX_WBITS;
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kAsGzip, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<unsigned>(content.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Ten requests of the hour, one of them an Error.
std::string log_of(int hour) {
  std::string text;
  for (int i = 0; i < 10; ++i) {
    text += fmt::format(
        R"({}{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","accountId":"123456789012"}},)"
        R"("eventTime":"2026-10-{:02}T{:02}:{:02}:00Z","eventSource":"kms.amazonaws.com",)"
        R"("eventName":"Decrypt","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7",{})"
        R"("requestID":"req-{}-{}","eventID":"event-{}-{}","eventType":"AwsApiCall",)"
        R"("recipientAccountId":"123456789012"}})",
        i == 0 ? "" : ",", hour / 24 + 1, hour % 24, 5 * i,
        i == 3 ? R"("errorCode":"KMSInternalException",)" : "", hour, i, hour, i);
  }
  return "{\"Records\":[" + text + "]}";
}

const SigningKey& key_of_month() {
  static const SigningKey key;
  return key;
}

// October 2026: 744 digests, and a log file each sixth hour.
const SignedTrail& signed_month() {
  static const SignedTrail month = [] {
    SignedTrail trail(key_of_month(), *recoup::core::parse_instant("2026-10-01T00:00:00Z"));
    for (int hour = 0; hour < 744; ++hour) {
      trail.add_hour(hour % 6 == 0 ? std::vector{log_of(hour)} : std::vector<std::string>{});
    }
    return trail;
  }();
  return month;
}

// The month in a folder with settings and keys.
struct SignedMonth : Folder {
  SignedMonth() : SignedMonth(signed_month(), key_of_month()) {}
  SignedMonth(const SignedTrail& trail, const SigningKey& key)
      : Folder(agreement("[agreement.charges]\nstated = [{ month = \"2026-10\", amount = "
                         "\"1000.00\", currency = \"USD\" }]\n")) {
    trail.write(dir.path(), gzipped);
    write_text(dir.file("keys.json"), key.list().dump());
  }

  static std::string digest(std::size_t i) { return "digests/" + signed_month().digests()[i].name; }
  static std::string log(std::size_t i) { return "logs/" + signed_month().logs()[i].name; }

  Finished import(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"import",  "--format", "cloudtrail", "--digests",
                                   "digests", "--keys",   "keys.json",  "logs"};
    words.insert(words.end(), more.begin(), more.end());
    return recoup(words);
  }
  nlohmann::json import_json(int status, std::vector<std::string> more = {}) const {
    more.emplace_back("--json");
    const Finished finished = import(more);
    INFO(finished.out << finished.err);
    REQUIRE(finished.status == status);
    return nlohmann::json::parse(finished.out);
  }
};

std::map<std::string, int> signed_as(const nlohmann::json& json) {
  std::map<std::string, int> counts;
  for (const auto& file : json["files"]) ++counts[file["signed"]];
  return counts;
}

using Counts = std::map<std::string, int>;

}  // namespace

TEST_CASE("a month of digests proves its files, and the answer says by whose keys") {
  const SignedMonth month;
  const Finished done = month.import();
  INFO(done.err);
  CHECK(done.status == 0);
  CHECK_HAS(done.out, "744 digests: 744 valid, signed by the keys in keys.json (fingerprint " +
                          key_of_month().fingerprint() + ")");
  CHECK_FALSE(has(done.out, "by AWS\n"));
  CHECK_FALSE(has(done.out, "signed by AWS"));
  CHECK_HAS(done.out, "complete until 2026-11-01T00:00:00Z");
  CHECK_HAS(done.out, "620 valid digests list no file: proof that none was delivered then");
  CHECK_HAS(done.out, "log files: 124 signed, 0 changed, 0 unlisted, 0 missing");
  CHECK_HAS(done.out,
            "aws cloudtrail list-public-keys --region us-east-1 --start-time "
            "2026-10-01T00:00:00Z --end-time 2026-11-01T00:00:00Z");
  CHECK_HAS(done.out, "124 files: 1,240 Requests, 124 Errors");
}

TEST_CASE("the three commands check a digest by hand, and find a changed one") {
  for (const bool as_pkcs1 : {true, false}) {
    SignedTrail trail(key_of_month(), *recoup::core::parse_instant("2026-10-01T00:00:00Z"),
                      as_pkcs1);
    trail.add_hour({log_of(0)});
    trail.add_hour();
    const SignedMonth folder(trail, key_of_month());
    write_text(folder.dir.file("keys.json"),
               key_of_month()
                   .list("2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00", as_pkcs1)
                   .dump());
    const auto json = folder.import_json(0);
    REQUIRE(json["digests"]["by_hand"].size() == 3);
    std::string script = "cd '" + folder.dir.path().string() + "'\n";
    for (const std::string command : json["digests"]["by_hand"]) {
      CHECK_HAS(command, "openssl ");
      CHECK_HAS(folder.import().out, command);
      script += command + "\n";
    }
    const auto by_hand = [&] { return run({"sh", "-c", script}, folder.dir.path().string()); };
    const Finished verified = by_hand();
    INFO(verified.err);
    CHECK(verified.status == 0);
    CHECK_HAS(verified.out, "Verified OK");
    write_text(folder.dir.file("digests/" + trail.digests()[0].name), gzipped("{}"));
    CHECK(by_hand().status != 0);
  }
}

TEST_CASE("a changed file stays out unless it is accepted, and then it is marked") {
  const SignedMonth month;
  std::string content = log_of(12);
  content.replace(content.find("KMSInternalException"), 20, "KMSInternalEsception");
  write_text(month.dir.file(SignedMonth::log(2)), gzipped(content));
  write_text(month.dir.file(SignedMonth::log(3)), gzipped(log_of(18)) + gzipped("\n"));
  std::filesystem::remove(month.dir.file(SignedMonth::log(4)));
  write_text(month.dir.file("logs/another.json.gz"), gzipped(log_of(1)));

  const Finished refused = month.import({"--dry-run"});
  CHECK(refused.status == 1);
  CHECK_HAS(refused.out, "log files: 121 signed, 2 changed, 1 unlisted, 1 missing");
  CHECK_HAS(refused.out, "unlisted: logs/another.json.gz");
  CHECK_HAS(refused.out,
            "missing: AWSLogs/123456789012/CloudTrail/" + SignedMonth::log(4).substr(5));
  CHECK_HAS(refused.err, SignedMonth::log(2) +
                             ": error: expected the file as it was signed, got a changed one: the "
                             "SHA-256 of its content is ");
  CHECK_HAS(refused.err, SignedMonth::log(3) +
                             ": error: expected the file as it was signed, got a changed one: what "
                             "was signed is there whole, with more data behind it");
  CHECK_HAS(refused.err, "--accept-changed");

  const auto kept_out = month.import_json(1);
  CHECK(signed_as(kept_out) ==
        Counts{{"yes", 121}, {"changed", 2}, {"unlisted", 1}, {"missing", 1}});
  CHECK(kept_out["total"]["requests"] == 1220);
  const auto accepted = month.import_json(0, {"--accept-changed"});
  CHECK(signed_as(accepted) == signed_as(kept_out));
  CHECK(accepted["total"]["requests"] == 1240);
}

TEST_CASE("hours without a digest that verifies are named") {
  const SignedMonth month;
  std::filesystem::remove(month.dir.file(SignedMonth::digest(10)));
  std::filesystem::remove(month.dir.file(SignedMonth::digest(11)));
  const auto gone = month.import_json(0)["digests"];
  CHECK(gone["checked"] == 742);
  CHECK(gone["valid"] == 741);
  REQUIRE(gone["gaps"].size() == 1);
  CHECK(gone["gaps"][0]["begin"] == "2026-10-01T09:00:00Z");
  CHECK(gone["gaps"][0]["end"] == "2026-10-01T12:00:00Z");
  CHECK(gone["complete_until"] == "2026-10-01T09:00:00Z");
  CHECK_HAS(month.import().out,
            "no digest that verifies from 2026-10-01T09:00:00Z to 2026-10-01T12:00:00Z");

  std::string content = signed_month().digests()[6].content;
  content.replace(content.find("hashValue\":\"") + 12, 4, "0000");
  write_text(month.dir.file(SignedMonth::digest(6)), gzipped(content));
  const Finished changed = month.import();
  CHECK(changed.status == 1);
  CHECK_HAS(changed.err, SignedMonth::digest(6) +
                             ": error: expected a digest that verifies, got one that does not: "
                             "changed");
  CHECK_HAS(changed.out, "log files: 123 signed, 0 changed, 1 unlisted, 0 missing");
}

TEST_CASE("a set that was signed anew, and one by a key of another time, prove nothing") {
  const SigningKey foreign;
  SignedTrail forged(foreign, *recoup::core::parse_instant("2026-10-01T00:00:00Z"));
  for (int hour = 0; hour < 3; ++hour) forged.add_hour({log_of(hour)});
  const SignedMonth folder(forged, key_of_month());
  const Finished none = folder.import({"--dry-run"});
  CHECK(none.status == 1);
  CHECK_HAS(none.out, "3 digests: 0 valid");
  CHECK_FALSE(has(none.out, "signed by the keys"));
  CHECK_HAS(none.err,
            "signed with a key that is not in the list, of fingerprint " + foreign.fingerprint());
  CHECK(folder.import_json(1)["digests"]["complete_until"].is_null());

  // With a list of the forger's own, the answer names the forger's key: it says who can be asked.
  write_text(folder.dir.file("keys.json"), foreign.list().dump());
  const Finished theirs = folder.import({"--dry-run"});
  CHECK(theirs.status == 0);
  CHECK_HAS(theirs.out,
            "signed by the keys in keys.json (fingerprint " + foreign.fingerprint() + ")");
  CHECK_HAS(theirs.out, "fetch the keys yourself to see whose they are");

  write_text(folder.dir.file("keys.json"),
             foreign.list("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z").dump());
  const Finished expired = folder.import({"--dry-run"});
  CHECK(expired.status == 1);
  CHECK_HAS(expired.err, "which was in use from 2025-01-01T00:00:00Z to 2025-02-01T00:00:00Z");
}

TEST_CASE("digests in the same folder are no logs, and several lists of keys may be given") {
  const SignedMonth month;
  const SigningKey other;
  write_text(month.dir.file("other.json"), other.list().dump());
  const Finished done = month.recoup({"import", "--digests", ".", "--keys", "other.json", "--keys",
                                      "keys.json", "--json", "logs", "digests"});
  INFO(done.err);
  CHECK(done.status == 0);
  const auto json = nlohmann::json::parse(done.out);
  CHECK(json["files"].size() == 124);
  CHECK(json["digests"]["fingerprints"] == nlohmann::json{key_of_month().fingerprint()});
}

TEST_CASE("digests want keys, and what is neither is refused with what was expected") {
  const SignedMonth month;
  const Finished alone = month.recoup({"import", "--digests", "digests", "logs"});
  CHECK(alone.status == 2);
  CHECK_HAS(alone.err, "--keys");
  CHECK(month.recoup({"import", "--accept-changed", "logs"}).status == 2);
  write_text(month.dir.file("keys.json"), "<html>");
  const Finished refused = month.import();
  CHECK(refused.status == 1);
  CHECK_HAS(refused.err,
            "keys.json: error: expected JSON with the array PublicKeyList, got something else");
  CHECK(month.recoup({"import", "--digests", "digests", "--keys", "none.json", "logs"}).status ==
        1);
  const std::string help = month.done({"import", "--help"});
  CHECK_HAS(help,
            "recoup import --format cloudtrail --digests CloudTrail-Digest/ --keys keys.json");
}

TEST_CASE("what was signed is known to the ledger, carried by the claim, and checked again by it") {
  const SignedMonth month;
  const std::vector<std::string> claim{"claim",   "--agreement", "web",
                                       "--month", "2026-10",     "--out",
                                       "c",       "--accept",    "missing-records"};
  // Files that were imported before are known to be signed, too, once digests are asked.
  month.done({"import", "logs"});
  std::filesystem::remove(month.dir.file(SignedMonth::digest(700)));
  write_text(month.dir.file(SignedMonth::log(2)), gzipped(log_of(12) + " "));
  CHECK(month.import({"--accept-changed"}).status == 0);
  month.done(claim);
  const std::string body = read_text(month.dir.file("c/body.md"));
  CHECK_HAS(body,
            "CloudTrail's log files: 123 of 124 that were counted are as they were signed by "
            "the keys in digest-keys.json (fingerprint " +
                key_of_month().fingerprint() +
                "). 742 digests of 2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z verify; 618 "
                "list no file, so that none was delivered then.");
  CHECK_HAS(body, "- from 2026-10-30T03:00:00Z to 2026-10-30T05:00:00Z no digest verifies\n");
  CHECK_FALSE(has(body, "signed by AWS"));
  const Finished verified = month.recoup({"verify", "c"});
  INFO(verified.out << verified.err);
  CHECK(verified.status == 0);
  CHECK_HAS(verified.out, "CloudTrail's digests are as they were signed");
  CHECK_HAS(verified.out, "whose the keys in digest-keys.json are");

  std::string digests = read_text(month.dir.file("c/digests.json"));
  const auto at = digests.find("hashValue");
  digests.replace(at + 14, 4, "0000");
  write_text(month.dir.file("c/digests.json"), digests);
  const Finished spoiled = month.recoup({"verify", "c"});
  CHECK(spoiled.status == 1);
  CHECK_HAS(spoiled.out + spoiled.err, "changed: its signature is that of another content");
}

TEST_CASE("without --digests nothing is said of signatures") {
  const SignedMonth month;
  const Finished plain = month.recoup({"import", "--json", "logs"});
  CHECK(plain.status == 0);
  const auto json = nlohmann::json::parse(plain.out);
  CHECK_FALSE(json.contains("digests"));
  CHECK_FALSE(json["files"][0].contains("signed"));
}
