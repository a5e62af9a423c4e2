#include "billing/bills/bill_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace recoup::billing {
namespace {

struct Word {
  std::string_view category;
  Class class_;
};

constexpr std::array<Word, 4> kFocusWords{{{"Usage", Class::usage},
                                           {"Purchase", Class::usage},
                                           {"Tax", Class::tax},
                                           {"Credit", Class::credit}}};
constexpr std::array<Word, 11> kAws{{{"Usage", Class::usage},
                                     {"DiscountedUsage", Class::usage},
                                     {"Fee", Class::usage},
                                     {"RIFee", Class::usage},
                                     {"SavingsPlanUpfrontFee", Class::usage},
                                     {"SavingsPlanRecurringFee", Class::usage},
                                     {"SavingsPlanCoveredUsage", Class::usage},
                                     {"SavingsPlanNegation", Class::usage},
                                     {"Tax", Class::tax},
                                     {"Credit", Class::credit},
                                     {"Refund", Class::refund}}};
constexpr std::array<Word, 3> kBssWords{{{"SubscriptionOrder", Class::usage},
                                         {"PayAsYouGoBill", Class::usage},
                                         {"Refund", Class::refund}}};

Class find(const auto& words, std::string_view category) {
  const auto at = std::find_if(words.begin(), words.end(),
                               [&](const Word& word) { return word.category == category; });
  return at == words.end() ? Class::other : at->class_;
}

// "00:00:00" with any number of zeros behind a point, and a Z or +00:00 or nothing.
bool is_midnight(std::string_view time) {
  if (time.ends_with('Z')) {
    time.remove_suffix(1);
  } else if (time.ends_with("+00:00")) {
    time.remove_suffix(6);
  }
  if (!time.starts_with("00:00")) return false;
  time.remove_prefix(5);
  if (time.starts_with(":00")) time.remove_prefix(3);
  if (time.starts_with('.')) time.remove_prefix(1);
  return std::all_of(time.begin(), time.end(), [](char c) { return c == '0'; });
}

}  // namespace

core::Result<core::Date> parse_day(std::string_view text) {
  const auto day = core::parse_date(text.substr(0, 10));
  const std::string_view time = text.size() > 10 ? text.substr(11) : std::string_view();
  const bool separated = text.size() > 11 && (text[10] == 'T' || text[10] == ' ');
  if (!day || (text.size() > 10 && !separated)) {
    return core::Error{fmt::format("expected a date, like 2024-09-01T00:00:00Z, got '{}'", text)};
  }
  if (!time.empty() && !is_midnight(time)) {
    return core::Error{fmt::format("expected a date at 00:00:00 UTC, got '{}'", text)};
  }
  return *day;
}

bool is_null(std::string_view field) { return field.empty() || field == "NULL"; }

Class class_of(BillFormat format, std::string_view category) {
  switch (format) {
    case BillFormat::focus: return find(kFocusWords, category);
    case BillFormat::cur:
    case BillFormat::cost_explorer: return find(kAws, category);
    case BillFormat::bss: return find(kBssWords, category);
  }
  return Class::other;
}

std::string_view amount_help(std::string_view amount) {
  if (is_null(amount)) return "fetch the bill again: a row without a charge cannot be added up";
  if (amount.find(',') != std::string_view::npos) {
    return "write it without commas, and with a point before the fraction";
  }
  if (amount.starts_with('+')) return "write it without the plus sign";
  return "write digits and a point alone, without a currency sign or blanks";
}

}  // namespace recoup::billing
