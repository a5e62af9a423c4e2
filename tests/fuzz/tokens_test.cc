// What is answered by those who give credentials and sign times, and what users keep such in.

#include "documents/pem.h"
#include "fuzz/fuzz.h"
#include "record/signature.h"
#include "record/time_token.h"
#include "sources/probe/credentials/aws_sources.h"
#include "sources/probe/credentials/oauth.h"
#include "sources/probe/credentials/profiles.h"
#include "support/time_authority.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

constexpr const char* kPlanted = "planted-secret";

void without_secret(const core::Error& error) {
  REQUIRE(error.message.find(kPlanted) == std::string::npos);
  REQUIRE(error.help.find(kPlanted) == std::string::npos);
}

}  // namespace

TEST_CASE("no answer with keys breaks its reader, or is shown", "[keys]") {
  fuzz({R"({"Code":"Success","AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":)"
        R"("planted-secret","Token":"t","Expiration":"2026-10-03T10:00:00Z"})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"planted-secret"})"},
       [](const std::string& text) {
         const auto keys = sources::probe::keys_in_json(text, {}, "the instance");
         if (!keys) without_secret(keys.error());
       });
}

TEST_CASE("no answer with a token breaks its reader, or is shown", "[token-answers]") {
  const core::Instant asked = *core::parse_instant("2026-10-03T10:00:00Z");
  fuzz({R"({"access_token":"planted-secret","token_type":"Bearer","expires_in":3599})",
        R"({"access_token":"planted-secret","expires_on":"1790992800"})",
        R"({"error":"invalid_grant","error_description":"planted-secret"})"},
       [&](const std::string& text) {
         for (const int status : {200, 400}) {
           errand::Answer answer;
           answer.status = status;
           answer.body = text;
           answer.date = asked;
           const auto keys = sources::probe::token_in(answer, "the application", asked);
           if (!keys) without_secret(keys.error());
         }
         for (const char* place : {"access_token", "a.b[3]", "error"}) {
           (void)sources::probe::json_text(text, place);
         }
       });
}

TEST_CASE("no file of AWS's profiles breaks its reader, or is shown", "[profiles]") {
  fuzz({"[default]\naws_access_key_id = A # b\naws_secret_access_key=planted-secret\n",
        "[profile prod]\nrole_arn = arn\ns3 =\n  max = 3\n; c\n[sso-session corp]\nsso_region = "
        "r\n"},
       [](const std::string& text) {
         const auto sections = sources::probe::parse_sections(text, "credentials");
         if (!sections) without_secret(sections.error());
       });
}

TEST_CASE("no certificate or key breaks its reader, or is shown", "[pem]") {
  fuzz(
      {test::TimeAuthority().ca(),
       "-----BEGIN PRIVATE KEY-----\n"
       "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
       "-----END PRIVATE KEY-----\n"},
      [](const std::string& text) {
        (void)record::count_certificates(text);
        const bool whole = documents::check_certificates(text).ok();
        if (whole && documents::check_key(text).ok()) (void)documents::check_pair(text, text);
        (void)record::SealKey::from_pem(std::string(text));
      },
      test::kSlow);
}

TEST_CASE("no token of the time breaks its check, and none that was changed holds",
          "[time-tokens]") {
  const test::TimeAuthority authority;
  const std::string document = "a document";
  const std::string token =
      authority.answer(record::time_query(document), *core::parse_instant("2026-10-03T10:00:00Z"));
  const std::string ca = authority.ca();
  REQUIRE(record::check_token(token, {document, ca}).ok());
  fuzz(
      {token},
      [&](const std::string& text) {
        const auto found = record::check_token(text, {document, ca});
        // What says nothing may be written in another way; what is signed may not.
        if (found) REQUIRE(found->policy == record::check_token(token, {document, ca})->policy);
      },
      test::kSlow);
}
