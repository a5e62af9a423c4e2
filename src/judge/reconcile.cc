#include "judge/reconcile.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "billing/bills/groups.h"
#include "core/text.h"

namespace recoup::judge {
namespace {

using billing::BillLine;
using billing::Class;

core::Instant instant_of(core::Date day) { return core::Instant(std::chrono::sys_days(day)); }

// As whole words of lower case, each between blanks: " sla credit kms us-east-1 ".
std::string words_of(std::string_view text) {
  std::string words = " ";
  for (const char c : core::lower_case(text)) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (part || words.back() != ' ') words += part ? c : ' ';
  }
  return words + ' ';
}

bool has_any(const std::string& words, const auto& phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return words.find(phrase) != std::string::npos;
  });
}

bool speaks_of_service_level(const std::string& words) {
  constexpr std::array<std::string_view, 5> kPhrases{" sla ", " service level ", " service credit",
                                                     " uptime ", " availability credit"};
  return has_any(words, kPhrases);
}

// Words of credits that are given for other reasons.
bool speaks_of_promotion(const std::string& words) {
  constexpr std::array<std::string_view, 9> kPhrases{" promo",     " free tier ", " free-tier ",
                                                     " discount",  " trial ",     " edp ",
                                                     " activate ", " sign-up ",   " referral "};
  return has_any(words, kPhrases);
}

// "2026-10", "october 2026", "oct 2026".
bool names_month(const std::string& words, core::Month month) {
  static constexpr std::array<std::string_view, 12> kNames{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  const std::string_view name = kNames[static_cast<unsigned>(month.month()) - 1];
  const int year = static_cast<int>(month.year());
  return has_any(words, std::array{fmt::format(" {} ", core::to_text(month)),
                                   fmt::format(" {} {} ", name, year),
                                   fmt::format(" {} {} ", name.substr(0, 3), year)});
}

// Cut to the cent, as people read amounts.
std::string cents(const core::Ratio& amount) { return amount.to_decimal(2, core::Rounding::cut); }

// What is open of the claim: asked for and not given. Nothing where that is not known.
std::optional<core::Ratio> open_amount(const record::ClaimLife& life) {
  if (!life.asked) return std::nullopt;
  if (!life.credited) return life.asked->amount;
  if (life.credited->currency != life.asked->currency) return std::nullopt;
  return life.asked->amount - life.credited->amount;
}

// Matcher goes through the lines of bills, one by one.
class Matcher {
 public:
  explicit Matcher(const std::vector<AwaitedClaim>& claims) : claims_(claims) {}

  void take(const BillLine& line) {
    if (line.class_ == Class::correction && !line.voucher) return take_correction(line);
    if (line.amount >= core::Ratio()) return;
    if (is_known(line)) {
      ++out_.known;
      return;
    }
    take_credit(line);
  }

  Reconciled finish() {
    for (auto& [claim, found] : found_) settle(claim, std::move(found));
    return std::move(out_);
  }

 private:
  struct Found {
    std::vector<BillLine> lines;
    std::string why;
    bool by_case = false;  // all of them
  };
  using Indexes = std::vector<std::size_t>;

  template <typename Condition>
  Indexes those(const Indexes& from, Condition condition) const {
    Indexes out;
    std::copy_if(from.begin(), from.end(), std::back_inserter(out),
                 [&](std::size_t i) { return condition(claims_[i]); });
    return out;
  }

  Indexes all() const {
    Indexes indexes(claims_.size());
    for (std::size_t i = 0; i < indexes.size(); ++i) indexes[i] = i;
    return indexes;
  }

  // The rows of an agreement, but for the month. A credit may be given without a service or Region.
  static bool is_of_agreement(const AwaitedClaim& claim, const BillLine& line, bool exactly) {
    const billing::BillQuery& query = claim.query;
    const auto fits = [&](const std::optional<std::string>& wanted, const std::string& is) {
      return !wanted || wanted == is || (is.empty() && !exactly);
    };
    const bool service =
        billing::is_one_of(query.services, line.service) || (line.service.empty() && !exactly);
    return service && billing::is_one_of(query.providers, line.provider) &&
           fits(query.region, line.region) && fits(query.account, line.account);
  }

  static bool is_in_time(const AwaitedClaim& claim, const BillLine& line) {
    const core::Instant from = claim.life.submitted.value_or(claim.cycle_end);
    return instant_of(line.period.end) > from;
  }

  // A bill without a column for it is in the currency that is asked for.
  static bool is_of_currency(const AwaitedClaim& claim, const BillLine& line) {
    return line.currency.empty() || !claim.life.asked ||
           claim.life.asked->currency == line.currency;
  }

  bool is_known(const BillLine& line) const {
    const std::string reference = reference_of(line) + ":";
    return std::any_of(claims_.begin(), claims_.end(), [&](const AwaitedClaim& claim) {
      return std::any_of(claim.notes.begin(), claim.notes.end(), [&](const std::string& note) {
        return note.find(reference) != std::string::npos;
      });
    });
  }

  // What was noted by hand is on a bill, too.
  static bool is_noted_by_hand(const AwaitedClaim& claim, const BillLine& line) {
    return claim.life.credited && claim.notes.empty() &&
           cents(claim.life.credited->amount) == cents(core::Ratio() - line.amount);
  }

  void take_correction(const BillLine& line) {
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      const AwaitedClaim& claim = claims_[i];
      const bool later = instant_of(line.period.begin) >= claim.cycle_end - std::chrono::days(1);
      if (line.used == claim.life.ground.month && later && is_of_agreement(claim, line, true)) {
        out_.corrections.push_back({i, line});
      }
    }
  }

  void take_credit(const BillLine& line) {
    const std::string words = words_of(line.category + ' ' + line.description);
    const Indexes waiting = those(all(), [&](const AwaitedClaim& claim) {
      return claim.life.waits() && is_of_currency(claim, line) && is_in_time(claim, line);
    });
    const Indexes named = those(waiting, [&](const AwaitedClaim& claim) {
      return !claim.life.case_id.empty() &&
             words.find(words_of(claim.life.case_id)) != std::string::npos;
    });
    if (named.size() == 1) return choose(named[0], line, "its words name the case", true);

    Indexes fitting = those(
        waiting, [&](const AwaitedClaim& claim) { return is_of_agreement(claim, line, false); });
    if (std::any_of(fitting.begin(), fitting.end(),
                    [&](std::size_t i) { return is_noted_by_hand(claims_[i], line); })) {
      ++out_.known;
      return;
    }
    const bool of_service_level = speaks_of_service_level(words);
    if (!of_service_level && speaks_of_promotion(words)) {
      return leave(line, {}, "its words are those of another kind of credit");
    }
    choose_among(line, words, fitting, of_service_level);
  }

  void choose_among(const BillLine& line, const std::string& words, const Indexes& fitting,
                    bool of_service_level) {
    if (fitting.empty())
      return leave(line, {}, "no claim that waits is of its account and service");
    const Indexes equal = those(fitting, [&](const AwaitedClaim& claim) {
      const auto open = open_amount(claim.life);
      return open && cents(*open) == cents(core::Ratio() - line.amount);
    });
    if (equal.size() == 1) return choose(equal[0], line, "its amount is what is open", false);
    if (!of_service_level) {
      return leave(line, equal.empty() ? fitting : equal,
                   equal.empty() ? "neither its words nor its amount say what it is for"
                                 : "its amount is what is open of several claims");
    }
    const Indexes left = equal.empty() ? fitting : equal;
    if (left.size() == 1) return choose(left[0], line, "its words name a service level", false);
    const Indexes of_month = those(left, [&](const AwaitedClaim& claim) {
      return names_month(words, claim.life.ground.month);
    });
    if (of_month.size() == 1) {
      return choose(of_month[0], line, "its words name a service level and the month", false);
    }
    leave(line, left, "its words name a service level, and several claims wait");
  }

  void choose(std::size_t claim, const BillLine& line, const char* why, bool by_case) {
    Found& found = found_[claim];
    found.by_case = by_case && (found.lines.empty() || found.by_case);
    found.why = why;
    found.lines.push_back(line);
  }

  void leave(const BillLine& line, Indexes claims, const char* why) {
    out_.unclear.push_back({line, std::move(claims), why});
  }

  // One credit may be spread over several lines of a bill. Two credits are not one.
  static bool is_one_credit(const Found& found) {
    const BillLine& first = found.lines.front();
    return found.by_case ||
           std::all_of(found.lines.begin(), found.lines.end(), [&](const BillLine& line) {
             return line.file == first.file && line.period == first.period &&
                    line.description == first.description;
           });
  }

  void settle(std::size_t claim, Found found) {
    if (!is_one_credit(found)) {
      for (const BillLine& line : found.lines) {
        leave(line, {claim}, "several credits may be this claim's");
      }
      return;
    }
    const record::ClaimLife& life = claims_[claim].life;
    FoundCredit credit{claim, std::move(found.lines), {}, {}, std::move(found.why)};
    credit.given.currency = credit.lines.front().currency;
    if (credit.given.currency.empty() && life.asked) credit.given.currency = life.asked->currency;
    for (const BillLine& line : credit.lines) credit.given.amount -= line.amount;
    credit.all = credit.given;
    if (life.credited) credit.all.amount += life.credited->amount;
    out_.credits.push_back(std::move(credit));
  }

  const std::vector<AwaitedClaim>& claims_;
  std::map<std::size_t, Found> found_;
  Reconciled out_;
};

}  // namespace

std::string reference_of(const BillLine& line) {
  // The user may move bills; a member of a zip keeps its name.
  const std::string name = std::filesystem::path(line.file).filename().string();
  return line.line == 0 ? name : fmt::format("{}:{}", name, line.line);
}

Reconciled reconcile(const std::vector<AwaitedClaim>& claims, const std::vector<BillLine>& lines) {
  Matcher matcher(claims);
  for (const BillLine& line : lines) matcher.take(line);
  return matcher.finish();
}

}  // namespace recoup::judge
