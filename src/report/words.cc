#include "report/words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace recoup::report {

using core::Ratio;

std::string fraction_text(const Ratio& value) {
  constexpr std::size_t kLongest = 400;
  const std::string text = value.numerator() + " / " + value.denominator();
  if (text.size() <= kLongest) return text;
  return fmt::format("in claim.json ({} characters)", text.size());
}

std::string instant_with_millis(core::Instant at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  std::string text = core::to_text(core::Instant(second));
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, (at - second).count());
}

std::string tier_text(const core::Tier& tier) {
  std::string text = fmt::format("less than {} %", core::short_percent(tier.below));
  if (tier.at_least) text += fmt::format(" and at least {} %", core::short_percent(*tier.at_least));
  return text;
}

std::string json_text(const std::string& text) {
  using Unordered = nlohmann::json;
  return Unordered::parse(Unordered(text).dump(-1, ' ', false, Unordered::error_handler_t::replace))
      .get<std::string>();
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

namespace {

std::string credited_words(const record::ClaimLife& life) {
  const auto share = life.credited_share();
  if (!share || life.state == record::ClaimState::credited) return "";
  return fmt::format("credited {} % of the {} asked for",
                     (*share * Ratio(100, 1)).to_decimal(0, core::Rounding::cut),
                     core::to_text(*life.asked));
}

}  // namespace

std::string payment_words(const record::ClaimLife& life) {
  using enum record::ClaimState;
  std::vector<std::string> parts;
  if (life.state == overdue) {
    parts.push_back("overdue since " + core::to_text(*life.credit_due));
  } else if (life.credit_due) {
    parts.push_back("the credit is due before " + core::to_text(*life.credit_due));
  }
  if (const std::string credited = credited_words(life); !credited.empty()) {
    parts.push_back(credited + (life.state == credited_in_part ? "; dispute it" : ""));
  }
  if (!life.why.empty()) parts.push_back("refused: " + life.why);
  if (life.is_corrected()) {
    parts.push_back(
        fmt::format("the charges were corrected since: {} was asked for, and it would be "
                    "{} now",
                    core::to_text(*life.asked), core::to_text(*life.ground.amount)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string next_step(const record::ClaimLife& life) {
  const std::string month = core::to_text(life.ground.month);
  const std::string of = fmt::format("--agreement {} --month {}", life.ground.agreement, month);
  switch (life.state) {
    case record::ClaimState::claimable:
      if (life.ground.due) {
        return fmt::format(
            "watch the bill of {} until {}, then: recoup claims mark {} credited "
            "--amount AMOUNT, or refused",
            life.ground.agreement, core::to_text(life.ground.due->by), of);
      }
      return fmt::format("recoup claim {} --out {}", of,
                         record::claim_folder(life.ground.agreement, life.ground.month));
    case record::ClaimState::written:
      return fmt::format("send it, then: recoup claims mark {} submitted --case ID", of);
    case record::ClaimState::submitted:
      if (life.ground.payment && life.ground.payment->payment.confirmation && !life.confirmed) {
        return fmt::format("when the provider confirms it: recoup claims mark {} confirmed", of);
      }
      return fmt::format(
          "when it is decided: recoup claims mark {} credited --amount AMOUNT, or "
          "refused",
          of);
    case record::ClaimState::overdue:
      return fmt::format(
          "look for it on the bills: recoup claims reconcile; where it is not, ask the provider, "
          "then: recoup claims mark {} {}",
          of, life.submitted ? "disputed" : "submitted --case ID");
    case record::ClaimState::credited_in_part:
      return fmt::format(
          "object to the provider, then: recoup claims mark {} disputed; or leave it at that: "
          "settled",
          of);
    case record::ClaimState::disputed:
      return fmt::format(
          "when it is decided: recoup claims mark {} credited --amount ALL-THAT-WAS-GIVEN, or "
          "refused",
          of);
    case record::ClaimState::nothing:
    case record::ClaimState::unmeasured:
    case record::ClaimState::credited:
    case record::ClaimState::refused:
    case record::ClaimState::expired: return "";
  }
  return "";
}

}  // namespace recoup::report
