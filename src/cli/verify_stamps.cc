#include "cli/verify_stamps.h"

#include <vector>

#include <fmt/format.h>

#include "claim/timestamps.h"
#include "core/text.h"
#include "judge/stamps.h"
#include "record/digest.h"
#include "record/time_token.h"
#include "reviewer/review.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

// Each token is of its document, and names the one before it.
void check_each(const std::vector<record::ReadStamp>& stamps, const std::string& ca,
                claim::Verification& found) {
  const std::size_t before = found.differs.size();
  std::string previous;
  for (const record::ReadStamp& one : stamps) {
    const std::string name = one.document.name();
    const auto token = record::check_token(
        one.stamp.token, {one.stamp.document, ca.empty() ? one.stamp.chain : ca, {}, {}});
    if (!token) found.differs.push_back(fmt::format("token {}: {}", name, token.error().message));
    if (one.document.previous != previous) {
      found.differs.push_back(
          fmt::format("token {}: expected the digest of the token before it, got another", name));
    }
    previous = record::sha256_hex(one.stamp.token);
  }
  if (found.differs.size() > before) return;
  found.agreed.push_back(
      fmt::format("{}, the last of {}, each of its document and the one before "
                  "it",
                  core::counted(stamps.size(), "token"), core::to_text(stamps.back().stamp.at)));
}

core::Result<void> check_heads(ledger::EvidenceStore& ledger, const std::string& agreement,
                               const std::vector<record::ReadStamp>& stamps,
                               claim::Verification& found) {
  std::vector<record::ChainHead> heads;
  for (const record::ReadStamp& one : stamps) {
    heads.insert(heads.end(), one.document.chain.begin(), one.document.chain.end());
  }
  const auto faults = ledger.check_chain(agreement, heads);
  if (!faults) return faults.error();
  for (const record::ChainFault& fault : *faults) {
    found.differs.push_back(fmt::format("evidence of the {} {} ({}), as it was signed: {}",
                                        record::to_text(fault.series.kind), fault.series.name,
                                        fault.series.part, fault.what));
  }
  if (faults->empty()) {
    found.agreed.emplace_back("the chains of evidence go through every head that was signed");
  }
  return {};
}

}  // namespace

core::Result<void> check_stamps(ledger::Ledger& ledger, const VerifyOptions& options,
                                claim::Verification& found) {
  const auto ca = reviewer::read_ca(options.ca);
  if (!ca) return ca.error();
  const auto stamps = judge::read_stamps(ledger, options.agreement, {});
  if (!stamps) return stamps.error();
  if (stamps->empty()) {
    found.unchecked.emplace_back(
        "when it was recorded: no third party signed the time; see [timestamps] in "
        "docs/service.md");
    return {};
  }
  check_each(*stamps, *ca, found);
  if (auto done = check_heads(ledger, options.agreement, *stamps, found); !done) return done;
  const auto seen = ledger.seen(options.agreement);
  if (!seen) return seen.error();
  const core::Interval time{judge::day_begin(*seen ? (*seen)->begin : core::Instant()),
                            core::kOpenEnd};
  const auto stamped =
      judge::stamped_time(ledger, options.agreement, time, service::system_world().clock.wall());
  if (!stamped) return stamped.error();
  if (!stamped->missing.empty()) {
    found.unchecked.push_back("when it was recorded: there is no token of " +
                              claim::days_list(stamped->missing));
  }
  if (!stamped->changed.empty()) {
    found.unchecked.push_back("counts that changed after they were signed: those of " +
                              claim::days_list(stamped->changed));
  } else {
    found.agreed.emplace_back("the counts of each day are those whose digests were signed last");
  }
  if (ca->empty()) {
    found.unchecked.emplace_back(
        "whose the tokens are: they rest on certificates that nobody vouched for here: give --ca");
  }
  return {};
}

}  // namespace recoup::cli
