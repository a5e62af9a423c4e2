#pragma once

#include "judge/explain.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/contracts.h"

namespace recoup::test {

inline const core::Instant kTen = *core::parse_instant("2026-10-03T10:00:00Z");
inline const core::Instant kAfter = *core::parse_instant("2026-11-02T00:00:00Z");

// SeenWorld is a ledger and an agreement under a contract with that formula.
struct SeenWorld {
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger("sqlite::memory:");
  record::SeriesId series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  config::AgreementSettings settings;

  explicit SeenWorld(const core::Formula& formula, const std::string& zone = "UTC") {
    core::Rule rule;
    rule.id = "contract";
    rule.versions = {kms_like()};
    rule.versions.front().formula = formula;
    rule.versions.front().time_zone = zone;
    settings.agreement.id = "a";
    settings.rule = std::make_shared<const core::Rule>(rule);
  }

  // A change of the contract.
  template <typename Change>
  void amend(Change change) {
    core::Rule rule = *settings.rule;
    change(rule.versions.front());
    settings.rule = std::make_shared<const core::Rule>(rule);
  }

  // A minute counted from ten o'clock.
  void add(int minute, std::uint64_t served, std::uint64_t errors) const {
    add(minute, {{core::Answered{200}, served}, {core::Answered{503}, errors}});
  }

  void add(int minute, const std::vector<core::OutcomeCount>& counts) const {
    record::Batch batch;
    batch.minutes.push_back({series, core::minute_of(kTen) + std::chrono::minutes(minute), counts});
    REQUIRE(ledger->write(batch).ok());
  }

  judge::Explanation at(core::Instant at, core::Instant now = kAfter) const {
    auto about = judge::explain(*ledger, settings, at, 20, now);
    INFO((about ? "" : about.error().message));
    REQUIRE(about.ok());
    return *std::move(about);
  }
};

}  // namespace recoup::test
