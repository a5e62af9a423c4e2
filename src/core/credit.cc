#include "core/credit.h"
#include "core/text.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace recoup::core {
namespace {

constexpr const char* kChargesUnknown = "the charges of the billing cycle are not known";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Whether the amount passes the contract's minimum; sets the reason where it does not.
bool above_minimum(const Version& version, Credit& credit) {
  if (!version.minimum_credit) return true;
  const Money& minimum = *version.minimum_credit;
  if (credit.amount->currency != minimum.currency) {
    credit.reason = fmt::format("the minimum is in {}, the charges are in {}: cannot be compared",
                                minimum.currency, credit.amount->currency);
    return false;
  }
  if (credit.amount->amount <= minimum.amount) {
    credit.reason =
        fmt::format("the credit of {} {} is not more than {}",
                    credit.amount->amount.to_shortest(12), minimum.currency, to_text(minimum));
    return false;
  }
  return true;
}

// Whether the amount can be compared with the contract's cap; sets the reason where it cannot.
bool has_known_cap(const Version& version, Credit& credit) {
  if (!version.cap || !version.cap->amount) return true;
  const std::string& currency = version.cap->amount->currency;
  if (currency == credit.amount->currency) return true;
  credit.reason = fmt::format(
      "the most that is credited is in {}, the charges are in {}: cannot "
      "be compared",
      currency, credit.amount->currency);
  return false;
}

// Silence keeps no promise.
const char* met_words(const Assessment& assessment) {
  if (!assessment.has_begun()) return "the billing cycle has not begun";
  if (!assessment.is_measured()) return "no Request of the billing cycle was measured";
  return "the Service Commitment was met";
}

}  // namespace

Money credit_of(const Version& version, const Ratio& share, const Money& charge) {
  Money credit{charge.amount * share, charge.currency};
  if (!version.cap) return credit;
  const auto& [most, amount] = *version.cap;
  if (most) credit.amount = std::min(credit.amount, charge.amount * *most);
  if (amount && amount->currency == charge.currency) {
    credit.amount = std::min(credit.amount, amount->amount);
  }
  return credit;
}

Credit credit(const Version& version, const Assessment& assessment, std::optional<Charge> charge) {
  Credit result;
  result.charge = std::move(charge);
  if (assessment.tier) result.share = version.credits[*assessment.tier].credit;
  if (result.charge) {
    const Money& charged = result.charge->amount;
    result.amount = credit_of(version, result.share, charged);
    result.capped = result.amount->amount < charged.amount * result.share;
  }

  if (assessment.met) {
    result.reason = met_words(assessment);
  } else if (!assessment.tier) {
    result.reason = "the Service Commitment was not met, and the contract names no credit for it";
  } else if (result.share == Ratio()) {
    result.reason = "the Service Commitment was not met, and the contract gives no credit for it";
  } else if (assessment.cycle.in_part && version.part_month == PartMonth::none) {
    result.reason = "the service was used for a part of the cycle only, which is then no cycle";
  } else if (!assessment.complete) {
    // What the charges come to is said later: as long as nobody knows them they may be enough.
    result.expected =
        assessment.breach_certain &&
        (!result.charge || (has_known_cap(version, result) && above_minimum(version, result)));
    result.reason = "the billing cycle is not over";
  } else if (!result.charge) {
    result.reason = kChargesUnknown;
  } else if (has_known_cap(version, result) && above_minimum(version, result)) {
    result.eligible = true;
    result.reason = fmt::format("the Monthly Uptime Percentage is below {} %: {} % of the charges",
                                version.commitment_text, short_percent(result.share));
  }
  return result;
}

Credit credit(const Version& version, const Assessment& assessment, KnownCharge charge) {
  if (charge) return credit(version, assessment, *std::move(charge));
  Credit result = credit(version, assessment, std::optional<Charge>());
  result.charge_error = charge.error().message;
  if (result.reason == kChargesUnknown) result.reason += ": " + first_line(result.charge_error);
  return result;
}

}  // namespace recoup::core
