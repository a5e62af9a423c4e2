#include "service/uncounted_log.h"

#include "support/captured_log.h"
#include "support/catch.h"

using namespace recoup;

namespace {

core::UncountedOutcome outcome(const std::string& name, std::uint64_t count) {
  return {core::Answered{500, name}, count, core::Uncounted::error_name, "it has another name"};
}

core::Judgement judgement(const std::string& id, std::vector<core::UncountedOutcome> outcomes) {
  core::Judgement made;
  made.agreement.id = id;
  made.assessment.uncounted.outcomes = std::move(outcomes);
  return made;
}

}  // namespace

TEST_CASE("failures that are not counted are logged once for each agreement and outcome") {
  const test::CapturedLog log;
  service::UncountedLog uncounted;
  uncounted.tell(judgement("kms", {}));
  uncounted.tell(judgement("kms", {outcome("", 1)}));
  uncounted.tell(judgement("kms", {outcome("", 240)}));
  uncounted.tell(judgement("kms", {outcome("Other", 2), outcome("", 1)}));
  uncounted.tell(judgement("s3", {outcome("", 7)}));
  CHECK(log.text() ==
        "warning kms: not counted as an Error: 500 came once; it has another name\n"
        "warning kms: not counted as an Error: 500/Other came 2 times; it has another name\n"
        "warning s3: not counted as an Error: 500 came 7 times; it has another name\n");
}

TEST_CASE("a provider that makes up names does not fill the log") {
  const test::CapturedLog log;
  service::UncountedLog uncounted;
  std::vector<core::UncountedOutcome> outcomes;
  for (int i = 0; i < 1000; ++i) outcomes.push_back(outcome("Name" + std::to_string(i), 1));
  for (int i = 0; i < 3; ++i) uncounted.tell(judgement("kms", outcomes));
  CHECK(log.lines() == static_cast<int>(service::UncountedLog::kMost) + 1);
  CHECK(log.text().find("`recoup assess --agreement kms` shows them") != std::string::npos);
}
