// What a third party signs the time of: queries, and every fault that an answer can have.

#include "record/time_token.h"

#include "record/stamp.h"
#include "support/catch.h"
#include "support/process.h"
#include "support/time_authority.h"

using namespace recoup;
using recoup::test::run;
using recoup::test::TempDir;
using recoup::test::TimeAuthority;

namespace {

core::Instant at(const char* text) { return *core::parse_instant(text); }

const core::Instant kSigned = at("2026-10-04T00:11:00Z");
constexpr const char* kDocument = "{\"a\": \"document\"}\n";

const TimeAuthority& authority() {
  static const TimeAuthority one;
  return one;
}

bool has(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

std::string refused(const std::string& answer, record::TokenCheck against) {
  if (against.document.empty()) against.document = kDocument;
  const auto checked = record::check_token(answer, against);
  return checked ? "accepted" : checked.error().message;
}

std::string answered(const TimeAuthority& by = authority()) {
  return by.answer(record::time_query(kDocument), kSigned);
}

}  // namespace

TEST_CASE("a token says when, by which policy and whose certificate") {
  const std::string query = record::time_query(kDocument, TimeAuthority::kPolicy);
  const std::string ca = authority().ca();
  const auto token = record::check_token(authority().answer(query, kSigned),
                                         {kDocument, ca, query, TimeAuthority::kPolicy});
  if (!token) FAIL(token.error().message);
  CHECK(token->at == kSigned);
  CHECK(token->policy == TimeAuthority::kPolicy);
  CHECK(token->authority == "CN=test authority");
  CHECK(token->fingerprint.size() == 64);
  CHECK(token->chain == ca);
}

TEST_CASE("the nonce is another in each query") {
  CHECK(record::time_query(kDocument) != record::time_query(kDocument));
}

TEST_CASE("every fault of an answer is named") {
  const std::string ca = authority().ca();
  const std::string query = record::time_query(kDocument);
  const std::string answer = authority().answer(query, kSigned);
  using Fault = TimeAuthority::Fault;
  CHECK(refused(answer, {{}, ca, query, {}}) == "accepted");
  CHECK(has(refused(answer, {"another", ca, query, {}}), "expected a token of the SHA-256 "));
  CHECK(has(refused(answer, {{}, ca, record::time_query(kDocument), {}}),
            "expected the nonce that was sent, got another"));
  CHECK(has(refused(answer, {{}, ca, query, "1.2.3.4.2"}),
            "expected a token by the policy 1.2.3.4.2, got one by 1.2.3.4.1"));
  CHECK(has(refused(answer, {{}, TimeAuthority("another").ca(), query, {}}),
            "got that of CN=test authority: unable to get"));
  CHECK(has(refused(answer, {{}, "no certificate", query, {}}),
            "expected certificates in PEM form, got none"));
  {
    const TimeAuthority late("late", Fault::expired);
    CHECK(has(refused(answered(late), {{}, late.ca(), {}, {}}),
              "got that of CN=late: certificate has expired"));
    // What it signed while it was good stays good.
    CHECK(refused(late.answer(record::time_query(kDocument), at("2020-05-01T00:00:00Z")),
                  {{}, late.ca(), {}, {}}) == "accepted");
  }
  {
    const TimeAuthority server("server", Fault::not_for_time);
    CHECK(has(refused(answered(server), {{}, server.ca(), {}, {}}), "got that of CN=server: "));
  }
  {
    const TimeAuthority weak("weak", Fault::sha1);
    CHECK(has(refused(answered(weak), {{}, weak.ca(), {}, {}}),
              "expected a signature over a SHA-256, SHA-384 or SHA-512, got one over"));
  }
  CHECK(refused("<!DOCTYPE html><html></html>", {{}, ca, query, {}}) ==
        "expected a TimeStampResp of RFC 3161, got something else");
  CHECK(refused("", {{}, ca, query, {}}) ==
        "expected a TimeStampResp of RFC 3161, got something else");
  CHECK(refused(answer + "x", {{}, ca, query, {}}) ==
        "expected a TimeStampResp of RFC 3161, got something else");
  CHECK(refused(std::string(70'000, 'x'), {{}, ca, query, {}}) ==
        "expected an answer of at most 65536 bytes, got 70000");
  CHECK(has(refused(authority().answer("garbage", kSigned), {{}, ca, query, {}}),
            "expected a token, got the refusal 2"));
}

TEST_CASE("a token in which a byte is changed is refused, or says the same, and none is a crash") {
  const std::string ca = authority().ca();
  const std::string answer = answered();
  const record::TokenCheck against{kDocument, ca, {}, {}};
  const auto sound = record::check_token(answer, against);
  REQUIRE(sound.ok());
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < answer.size(); ++i) {
    std::string changed = answer;
    changed[i] = static_cast<char>(changed[i] ^ 0x01);
    const auto token = record::check_token(changed, against);
    CHECK_FALSE(record::check_token(answer.substr(0, i), against).ok());
    if (!token) continue;
    // What is not signed, as the form's version, says nothing.
    ++accepted;
    CHECK(token->at == sound->at);
    CHECK(token->fingerprint == sound->fingerprint);
    CHECK(token->policy == sound->policy);
  }
  CHECK(accepted < 20);
}

TEST_CASE("plain openssl checks the token, and makes one that is accepted") {
  const TempDir dir;
  const std::string document = dir.write("day.json", kDocument);
  const std::string query = record::time_query(kDocument);
  dir.write("day.tsq", query);
  dir.write("tsa.conf", "[tsa]\ndefault_tsa = one\n[one]\nserial = " + dir.file("serial") +
                            "\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n"
                            "signer_digest = sha256\ness_cert_id_alg = sha256\n");
  dir.write("serial", "01\n");
  const auto made = run({"openssl", "ts", "-reply", "-config", dir.file("tsa.conf"), "-queryfile",
                         dir.file("day.tsq"), "-inkey", authority().key_file(), "-signer",
                         authority().certificate_file(), "-out", dir.file("day.tsr")},
                        dir.path().string());
  INFO(made.err);
  REQUIRE(made.status == 0);
  const std::string ca = authority().ca();
  CHECK(refused(recoup::test::read_text(dir.file("day.tsr")), {{}, ca, query, {}}) == "accepted");

  dir.write("ours.tsr", authority().answer(query, kSigned));
  const auto verify = [&](const char* data) {
    return run({"openssl", "ts", "-verify", "-data", dir.file(data), "-in", dir.file("ours.tsr"),
                "-CAfile", authority().ca_file()},
               dir.path().string());
  };
  CHECK(has(verify("day.json").out, "Verification: OK"));
  dir.write("other.json", "{}");
  CHECK(verify("other.json").status != 0);
}

TEST_CASE("Debian's rfc3161ng reads our query and agrees on the token") {
  const TempDir dir;
  const std::string query = record::time_query(kDocument);
  dir.write("day.tsq", query);
  dir.write("day.tsr", authority().answer(query, kSigned));
  dir.write("day.json", kDocument);
  dir.write("check.py",
            "import hashlib, rfc3161ng\n"
            "from pyasn1.codec.der import decoder, encoder\n"
            "query, rest = decoder.decode(open('day.tsq','rb').read(),"
            " asn1Spec=rfc3161ng.TimeStampReq())\n"
            "assert not rest\n"
            "data = open('day.json','rb').read()\n"
            "assert bytes(query['messageImprint'][1]) == hashlib.sha256(data).digest()\n"
            "tsr, rest = decoder.decode(open('day.tsr','rb').read(),"
            " asn1Spec=rfc3161ng.TimeStampResp())\n"
            "token = encoder.encode(tsr.time_stamp_token)\n"
            "nonce = int(query['nonce'])\n"
            "cert = open('tsa.pem','rb').read()\n"
            "assert rfc3161ng.check_timestamp(token, certificate=cert, data=data,"
            " hashname='sha256', nonce=nonce)\n"
            "print(rfc3161ng.get_timestamp(token, naive=True).isoformat())\n");
  std::filesystem::copy_file(authority().certificate_file(), dir.file("tsa.pem"));
  const auto ran =
      run({"/bin/sh", "-c", "cd " + dir.path().string() + " && /usr/bin/python3 check.py"},
          dir.path().string());
  INFO(ran.err);
  CHECK(ran.status == 0);
  CHECK(ran.out == "2026-10-04T00:11:00\n");
}
