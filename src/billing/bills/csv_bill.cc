#include "billing/bills/csv_bill.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>

#include "billing/bills/bill_words.h"
#include "billing/bills/columns.h"
#include "billing/bills/decimal_sum.h"

namespace recoup::billing {
namespace {

using core::Error;

// What a row is told apart by, in the order of the key. The invoice counts by being there.
constexpr std::array<Role, 9> kKeyRoles{Role::provider, Role::service,      Role::region,
                                        Role::category, Role::period_begin, Role::period_end,
                                        Role::currency, Role::correction,   Role::account};

// Adder finds the sum that a row belongs to by the bytes of its fields, so that only the first row
// of a group is looked at closely.
class Adder {
 public:
  Adder(const documents::CsvReader& reader, Columns columns)
      : reader_(reader), columns_(std::move(columns)) {}

  core::Result<void> add() {
    make_key();
    if (last_ == sums_.end() || last_->first != key_) {
      last_ = sums_.find(key_);
      if (last_ == sums_.end()) {
        auto group = new_group();
        if (!group) return group.error();
        const bool may_be_credit = is_worth_a_line(*group);
        last_ = sums_.emplace(key_, Sum{std::move(*group), {}, may_be_credit}).first;
      }
    }
    const std::size_t charge = columns_[Role::charge].front();
    if (!last_->second.charge.add(reader_.raw(charge))) return wrong_charge(charge);
    ++last_->second.group.rows;
    if (last_->second.may_be_credit) add_line(last_->second.group, false, charge);
    for (const std::size_t voucher : columns_[Role::vouchers]) {
      add_line(last_->second.group, true, voucher);
    }
    return {};
  }

  FileRows finish() {
    FileRows out;
    out.format = columns_.format;
    for (auto& [key, sum] : sums_) {
      sum.group.sum = sum.charge.total();
      out.rows += sum.group.rows;
      out.periods.push_back(sum.group.period);
      out.groups.push_back(std::move(sum.group));
    }
    for (auto& [key, line] : lines_) out.lines.push_back(std::move(line));
    std::sort(out.lines.begin(), out.lines.end(),
              [](const BillLine& a, const BillLine& b) { return a.line < b.line; });
    if (columns_.net_charge) {
      out.remarks.push_back(fmt::format(
          "The bill also has {}, the cost after private discounts; the figures are of {}.",
          *columns_.net_charge, columns_.charge_name));
    }
    if (columns_.format == BillFormat::cur && columns_[Role::invoice].empty()) {
      out.remarks.emplace_back(
          "The bill has no column bill/InvoiceId or bill_invoice_id, so that nothing says that it "
          "is final.");
    }
    return out;
  }

 private:
  struct Sum {
    BillGroup group;
    DecimalSum charge;
    bool may_be_credit;
  };

  // "Adjustment" is a category of FOCUS and of BSS: of what, its words say.
  static bool is_worth_a_line(const BillGroup& group) {
    return group.class_ == Class::credit || group.class_ == Class::refund ||
           group.class_ == Class::correction || group.category == "Adjustment";
  }

  // The month of what the row is about; nothing where the bill does not say.
  std::optional<core::Month> month_used() const {
    constexpr std::size_t kMonth = 7;  // of "2026-10-03T02:00:00Z"
    const auto month = core::parse_month(text(Role::used).substr(0, kMonth));
    return month ? std::optional(*month) : std::nullopt;
  }

  // Rows of few kinds come here, unless vouchers pay: then one line a group and description.
  void add_line(const BillGroup& group, bool voucher, std::size_t column) {
    const auto amount = core::Ratio::parse(reader_.text(column));
    if (!amount || *amount == core::Ratio()) return;
    const auto used = month_used();
    const std::string description = text(Role::description);
    const std::string key = fmt::format("{}{}\n{}\n{}", voucher ? 'v' : '-', key_,
                                        used ? core::to_text(*used) : "", description);
    const auto [at, is_new] = lines_.try_emplace(key);
    BillLine& line = at->second;
    if (is_new) {
      line.line = reader_.line();
      line.provider = group.provider;
      line.service = group.service;
      line.region = group.region;
      line.period = group.period;
      line.account = group.account;
      line.currency = group.currency;
      line.class_ = group.class_;
      line.category = group.category;
      line.voucher = voucher;
      line.description = description;
      line.used = used;
    }
    ++line.rows;
    // What a voucher paid is written without a sign.
    if (voucher) {
      line.amount -= *amount;
    } else {
      line.amount += *amount;
    }
  }

  // The column that counts for the role in this row; nothing where it has none that is not null.
  std::optional<std::size_t> column(Role role) const {
    for (const std::size_t i : columns_[role]) {
      if (!is_null(reader_.raw(i))) return i;
    }
    return std::nullopt;
  }
  std::string text(Role role) const {
    const auto i = column(role);
    return i ? reader_.text(*i) : std::string();
  }

  // Each field with its length before it, so that no two rows of different values share a key.
  void make_key() {
    key_.clear();
    for (const Role role : kKeyRoles) {
      const auto i = column(role);
      const std::string_view raw = i ? reader_.raw(*i) : std::string_view();
      const auto size = static_cast<std::uint32_t>(raw.size());
      key_.append(reinterpret_cast<const char*>(&size), sizeof size);
      key_.append(raw);
    }
    key_ += column(Role::invoice) ? 'i' : '-';
    if (column(Role::correction)) {
      if (const auto used = month_used()) key_ += core::to_text(*used);
    }
  }

  core::Result<BillGroup> new_group() const {
    BillGroup group;
    group.provider = columns_.format == BillFormat::cur   ? "AWS"
                     : columns_.format == BillFormat::bss ? "Alibaba Cloud"
                                                          : text(Role::provider);
    group.service = text(Role::service);
    group.region = text(Role::region);
    group.account = text(Role::account);
    group.category = text(Role::category);
    group.class_ = class_of(columns_.format, group.category);
    if (const std::string correction = text(Role::correction); correction == "Correction") {
      group.class_ = Class::correction;
      group.corrects = month_used();
    } else if (!correction.empty()) {
      group.class_ = Class::other;
      group.category += ", " + correction;
    }
    group.final = columns_.format == BillFormat::bss || column(Role::invoice).has_value() ||
                  (columns_.format == BillFormat::focus && columns_[Role::invoice].empty());
    if (auto error = read_currency(group)) return *error;
    if (auto error = read_period(group.period)) return *error;
    return group;
  }

  std::optional<Error> read_currency(BillGroup& group) const {
    group.currency = text(Role::currency);
    const auto& columns = columns_[Role::currency];
    const bool code =
        group.currency.size() == 3 &&
        group.currency.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    if (code || columns.empty()) return std::nullopt;
    return reader_.complaint(columns.front(),
                             fmt::format("expected a currency, like USD, got '{}'", group.currency),
                             "fetch the bill again: its currency is an ISO 4217 code");
  }

  std::optional<Error> read_period(Period& period) const {
    const std::size_t begin = columns_[Role::period_begin].front();
    if (columns_.format == BillFormat::bss) {
      const auto month = core::parse_month(reader_.text(begin));
      if (!month) return reader_.complaint(begin, month.error().message, {});
      period = period_of(*month);
      return std::nullopt;
    }
    const std::size_t end = columns_[Role::period_end].front();
    for (const auto& [i, out] : {std::pair(begin, &period.begin), std::pair(end, &period.end)}) {
      const auto day = parse_day(reader_.text(i));
      if (!day) return reader_.complaint(i, day.error().message, {});
      *out = *day;
    }
    if (period.begin < period.end) return std::nullopt;
    return reader_.complaint(end,
                             fmt::format("expected a billing period that ends after it begins on "
                                         "{}, got {}",
                                         core::to_text(period.begin), core::to_text(period.end)),
                             {});
  }

  Error wrong_charge(std::size_t i) const {
    const std::string amount = reader_.text(i);
    return reader_.complaint(i,
                             fmt::format("expected a decimal number, like 0.25, got '{}'", amount),
                             std::string(amount_help(amount)));
  }

  const documents::CsvReader& reader_;
  Columns columns_;
  std::string key_;
  std::unordered_map<std::string, Sum> sums_;
  std::unordered_map<std::string, BillLine> lines_;
  std::unordered_map<std::string, Sum>::iterator last_ = sums_.end();
};

}  // namespace

core::Result<FileRows> read_csv_bill(documents::CsvReader& reader,
                                     std::optional<BillFormat> format) {
  if (!reader.next()) {
    if (!reader.state()) return reader.state().error();
    return Error{"expected the header of a bill, got an empty file"};
  }
  auto columns = find_columns(reader, format);
  if (!columns) return columns.error();
  Adder adder(reader, std::move(*columns));
  while (reader.next()) {
    if (auto added = adder.add(); !added) return added.error();
  }
  if (!reader.state()) return reader.state().error();
  return adder.finish();
}

}  // namespace recoup::billing
