#include "core/classify.h"

#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;

namespace {

Version with_error(ErrorRule error, std::vector<std::string> not_a_request = {}) {
  Version version = recoup::test::kms_like();
  version.error = std::move(error);
  version.not_a_request = std::move(not_a_request);
  return version;
}

std::string counts_as(const Version& version, const char* outcome) {
  return std::string(to_text(classify(version, *parse_outcome(outcome)).verdict));
}

}  // namespace

TEST_CASE("by a contract that knows a Success Code, every other status is an Error's") {
  ErrorRule error;
  error.all_but = {{200, 299}};
  const Version version = with_error(error, {"4xx"});
  for (const char* outcome : {"199", "301", "500", "999", "503/SlowDown"}) {
    INFO(outcome);
    CHECK(counts_as(version, outcome) == "Error");
  }
  CHECK(counts_as(version, "204") == "served");
  CHECK(counts_as(version, "404") == "not a Request");
  // Which status the name goes with is not known: it may be a Success Code.
  CHECK(counts_as(version, "unclassified/NewException") == "served");
  CHECK(classify(version, Answered{503}).clause ==
        "an Error is a Request that returns any status but 2xx");
}

TEST_CASE("an answer that refused what we sent is what the contract makes of it, but no Error") {
  const auto why = [](const Version& version, const char* outcome) {
    return classify(version, *parse_outcome(outcome)).clause;
  };
  // By the letter of AWS KMS a Request that came back 403 did not fail with 500 or 503.
  const Version kms = recoup::test::kms_like();
  for (const char* outcome : {"403/InvalidSignatureException!refused", "400!unattributed!refused",
                              "401!refused", "200/AuthFailure.SignatureExpire!refused"}) {
    INFO(outcome);
    CHECK(counts_as(kms, outcome) == "served");
    CHECK_FALSE(classify(kms, *parse_outcome(outcome)).uncounted);
  }
  CHECK(why(kms, "401!refused") ==
        "401!refused refused our own signature, clock or credentials, and is a Request that did "
        "not fail: an Error is a Request that returns 500 or 503");
  CHECK(counts_as(kms, "503!refused") == "refused");

  ErrorRule error;
  error.all_but = {{200, 299}};
  const Version success = with_error(error);
  CHECK(counts_as(success, "403") == "Error");
  CHECK(counts_as(success, "403!refused") == "refused");
  CHECK(counts_as(success, "403!unattributed!refused") == "refused");
  CHECK(counts_as(success, "200!refused") == "served");
  CHECK(why(success, "403!refused") ==
        "403!refused refused our own signature, clock or credentials, and is left out: an Error is "
        "a Request that returns any status but 2xx, and none is made of a fault of ours");
  // It may turn out to be worth a record all the same.
  CHECK(may_be_error(success, *parse_outcome("403!refused")));

  error = {};
  error.or_names = {"InvalidSignatureException"};
  CHECK(counts_as(with_error(error), "403/InvalidSignatureException!refused") == "refused");
  error = {};
  error.slower_than = std::chrono::seconds(5);
  CHECK(counts_as(with_error(error), "403!refused!later-than-10s") == "refused");
  CHECK(counts_as(with_error(error, {"4xx"}), "403!refused!later-than-10s") == "not a Request");

  // Other readings take all of them as one or the other.
  Version other = success;
  other.refused_as = RefusedAs::served;
  CHECK(counts_as(other, "403!refused") == "served");
  CHECK(why(other, "403!refused") ==
        "403!refused refused our own signature, clock or credentials, and is a Request that did "
        "not fail");
  CHECK(counts_as(other, "403") == "Error");
  other = kms;
  other.refused_as = RefusedAs::left_out;
  CHECK(counts_as(other, "403!refused") == "refused");
  CHECK(counts_as(other, "403") == "served");
  CHECK(why(other, "403!refused") ==
        "403!refused refused our own signature, clock or credentials, and is left out");

  // As ledgers have it of old.
  CHECK(counts_as(success, "missed/refused") == "missed");
}

TEST_CASE("a name beside the status is enough by itself, whatever the status") {
  ErrorRule error;
  error.statuses = {{500, 500}};
  error.names = {"INTERNAL_SERVER_ERROR"};
  error.or_names = {"13", "-*"};
  const Version version = with_error(error);
  CHECK(counts_as(version, "500/INTERNAL_SERVER_ERROR") == "Error");
  CHECK(counts_as(version, "503/INTERNAL_SERVER_ERROR") == "served");
  CHECK(counts_as(version, "500") == "served");
  for (const char* outcome : {"200/13", "500/13", "200/-1", "400/-100"}) {
    INFO(outcome);
    CHECK(counts_as(version, outcome) == "Error");
  }
  CHECK(counts_as(version, "200/130") == "served");
  CHECK(counts_as(version, "200/5-1") == "served");
  CHECK(classify(version, Answered{503}).uncounted == Uncounted::status);
  CHECK(classify(version, Answered{500}).uncounted == Uncounted::error_name);
  CHECK(classify(version, Answered{200, "13"}).clause ==
        "an Error is a Request that returns 500 with INTERNAL_SERVER_ERROR, or the error 13 or -*");
}

TEST_CASE("a Request without an answer is an Error for the reasons that the contract names") {
  ErrorRule error;
  error.no_answer = {NoAnswer::connect, NoAnswer::tls};
  const Version version = with_error(error, {"no-answer"});
  CHECK(counts_as(version, "connect") == "Error");
  CHECK(counts_as(version, "tls") == "Error");
  CHECK(counts_as(version, "dns") == "not a Request");
  CHECK(counts_as(version, "timeout") == "not a Request");
  // Any answer at all is a connection.
  CHECK(counts_as(version, "503") == "served");
  CHECK(classify(version, Failed{NoAnswer::connect}).clause ==
        "an Error is a Request without an answer (connect)");
  CHECK(classify(version, Answered{503}).clause ==
        "503 is not an Error: an Error is a Request that returns no answer (connect, tls)");
  CHECK(may_be_error(version, Failed{NoAnswer::tls}));
  CHECK_FALSE(may_be_error(version, Failed{NoAnswer::timeout}));
}

TEST_CASE("a connection that took too long is a timeout of its own, and one of all") {
  ErrorRule connections;
  connections.no_answer = {NoAnswer::connect, NoAnswer::connect_timeout};
  const Version version = with_error(connections, {});
  CHECK(counts_as(version, "connect-timeout") == "Error");
  CHECK(counts_as(version, "timeout") == "served");
  // Errors come first.
  CHECK(counts_as(with_error(connections, {"timeout"}), "connect-timeout") == "Error");
  CHECK(counts_as(with_error(connections, {"timeout"}), "timeout") == "not a Request");

  ErrorRule all;
  all.no_answer = {NoAnswer::timeout};
  CHECK(counts_as(with_error(all, {}), "connect-timeout") == "Error");
  ErrorRule statuses;
  statuses.statuses = {{500, 599}};
  CHECK(counts_as(with_error(statuses, {"timeout"}), "connect-timeout") == "not a Request");
  CHECK(counts_as(with_error(statuses, {"connect-timeout"}), "timeout") == "served");
  ErrorRule within;
  within.no_answer_within = std::chrono::seconds(10);
  CHECK(counts_as(with_error(within, {}), "connect-timeout") == "Error");
  CHECK(counts_as(with_error(within, {}), "timeout") == "Error");
}

TEST_CASE("an entry of names is one name, or all that begin like it") {
  CHECK(is_name_of("SlowDown", "SlowDown"));
  CHECK_FALSE(is_name_of("SlowDown", "SlowDownNow"));
  CHECK(is_name_of("Slow*", "SlowDown"));
  CHECK(is_name_of("Slow*", "Slow"));
  CHECK_FALSE(is_name_of("Slow*", "slow"));
}
