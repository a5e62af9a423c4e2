#include "core/outcome.h"

#include "core/classify.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;

TEST_CASE("an outcome survives being printed and read") {
  for (const char* text : {"200",
                           "503",
                           "503/SlowDown",
                           "500/KMSInternalException!unattributed",
                           "503!unattributed",
                           "dns",
                           "connect",
                           "tls",
                           "timeout",
                           "reset",
                           "other",
                           "connect-timeout",
                           "missed/late",
                           "missed/overrun",
                           "missed/resources",
                           "missed/stopped",
                           "missed/suspended",
                           "missed/clock",
                           "missed/refused",
                           "403/InvalidSignatureException!refused",
                           "unread"}) {
    INFO(text);
    const auto outcome = parse_outcome(text);
    REQUIRE(outcome.ok());
    CHECK(to_text(*outcome) == text);
  }
}

TEST_CASE("what is said of an answer beside its status survives being printed and read") {
  for (const auto& [text, outcome] :
       {std::pair<std::string, Answered>{"200!indirect", {200, "", false, true, false}},
        {"503/SlowDown!unattributed!indirect!key-store", {503, "SlowDown", true, true, true}},
        {"500!key-store", {500, "", false, false, true}},
        {"403/SignatureDoesNotMatch!refused",
         {403, "SignatureDoesNotMatch", false, false, false, true}},
        {"400!unattributed!refused!later-than-10s",
         {400, "", true, false, false, true, std::chrono::seconds(10)}},
        {"unclassified/NewException!indirect", {0, "NewException", false, true, false}}}) {
    CHECK(to_text(Outcome(outcome)) == text);
    CHECK(*parse_outcome(text) == Outcome(outcome));
  }
  for (const char* text : {"unclassified", "unclassified/", "200!indirect!unattributed", "0/Name",
                           "403!refused!unattributed", "timeout!refused", "!refused"}) {
    INFO(text);
    CHECK_FALSE(parse_outcome(text).ok());
  }
}

TEST_CASE("what is no outcome is refused") {
  for (const char* text : {"", "20", "2000", "099", "abc", "503/", "503/Slow Down", "503/a/b",
                           "missed", "missed/dns", "timeout/x", "503!", "-1", "unread/x"}) {
    INFO(text);
    CHECK_FALSE(parse_outcome(text).ok());
  }
}

TEST_CASE("an error name is the provider's bare word") {
  CHECK(clean_error_name("com.amazonaws.kms#KMSInternalException") == "KMSInternalException");
  CHECK(clean_error_name("ThrottlingException:http://internal.amazon.com/") ==
        "ThrottlingException");
  CHECK(clean_error_name("Slow Down,\n\"x\"") == "SlowDownx");
  CHECK(clean_error_name(std::string(1000, 'a')).size() == 64);
}

TEST_CASE("under the KMS contract an Error is an attributed 500 or 503, and nothing else") {
  const Version version = recoup::test::kms_like();
  struct Row {
    const char* outcome;
    Verdict verdict;
  };
  for (const Row& row :
       {Row{"200", Verdict::served}, Row{"400/ThrottlingException", Verdict::served},
        Row{"404", Verdict::served}, Row{"500", Verdict::error},
        Row{"500/KMSInternalException", Verdict::error}, Row{"501", Verdict::served},
        Row{"502", Verdict::served}, Row{"503", Verdict::error},
        Row{"503/SlowDown", Verdict::error}, Row{"504", Verdict::served},
        Row{"503!unattributed", Verdict::unattributed}, Row{"200!unattributed", Verdict::served},
        Row{"timeout", Verdict::not_a_request}, Row{"dns", Verdict::not_a_request},
        Row{"reset", Verdict::not_a_request}, Row{"missed/late", Verdict::missed}}) {
    INFO(row.outcome);
    CHECK(classify(version, *parse_outcome(row.outcome)).verdict == row.verdict);
  }
}

TEST_CASE("a rule names what is no Request by reason, status, or status and name") {
  Version version = recoup::test::kms_like();
  version.not_a_request = {"timeout", "429", "503/SlowDown"};
  CHECK(classify(version, Failed{NoAnswer::timeout}).verdict == Verdict::not_a_request);
  CHECK(classify(version, Failed{NoAnswer::dns}).verdict == Verdict::served);
  CHECK(classify(version, Answered{429, "Rejected.Throttling"}).verdict == Verdict::not_a_request);
  CHECK(classify(version, Answered{503, "SlowDown"}).verdict == Verdict::not_a_request);
  CHECK(classify(version, Answered{503, "Other"}).verdict == Verdict::error);
}

TEST_CASE("an answer that came later than a contract's time says so, and may be an Error by it") {
  const auto late = parse_outcome("503/SlowDown!indirect!later-than-1500ms");
  REQUIRE(late);
  CHECK(std::get<Answered>(*late).later_than == std::chrono::milliseconds(1500));
  CHECK(std::get<Answered>(*late).indirect);
  CHECK(to_text(*late) == "503/SlowDown!indirect!later-than-1500ms");
  for (const char* wrong : {"200!later-than-", "200!later-than-x", "200!later-than-10s!indirect",
                            "timeout!later-than-10s", "200!later-than-0s"}) {
    INFO(wrong);
    CHECK_FALSE(parse_outcome(wrong));
  }
  Version version = recoup::test::kms_like();
  const Outcome slow = *parse_outcome("200!later-than-10s");
  CHECK(classify(version, slow).verdict == Verdict::served);
  version.error.slower_than = std::chrono::seconds(5);
  CHECK(classify(version, slow).verdict == Verdict::error);
  CHECK(may_be_error(version, slow));
  CHECK(classify(version, slow).clause ==
        "an Error is a Request that returns 500 or 503, or an answer after more than 5s");
  CHECK(classify(version, Answered{200}).verdict == Verdict::served);
  version.error.slower_than = std::chrono::seconds(11);
  CHECK(classify(version, slow).verdict == Verdict::served);
  version.error.slower_than = std::chrono::seconds(10);
  version.not_a_request = {"429"};
  CHECK(classify(version, *parse_outcome("429!later-than-10s")).verdict == Verdict::not_a_request);
}
