#include "service/uncounted_log.h"

#include <algorithm>
#include <sstream>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "support/catch.h"

using namespace recoup;

namespace {

// The log of everything while this lives.
class Log {
 public:
  Log() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  std::string text() const { return text_.str(); }
  auto lines() const {
    const std::string all = text();
    return std::count(all.begin(), all.end(), '\n');
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

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
  const Log log;
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
  const Log log;
  service::UncountedLog uncounted;
  std::vector<core::UncountedOutcome> outcomes;
  for (int i = 0; i < 1000; ++i) outcomes.push_back(outcome("Name" + std::to_string(i), 1));
  for (int i = 0; i < 3; ++i) uncounted.tell(judgement("kms", outcomes));
  CHECK(log.lines() == static_cast<int>(service::UncountedLog::kMost) + 1);
  CHECK(log.text().find("`recoup assess --agreement kms` shows them") != std::string::npos);
}
