#include "config/worth.h"

#include <cstdint>
#include <set>
#include <vector>

#include "core/classify.h"
#include "core/outcome_table.h"

namespace recoup::config {
namespace {

// Worth asks the contracts about each outcome once.
class Worth {
 public:
  explicit Worth(const Settings& settings) {
    for (const AgreementSettings& agreement : settings.agreements) rules_.insert(agreement.rule);
  }

  bool of(const core::Outcome& outcome) {
    const auto id = outcomes_.id(outcome);
    if (id == answers_.size()) answers_.push_back(ask(outcomes_[id]) ? 1 : 0);
    return answers_[id] != 0;
  }

 private:
  static constexpr std::size_t kMostNamed = 10'000;

  bool ask(const core::Outcome& outcome) const {
    for (const auto& rule : rules_) {
      for (const core::Version& version : rule->versions) {
        if (core::may_be_error(version, outcome)) return true;
      }
    }
    return false;
  }

  std::set<std::shared_ptr<const core::Rule>> rules_;
  core::OutcomeTable outcomes_{kMostNamed};
  std::vector<std::uint8_t> answers_;  // by outcome
};

}  // namespace

record::WorthARecord worth_a_record(const Settings& settings) {
  return [worth = std::make_shared<Worth>(settings)](const core::Outcome& outcome) {
    return worth->of(outcome);
  };
}

}  // namespace recoup::config
