#include "billing/bills/columns.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/near.h"

namespace recoup::billing {
namespace {

using core::Error;

// Names of one role in one format, the one that counts first in front.
struct Names {
  BillFormat format;
  Role role;
  bool required;
  std::array<std::string_view, 4> names;
};

constexpr auto kFocus = BillFormat::focus;
constexpr auto kCur = BillFormat::cur;
constexpr auto kBss = BillFormat::bss;

// FOCUS 1.3 renamed ProviderName and 1.4 dropped it. Of CUR the legacy names (with '/') and those
// of CUR 2.0. BlendedCost (an average over an organisation), EffectiveCost and AmortizedCost (no
// invoice has them) and PretaxGrossAmount (the list price) are no names of the charge.
constexpr std::array kNames{
    Names{kFocus, Role::provider, true, {"ServiceProviderName", "ProviderName"}},
    Names{kFocus, Role::service, true, {"ServiceName"}},
    Names{kFocus, Role::region, true, {"RegionId"}},
    Names{kFocus, Role::period_begin, true, {"BillingPeriodStart"}},
    Names{kFocus, Role::period_end, true, {"BillingPeriodEnd"}},
    Names{kFocus, Role::charge, true, {"BilledCost"}},
    Names{kFocus, Role::currency, true, {"BillingCurrency"}},
    Names{kFocus, Role::category, true, {"ChargeCategory"}},
    Names{kFocus, Role::correction, true, {"ChargeClass"}},
    Names{kFocus, Role::account, true, {"SubAccountId", "BillingAccountId"}},
    Names{kFocus, Role::invoice, false, {"InvoiceId"}},
    Names{kFocus, Role::used, false, {"ChargePeriodStart"}},
    Names{kFocus, Role::description, false, {"ChargeDescription"}},
    Names{kCur, Role::service, true, {"lineItem/ProductCode", "line_item_product_code"}},
    Names{kCur,
          Role::region,
          true,
          {"product/regionCode", "product/region", "product_region_code", "product_region"}},
    Names{kCur,
          Role::period_begin,
          true,
          {"bill/BillingPeriodStartDate", "bill_billing_period_start_date"}},
    Names{kCur,
          Role::period_end,
          true,
          {"bill/BillingPeriodEndDate", "bill_billing_period_end_date"}},
    Names{kCur, Role::charge, true, {"lineItem/UnblendedCost", "line_item_unblended_cost"}},
    Names{kCur, Role::currency, true, {"lineItem/CurrencyCode", "line_item_currency_code"}},
    Names{kCur, Role::category, true, {"lineItem/LineItemType", "line_item_line_item_type"}},
    Names{kCur,
          Role::account,
          true,
          {"lineItem/UsageAccountId", "line_item_usage_account_id", "bill/PayerAccountId",
           "bill_payer_account_id"}},
    Names{kCur, Role::invoice, false, {"bill/InvoiceId", "bill_invoice_id"}},
    Names{kCur, Role::used, false, {"lineItem/UsageStartDate", "line_item_usage_start_date"}},
    Names{kCur,
          Role::description,
          false,
          {"lineItem/LineItemDescription", "line_item_line_item_description"}},
    Names{kBss, Role::service, true, {"ProductCode"}},
    Names{kBss, Role::region, true, {"Region"}},
    Names{kBss, Role::period_begin, true, {"BillingCycle"}},
    Names{kBss, Role::charge, true, {"PretaxAmount"}},
    Names{kBss, Role::currency, false, {"Currency"}},
    Names{kBss, Role::category, true, {"Item"}},
    Names{kBss, Role::account, true, {"OwnerID", "AccountID"}},
    Names{kBss, Role::used, false, {"UsageStartTime"}},
    Names{kBss, Role::description, false, {"ProductDetail", "BillingType"}},
    Names{kBss, Role::vouchers, false, {"DeductedByCoupons", "DeductedByCashCoupons"}},
};

constexpr std::array<std::string_view, 2> kNetCharge{"lineItem/NetUnblendedCost",
                                                     "line_item_net_unblended_cost"};

// Names that FOCUS had before 1.0 alone.
constexpr std::array<std::string_view, 3> kBefore10{"ChargeType", "Provider", "AmortizedCost"};

// Header is the first record by its names.
class Header {
 public:
  explicit Header(const documents::CsvReader& record) : record_(record) {
    for (std::size_t i = 0; i < record.size(); ++i)
      names_.emplace_back(core::trimmed(record.text(i)));
  }

  std::optional<std::size_t> find(std::string_view name) const {
    const auto at = std::find(names_.begin(), names_.end(), name);
    if (name.empty() || at == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(at - names_.begin());
  }
  bool has(std::string_view name) const { return find(name).has_value(); }

  std::vector<std::size_t> columns(const Names& row) const {
    std::vector<std::size_t> found;
    for (const std::string_view name : row.names) {
      if (const auto at = find(name)) found.push_back(*at);
    }
    return found;
  }

  // How many roles of the format have a column here.
  std::size_t score(BillFormat format) const {
    return static_cast<std::size_t>(std::count_if(
        kNames.begin(), kNames.end(),
        [&](const Names& row) { return row.format == format && !columns(row).empty(); }));
  }

  bool before_focus_10() const {
    if (has("ChargeCategory") || has("ProviderName") || has("ServiceProviderName")) return false;
    return std::any_of(kBefore10.begin(), kBefore10.end(),
                       [&](std::string_view name) { return has(name); });
  }

  const std::vector<std::string>& names() const { return names_; }
  const documents::CsvReader& record() const { return record_; }

 private:
  const documents::CsvReader& record_;
  std::vector<std::string> names_;
};

Error not_a_bill(const Header& header) {
  std::string help = "a bill is a FOCUS, CUR or BSS file as CSV, or Cost Explorer's answer as JSON";
  for (const char separator : {';', '\t', '|'}) {
    if (header.names().size() == 1 && header.names()[0].find(separator) != std::string::npos) {
      help = "the names are not separated by commas: export the file again as CSV";
    }
  }
  return header.record().complaint(0, "expected the header of a bill, got no column of one", help);
}

core::Result<BillFormat> detect(const Header& header) {
  if (header.before_focus_10()) {
    const auto at = std::find_if(kBefore10.begin(), kBefore10.end(),
                                 [&](std::string_view name) { return header.has(name); });
    return header.record().complaint(
        *header.find(*at),
        fmt::format("expected a FOCUS file of version 1.0 or later, got the column {} of 0.5", *at),
        "export the bill again as FOCUS 1.0 or later: 0.5 has other columns and other meanings");
  }
  BillFormat best = kFocus;
  for (const BillFormat format : {kCur, kBss}) {
    if (header.score(format) > header.score(best)) best = format;
  }
  if (header.score(best) == 0) return not_a_bill(header);
  return best;
}

// The names that no role of the format has taken: what a missing one may have been called.
std::vector<std::string> free_names(const Header& header, BillFormat format) {
  std::vector<std::string> free;
  for (const std::string& name : header.names()) {
    const bool taken = std::any_of(kNames.begin(), kNames.end(), [&](const Names& row) {
      return row.format == format &&
             std::find(row.names.begin(), row.names.end(), name) != row.names.end();
    });
    if (!taken && !name.empty()) free.push_back(name);
  }
  return free;
}

// The row's names, "A or B".
std::string either(const Names& row) {
  std::string out;
  for (const std::string_view name : row.names) {
    if (!out.empty() && !name.empty()) out += " or ";
    out += name;
  }
  return out;
}

// The name that was most likely meant: spelled nearly so, or one part of the other ("Cost").
std::optional<std::string> meant(std::string_view name, const std::vector<std::string>& free) {
  constexpr std::size_t kShortest = 4;
  if (auto near = documents::nearest(name, free)) return near;
  for (const std::string& other : free) {
    const bool part = name.find(other) != std::string_view::npos && other.size() >= kShortest;
    if (part || other.find(name) != std::string::npos) return other;
  }
  return std::nullopt;
}

// All that is missing in one complaint, at the column that the first was most likely meant to be.
Error missing_columns(const Header& header, const std::vector<const Names*>& missing) {
  const auto free = free_names(header, missing.front()->format);
  std::vector<std::string> names;
  std::vector<std::string> guesses;
  std::optional<std::size_t> at;
  for (const Names* row : missing) {
    names.push_back(either(*row));
    for (const std::string_view name : row->names) {
      const auto near = name.empty() ? std::nullopt : meant(name, free);
      if (!near) continue;
      guesses.push_back(fmt::format("'{}' for {}", *near, name));
      if (!at) at = header.find(*near);
      break;
    }
  }
  return header.record().complaint(
      at.value_or(0),
      fmt::format("expected the column{} {}, got none of {} name{}", names.size() == 1 ? "" : "s",
                  core::listed(names), names.size() == 1 ? "that" : "these",
                  names.size() == 1 ? "" : "s"),
      guesses.empty() ? fmt::format("export the bill with all columns of its format, {}",
                                    to_text(missing.front()->format))
                      : fmt::format("did you mean {}?", core::listed(guesses)));
}

std::optional<Error> twice(const Header& header, const Columns& columns) {
  for (const auto& found : columns.of) {
    for (const std::size_t i : found) {
      const std::string& name = header.names()[i];
      for (std::size_t k = i + 1; k < header.names().size(); ++k) {
        if (header.names()[k] != name) continue;
        return header.record().complaint(
            k, fmt::format("expected each column once, got '{}' again", name),
            "take out the one that is not the provider's");
      }
    }
  }
  return std::nullopt;
}

}  // namespace

core::Result<Columns> find_columns(const documents::CsvReader& record,
                                   std::optional<BillFormat> format) {
  const Header header(record);
  if (!format || (format == kFocus && header.before_focus_10())) {
    const auto detected = detect(header);
    if (!detected) return detected.error();
    format = *detected;
  }
  if (format == BillFormat::cost_explorer) {
    return record.complaint(0, "expected Cost Explorer's answer as JSON, got something else",
                            "give the bill's format, or leave it out: the header tells it");
  }
  Columns columns;
  columns.format = *format;
  std::vector<const Names*> missing;
  for (const Names& row : kNames) {
    if (row.format != *format) continue;
    const auto found = header.columns(row);
    if (found.empty() && row.required) missing.push_back(&row);
    columns.of[static_cast<std::size_t>(row.role)] = found;
  }
  if (!missing.empty()) return missing_columns(header, missing);
  if (auto error = twice(header, columns)) return *error;
  columns.charge_name = header.names()[columns[Role::charge].front()];
  for (const std::string_view name : kNetCharge) {
    if (format == kCur && header.has(name)) columns.net_charge = std::string(name);
  }
  return columns;
}

}  // namespace recoup::billing
