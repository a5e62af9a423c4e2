#include "report/contract_words.h"

#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

core::Judgement judged_by(core::Version version, const core::Ratio& uptime) {
  core::Judgement judgement;
  judgement.version = std::make_shared<const core::Version>(std::move(version));
  judgement.assessment.uptime = uptime;
  judgement.assessment.totals.measured = 1;
  return judgement;
}

}  // namespace

TEST_CASE("a text of a known date is called a version and needs no remark") {
  const auto judgement = judged_by(test::kms_like(), core::Ratio(1, 1));
  CHECK(report::version_words(*judgement.version) == "version of 2022-11-29");
  CHECK(report::text_asides(judgement).empty());
}

TEST_CASE("a text without a date says by which it was judged and what is not known") {
  core::Version version = test::kms_like();
  version.effective.reset();
  version.read = 2026y / 11 / 26;
  CHECK(report::version_words(version) == "text read on 2026-11-26");
  CHECK(report::undated_words(version) ==
        "By the text read on 2026-11-26; when it came into force is not known.");
  version.effective = 2024y / 1 / 1;
  CHECK(report::version_words(version) == "text read on 2026-11-26, in force since 2024-01-01");
  CHECK(report::undated_words(version).empty());
}

TEST_CASE("another reading is said with its uptime and its credit") {
  auto judgement = judged_by(test::kms_like(), core::Ratio(999, 1000));
  auto other = judgement;
  core::Version later = test::kms_like();
  later.effective = 2026y / 10 / 15;
  later.commitment_text = "99.9";
  other.version = std::make_shared<const core::Version>(later);
  judgement.other_readings = {other};
  CHECK(
      report::text_asides(judgement) ==
      std::vector<std::string>{
          "The version of 2026-10-15 came into force within the billing cycle, and the contract "
          "does not say which holds for it: judged by that of its first day. By the other text the "
          "uptime is 99.900000000000 % of 99.9 % promised, and the credit 0 % of the charges."});
}

TEST_CASE("what is summed, left out and counted alone stands beside the uptime") {
  core::Version version = test::kms_like();
  version.summed_over = "key vaults";
  version.resources = {"a", "b"};
  version.excluded = core::Excluded::left_out;
  version.operations = {"Encrypt"};
  auto judgement = judged_by(version, core::Ratio(1, 1));
  CHECK(report::text_asides(judgement) ==
        std::vector<std::string>{
            "The time of 2 key vaults is summed: one of them is watched, and the time of the "
            "others counts as available.",
            "The contract counts these operations alone: Encrypt. Whatever probes and logs have "
            "seen is taken for one of them."});
  version.resources.clear();
  CHECK(report::text_asides(judged_by(version, core::Ratio(1, 1))).at(0) ==
        "The contract sums the time of all key vaults: this is as if there were one.");
  judgement.assessment.totals.excluded = 1;
  CHECK(report::text_asides(judgement).at(1) ==
        "What an exclusion touches is left out of the time that the uptime is divided by.");
}
