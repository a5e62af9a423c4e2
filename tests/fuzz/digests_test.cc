#include "claim/digests.h"
#include "fuzz/fuzz.h"
#include "record/digest_files/digest_chain.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no digest of CloudTrail breaks its reader", "[digests]") {
  const std::string hash(64, 'a');
  fuzz({R"({"digestStartTime":"2026-10-01T00:00:00Z","digestEndTime":"2026-10-01T01:00:00Z",)"
        R"("digestS3Bucket":"b","digestS3Object":"k","digestPublicKeyFingerprint":"f",)"
        R"("digestSignatureAlgorithm":"SHA256withRSA","previousDigestSignature":null,)"
        R"("logFiles":[{"s3Bucket":"b","s3Object":"l","hashAlgorithm":"SHA-256","hashValue":")" +
            hash + "\"}]}",
        R"({"Metadata":{"signature":"ab"}})"},
       [](const std::string& text) {
         (void)record::parse_digest_file(text, "fuzz");
         (void)record::signature_of_head(text, "fuzz");
         (void)claim::read_digest_files({text}, text);
         (void)record::check_digests({{"a_CloudTrail-Digest_b_20261001T010000Z.json", text}}, {});
       });
}

TEST_CASE("no list of CloudTrail's keys breaks its reader", "[digest-keys]") {
  fuzz(
      {R"({"PublicKeyList":[{"Value":"MIIBCgKCAQEA","ValidityStartTime":1453076702.0,)"
       R"("ValidityEndTime":"2027-01-01T00:00:00Z","Fingerprint":"67b9fa73676d86966b449dd677850753"}]})"},
      [](const std::string& text) {
        record::DigestKeys keys;
        (void)keys.add(text, "fuzz");
        (void)record::DigestKey::from_base64(text);
      });
}
