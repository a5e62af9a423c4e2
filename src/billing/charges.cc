#include "billing/charges.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>

#include "billing/books/estimate.h"
#include "billing/books/price_book.h"

namespace recoup::billing {
namespace {

namespace fs = std::filesystem;
using core::Charge;
using core::Error;
using core::KnownCharge;
using core::Result;

// The files that a pattern names, in order.
std::vector<std::string> expand(const std::vector<std::string>& patterns) {
  std::vector<std::string> files;
  for (const std::string& pattern : patterns) {
    glob_t found{};
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
      files.insert(files.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
  }
  return files;
}

// What changes when one of the files does.
std::string fingerprint_of(const std::vector<std::string>& files) {
  std::string text;
  for (const std::string& file : files) {
    std::error_code ignored;
    text += fmt::format("{}\n{} {}\n", file, fs::file_size(file, ignored),
                        fs::last_write_time(file, ignored).time_since_epoch().count());
  }
  return text;
}

std::optional<std::string> given(const std::string& own, const std::string& otherwise) {
  if (!own.empty()) return own;
  if (!otherwise.empty()) return otherwise;
  return std::nullopt;
}

// Providers as FOCUS bills name them; the other formats are of one provider each.
std::vector<std::string> providers_of(const BillSettings& settings, const std::string& provider) {
  static const std::map<std::string, std::vector<std::string>> names{
      {"aws", {"AWS", "Amazon Web Services"}},
      {"azure", {"Microsoft"}},
      {"google", {"Google Cloud"}},
      {"alibaba", {"Alibaba Cloud"}}};
  if (!settings.provider.empty()) return {settings.provider};
  const auto found = names.find(provider);
  return found == names.end() ? std::vector<std::string>() : found->second;
}

// What the bill calls the agreement's service: the user says, a price book, or the contract.
Result<std::string> service_of(const Charged& what, const BillSettings& settings,
                               BillFormat format) {
  const std::string name(to_text(format));
  if (!settings.service.empty()) return settings.service;
  if (const auto found = settings.names.find(name); found != settings.names.end()) {
    return found->second;
  }
  const bool full_names = format == BillFormat::focus || format == BillFormat::cost_explorer;
  if (full_names) return what.rule.service;
  return Error{
      fmt::format("expected what the bill calls the service of {}, got nothing", what.agreement.id),
      "",
      fmt::format("add service = \"…\" to its bill: the ProductCode in the {} file; "
                  "`recoup charges FILE` shows which there are",
                  name)};
}

// The settings' words are checked where they are read.
std::optional<BillFormat> format_named(const std::string& name) {
  const auto format = parse_bill_format(name);
  return format ? std::optional(*format) : std::nullopt;
}

std::set<Class> classes_named(const std::vector<std::string>& names) {
  std::set<Class> classes;
  for (std::size_t i = 0; i < kClasses; ++i) {
    const auto one = static_cast<Class>(i);
    if (std::find(names.begin(), names.end(), to_text(one)) != names.end()) classes.insert(one);
  }
  return classes;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

KnownCharge stated(const Charged& what, core::Month month) {
  for (const StatedCharge& one : what.charges.stated) {
    if (one.month == month) return std::optional(Charge{one.amount, "stated", one.note});
  }
  return std::optional<Charge>();
}

KnownCharge estimated(const Charged& what, core::Month month) {
  if (!what.charges.book) return std::optional<Charge>();
  const PriceBook& book = *what.charges.book->book;
  Order order = what.charges.book->order;
  const bool regional = std::any_of(book.inputs.begin(), book.inputs.end(),
                                    [](const auto& input) { return input.id == "region"; });
  if (regional && !what.agreement.region.empty()) {
    order.try_emplace("region", what.agreement.region);
  }
  auto estimated = estimate(book, order, month);
  if (!estimated) return estimated.error();
  Charge charge{
      estimated->total, "estimate",
      fmt::format("the published prices of {}, as of {}", book.id, core::to_text(book.as_of))};
  charge.lines = std::move(estimated->lines);
  charge.remarks = std::move(estimated->notes);
  charge.final = false;
  return std::optional(std::move(charge));
}

// Another bill of the same agreement: their sums add up.
Result<void> add(Charge& sum, Charge more) {
  if (sum.amount.currency != more.amount.currency) {
    return Error{fmt::format("expected bills in one currency, got {} and {}", sum.amount.currency,
                             more.amount.currency),
                 "", "say which one counts: currency = \"USD\" in each bill"};
  }
  sum.amount.amount += more.amount.amount;
  sum.note += "; " + more.note;
  sum.final = sum.final && more.final;
  std::move(more.lines.begin(), more.lines.end(), std::back_inserter(sum.lines));
  std::move(more.remarks.begin(), more.remarks.end(), std::back_inserter(sum.remarks));
  return {};
}

// The calendar months that the cycle of that name is; none where it is no whole ones.
std::vector<core::Month> months_of(const Charged& what, core::Month month) {
  const core::Version* version = what.rule.in_force(month);
  if (version == nullptr || version->calendar == core::Calendar::month) return {month};
  if (version->calendar != core::Calendar::quarter) return {};
  return {month, month + std::chrono::months(1), month + std::chrono::months(2)};
}

// What the months cost together, where all are known.
template <typename Of>
KnownCharge sum_of(const std::vector<core::Month>& months, Of of) {
  std::optional<Charge> sum;
  for (const core::Month month : months) {
    KnownCharge one = of(month);
    if (!one || !*one) return one;
    if (!sum) {
      sum = *std::move(*one);
    } else if (auto done = add(*sum, *std::move(*one)); !done) {
      return done.error();
    }
  }
  return sum;
}

}  // namespace

Result<BillQuery> bill_query(const Charged& what, const BillSettings& settings, BillFormat format,
                             core::Month month) {
  auto service = service_of(what, settings, format);
  if (!service) return service.error();
  BillQuery query;
  query.providers = providers_of(settings, what.rule.provider);
  query.services = {*std::move(service)};
  query.region = given(settings.region, what.agreement.region);
  query.account = given(settings.account, what.agreement.account);
  query.currency = given(settings.currency, "");
  if (!settings.classes.empty()) query.classes = classes_named(settings.classes);
  query.filtered = settings.filtered;
  query.month = month;
  return query;
}

std::shared_ptr<const Result<Bill>> Charges::read(const BillSettings& settings) {
  const auto files = expand(settings.paths);
  const std::string key = fmt::format("{} {}", settings.format, fmt::join(settings.paths, "\n"));
  const std::string fingerprint = fingerprint_of(files);
  Reading& reading = readings_[key];
  if (reading.bill != nullptr && reading.fingerprint == fingerprint) return reading.bill;
  reading.fingerprint = fingerprint;
  reading.bill = std::make_shared<const Result<Bill>>(
      files.empty() ? Result<Bill>(Error{fmt::format("expected a bill at '{}', got no such file",
                                                     fmt::join(settings.paths, "', '"))})
                    : read_bill(format_named(settings.format), files, progress_));
  return reading.bill;
}

KnownCharge Charges::from_bills(const Charged& what, core::Month month) {
  std::optional<Charge> sum;
  for (const BillSettings& settings : what.charges.bills) {
    const auto bill = read(settings);
    if (!*bill) return bill->error();
    const auto query = bill_query(what, settings, (*bill)->format, month);
    if (!query) return query.error();
    auto charge = charge_from(**bill, *query);
    if (!charge) return charge.error();
    if (!sum) {
      sum = *std::move(charge);
    } else if (auto done = add(*sum, *std::move(charge)); !done) {
      return done.error();
    }
  }
  return sum;
}

KnownCharge Charges::of(const Charged& what, core::Month month) {
  // In the order in which they decide.
  const std::vector<core::Month> months = months_of(what, month);
  std::array<KnownCharge, 3> sources{
      stated(what, month), sum_of(months, [&](core::Month of) { return from_bills(what, of); }),
      sum_of(months, [&](core::Month of) { return estimated(what, of); })};
  if (months.empty() && !*sources[0] && (!what.charges.bills.empty() || what.charges.book)) {
    sources[1] = Error{fmt::format("expected what the billing cycle cost that is named {}, got "
                                   "bills or prices of calendar months",
                                   core::to_text(month)),
                       "", "state it: [[agreement.charges.stated]]"};
  }
  std::optional<Charge> decides;
  std::optional<Error> failed;
  std::vector<std::string> remarks;
  for (KnownCharge& source : sources) {
    if (!source) {
      remarks.push_back(first_line(source.error().message));
      if (!failed) failed = source.error();
    } else if (*source && decides) {
      decides->others.push_back({(*source)->from, (*source)->amount});
    } else if (*source) {
      decides = *std::move(*source);
    }
  }
  if (!decides && failed) return *failed;
  if (decides) std::move(remarks.begin(), remarks.end(), std::back_inserter(decides->remarks));
  return decides;
}

}  // namespace recoup::billing
