#include "core/outcome.h"
#include "core/ratio.h"
#include "core/time.h"
#include "fuzz/fuzz.h"
#include "record/claim_life.h"
#include "record/redact.h"
#include "record/stamp.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no text breaks the reader of outcomes, and what is read is what is printed",
          "[outcomes]") {
  fuzz({"503/SlowDown!unattributed", "missed/late", "timeout", "200!indirect!key-store",
        "200!later-than-10s", "unclassified/NewException", "unread"},
       [](const std::string& text) {
         const auto outcome = core::parse_outcome(text);
         // "later-than-60s" is read, and written as "later-than-1m".
         if (outcome) REQUIRE(*core::parse_outcome(core::to_text(*outcome)) == *outcome);
       });
}

TEST_CASE("no text breaks the reader of instants, and what is read is what is printed",
          "[instants]") {
  fuzz({"2026-10-03T02:00:00.250+02:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z"},
       [](const std::string& text) {
         const auto at = core::parse_instant(text);
         if (at) REQUIRE(*core::parse_instant(core::to_text(*at)) == *at);
       });
}

TEST_CASE("no text breaks the reader of numbers, and what is read is what is printed", "[ratios]") {
  fuzz({"99.999", "-1.5E-7", "123456789012345678901234567890", "1e-9223372036854775808"},
       [](const std::string& text) {
         const auto ratio = core::Ratio::parse(text);
         if (!ratio) return;
         REQUIRE(*core::Ratio::parse_fraction(ratio->numerator(), ratio->denominator()) == *ratio);
       });
}

TEST_CASE("no document that was stamped breaks its readers, and what is read is what is written",
          "[stamps]") {
  record::StampDocument document;
  document.agreement = "kms";
  document.span = {*core::parse_instant("2026-10-03T00:00:00Z"),
                   *core::parse_instant("2026-10-04T00:00:00Z")};
  document.sources = {{"probe", "p", "berlin", 7, std::string(64, 'a')}};
  document.chain = {{"probe", "p", "berlin", 2, std::string(64, 'b')}};
  record::StampDocument sealed = document;
  sealed.sources = {};
  sealed.chain = {};
  sealed.seal = record::StampedSeal{std::chrono::year(2026) / 10, 1, std::string(64, 'c')};
  const std::string source =
      "source probe 1:p 6:berlin\n2026-10-03T10:03:00Z 57 200 60 503/SlowDown 2\n";
  fuzz({record::canonical_stamp(document), record::canonical_stamp(sealed), source},
       [](const std::string& text) {
         const auto read = record::parse_stamp(text);
         if (read) REQUIRE(record::canonical_stamp(*read) == text);
         const auto sources = record::parse_sources(text);
         if (!sources) return;
         std::string again;
         for (const auto& one : *sources) again += record::canonical_source(one);
         INFO(text << "\n" << again);
         REQUIRE((again == text || again == text + '\n'));
       });
}

TEST_CASE("no text breaks the redaction, or hides from it what follows", "[redaction]") {
  fuzz({"arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab by "
        "a.b@example.org "
        "from 192.0.2.1, 2001:db8::1, alias/x AKIAIOSFODNN7EXAMPLE "
        "X-Amz-Signature=0123456789abcdef"},
       [](const std::string& text) {
         const std::string shown = record::redact(text + " someone@example.org 198.51.100.7 ");
         for (const char* hidden : {"someone@example.org", "198.51.100.7"}) {
           // libFuzzer learns it from this comparison, and has it as a part of another word.
           if (text.find(hidden) != std::string::npos) continue;
           REQUIRE(shown.find(hidden) == std::string::npos);
         }
       });
}
