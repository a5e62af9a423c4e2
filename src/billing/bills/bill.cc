#include "billing/bills/bill.h"

#include <array>

#include <fmt/format.h>

#include "documents/near.h"

namespace recoup::billing {
namespace {

constexpr std::array<std::string_view, kClasses> kClassNames{"usage",  "tax",        "credit",
                                                             "refund", "correction", "other"};

}  // namespace

const std::vector<std::string>& bill_formats() {
  static const std::vector<std::string> formats{"focus", "cur", "cost-explorer", "bss"};
  return formats;
}

std::string_view to_text(BillFormat format) {
  return bill_formats()[static_cast<std::size_t>(format)];
}

core::Result<BillFormat> parse_bill_format(std::string_view text) {
  const std::vector<std::string>& formats = bill_formats();
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (formats[i] == text) return static_cast<BillFormat>(i);
  }
  return core::Error{
      fmt::format("expected a bill's format, {}, got '{}'", fmt::join(formats, ", "), text),
      {},
      documents::did_you_mean(text, formats)};
}

std::string_view to_text(Class of) { return kClassNames[static_cast<std::size_t>(of)]; }

std::string to_text(const Period& period) {
  const core::Month month = period.begin.year() / period.begin.month();
  if (period == period_of(month)) return core::to_text(month);
  return fmt::format("{} to {}", core::to_text(period.begin), core::to_text(period.end));
}

Period period_of(core::Month month) { return {month / 1, (month + std::chrono::months(1)) / 1}; }

}  // namespace recoup::billing
