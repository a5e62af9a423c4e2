#include "billing/bills/selection.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "billing/bills/bill_words.h"
#include "billing/bills/groups.h"
#include "billing/bills/likeness.h"
#include "core/text.h"

namespace recoup::billing {
namespace {

using core::Charge;
using core::Error;
using core::Ratio;

// Count is some rows and what they come to.
struct Count {
  std::uint64_t rows = 0;
  Ratio sum;

  void add(const BillGroup& group) {
    rows += group.rows;
    sum += group.sum;
  }
};

std::string rows_text(std::uint64_t rows) {
  return rows == 1 ? "1 row" : fmt::format("{} rows", rows);
}

std::string money_text(const Ratio& amount, const std::string& currency) {
  return fmt::format("{} {}", core::exact_text(amount), currency);
}

// The note: file names alone, since it goes into the claim and paths are the user's own.
std::string names_of(const std::vector<std::string>& files) {
  constexpr std::size_t kMostNames = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(files.size(), kMostNames); ++i) {
    if (i > 0) out += ", ";
    out += std::filesystem::path(files[i]).filename().string();
  }
  if (files.size() > kMostNames) out += fmt::format(" and {} more", files.size() - kMostNames);
  return out;
}

using Groups = std::vector<const BillGroup*>;

// Selection goes from all groups of a bill to those that the query asks for, one condition after
// the other, so that the first that leaves nothing can be named.
class Selection {
 public:
  Selection(const Bill& bill, const BillQuery& query)
      : bill_(bill), query_(query), month_(period_of(query.month)) {}

  core::Result<Charge> charge() {
    for (const auto check :
         {&Selection::check_told_apart, &Selection::take_provider_and_month,
          &Selection::take_service, &Selection::check_period, &Selection::take_account,
          &Selection::take_region, &Selection::take_currency}) {
      if (auto error = (this->*check)()) return *error;
    }
    return make_charge();
  }

 private:
  Error error(std::string message, std::string help) const {
    return {std::move(message), bill_.files.front(), std::move(help)};
  }

  // Whether a text of the group is what is asked for; any is where the bill cannot tell.
  bool has_service(const BillGroup& group) const {
    return !bill_.tells_apart.service || is_one_of(query_.services, group.service);
  }
  bool has_region(const BillGroup& group) const {
    return !bill_.tells_apart.region || !query_.region || group.region == *query_.region;
  }
  bool has_account(const BillGroup& group) const {
    return !bill_.tells_apart.account || !query_.account || group.account == *query_.account;
  }
  bool touches_month(const BillGroup& group) const {
    return group.period.begin < month_.end && month_.begin < group.period.end;
  }

  template <typename Condition>
  static Groups those(const Groups& groups, Condition condition) {
    Groups out;
    for (const BillGroup* group : groups) {
      if (condition(*group)) out.push_back(group);
    }
    return out;
  }

  // The distinct values of a member, in order.
  template <typename Member>
  static std::vector<std::string> distinct(const Groups& groups, Member member) {
    std::set<std::string> values;
    for (const BillGroup* group : groups) values.insert(group->*member);
    return {values.begin(), values.end()};
  }

  std::optional<Error> check_told_apart() {
    if (query_.filtered) return std::nullopt;
    const auto wants = [&](bool told, bool asked, const char* key) -> std::optional<Error> {
      if (told || !asked) return std::nullopt;
      return error(
          fmt::format("expected an answer that is grouped by {}, got one that is not", key),
          "group the request by SERVICE and REGION; or, if its filter names the service "
          "and the Region, say filtered = true");
    };
    if (auto e = wants(bill_.tells_apart.service, !query_.services.empty(), "SERVICE")) return e;
    return wants(bill_.tells_apart.region, query_.region.has_value(), "REGION");
  }

  std::optional<Error> take_provider_and_month() {
    Groups all;
    for (const BillGroup& group : bill_.groups) all.push_back(&group);
    groups_ = those(all, [&](const auto& g) { return is_one_of(query_.providers, g.provider); });
    if (groups_.empty() && !all.empty()) {
      const auto present = distinct(all, &BillGroup::provider);
      return error(fmt::format("expected rows of the provider {}, got {}", listed(query_.providers),
                               listed(present)),
                   "name the provider as the bill does");
    }
    Groups now = those(groups_, [&](const auto& g) { return touches_month(g); });
    if (now.empty()) return error(no_row_of_the_month(), no_row_help());
    groups_ = std::move(now);
    return std::nullopt;
  }

  std::string no_row_of_the_month() const {
    std::vector<std::string> seen;
    for (const Period& period : bill_.periods) {
      if (period.begin >= month_.end || period.end <= month_.begin) {
        seen.push_back(to_text(period));
      }
    }
    std::string got = listed(seen);
    std::erase(got, '\'');
    return fmt::format("expected rows of {}, got {}", core::to_text(query_.month),
                       seen.empty() ? "none" : got);
  }

  std::string no_row_help() const {
    return bill_.format == BillFormat::cost_explorer ? "Cost Explorer answers with no rows for a "
                                                       "service or a Region that it does not know"
                                                     : "name the files of that month's bill too";
  }

  std::optional<Error> take_service() {
    Groups found = those(groups_, [&](const auto& g) { return has_service(g); });
    if (found.empty()) {
      const auto present = distinct(groups_, &BillGroup::service);
      return error(fmt::format("expected rows of the service {} in {}, got none",
                               listed(query_.services), core::to_text(query_.month)),
                   fmt::format("the nearest that the bill has: {}",
                               listed(likeliest(query_.services.front(), present))));
    }
    groups_ = std::move(found);
    return std::nullopt;
  }

  // A billing period is the month. Cost Explorer's periods may be days, and make up the month.
  std::optional<Error> check_period() {
    const bool days = bill_.format == BillFormat::cost_explorer;
    core::Date covered = month_.begin;
    for (const Period& period : bill_.periods) {  // in order
      if (days && period.begin <= covered && covered < period.end) covered = period.end;
    }
    for (const BillGroup* group : groups_) {
      const Period& period = group->period;
      const bool inside = month_.begin <= period.begin && period.end <= month_.end;
      if (days ? inside && covered >= month_.end : period == month_) continue;
      return error(fmt::format("expected the billing period {} to {}, got {} to {}",
                               core::to_text(month_.begin), core::to_text(month_.end),
                               core::to_text(period.begin),
                               core::to_text(days && inside ? covered : period.end)),
                   days ? "ask for the whole month: the End of a TimePeriod is not included"
                        : "a billing period begins on the first of a month, and ends before the "
                          "first of the next");
    }
    return std::nullopt;
  }

  std::optional<Error> take_account() {
    service_ = groups_;
    groups_ = those(service_, [&](const auto& g) { return has_account(g); });
    if (!groups_.empty()) return std::nullopt;
    return error(fmt::format("expected rows of the account '{}', got {}", *query_.account,
                             listed(distinct(service_, &BillGroup::account))),
                 "name the account as the bill does");
  }

  std::optional<Error> take_region() {
    account_ = groups_;
    groups_ = those(account_, [&](const auto& g) { return has_region(g); });
    if (!groups_.empty()) return std::nullopt;
    return error(fmt::format("expected rows in the Region '{}', got {}", *query_.region,
                             listed(distinct(account_, &BillGroup::region))),
                 "name the Region as the bill does; a service that cost nothing there has no row");
  }

  std::optional<Error> take_currency() {
    region_ = groups_;
    const Groups entering = those(region_, [&](const auto& g) { return enters(g); });
    const auto seen = distinct(entering.empty() ? region_ : entering, &BillGroup::currency);
    if (query_.currency) {
      currency_ = *query_.currency;
    } else if (seen.size() == 1 && !seen.front().empty()) {
      currency_ = seen.front();
    } else if (seen.size() == 1) {
      return error("expected a currency in the bill, got no column of it",
                   "name the bill's currency beside the file");
    } else {
      return error(fmt::format("expected one currency, got {}", listed(seen)),
                   "name the one that the charge is paid in");
    }
    // A bill without a column for it is in the currency that the query names.
    groups_ = those(region_,
                    [&](const auto& g) { return g.currency == currency_ || g.currency.empty(); });
    if (!groups_.empty()) return std::nullopt;
    return error(fmt::format("expected rows in {}, got {}", currency_, listed(seen)),
                 "name a currency that the bill has");
  }

  bool enters(const BillGroup& group) const { return query_.classes.contains(group.class_); }

  Charge make_charge() {
    Charge charge{{Ratio(), currency_}, "bill", names_of(bill_.files)};
    std::map<std::pair<Class, std::string>, Count> counts;
    std::uint64_t unsettled = 0;
    for (const BillGroup* group : groups_) {
      counts[{group->class_, group->category}].add(*group);
      if (enters(*group) && !group->final) unsettled += group->rows;
    }
    for (const auto& [what, count] : counts) {
      if (!query_.classes.contains(what.first)) continue;
      charge.amount.amount += count.sum;
      charge.lines.push_back({name_of(what.first, what.second), calculation(count), count.sum});
    }
    unsettled += add_corrections(charge);
    charge.final = unsettled == 0;
    charge.remarks = bill_.remarks;
    remark_classes(counts, charge);
    remark_others(charge);
    if (unsettled > 0) {
      charge.remarks.push_back(
          fmt::format("{} of the amount {} not final: the provider may still change the bill.",
                      rows_text(unsettled), unsettled == 1 ? "is" : "are"));
    }
    return charge;
  }

  // What later bills correct of the month; unless corrections enter by the bill that they are in.
  // How many of these rows are not final.
  std::uint64_t add_corrections(Charge& charge) const {
    if (query_.classes.contains(Class::correction)) return 0;
    std::map<std::pair<Period, std::string>, Count> counts;
    std::uint64_t unsettled = 0;
    for (const BillGroup& group : bill_.groups) {
      if (group.corrects != query_.month || group.period.begin < month_.end) continue;
      if (!query_.classes.contains(class_of(bill_.format, group.category))) continue;
      if (!is_one_of(query_.providers, group.provider) || !has_service(group) ||
          !has_account(group) || !has_region(group) || group.currency != currency_) {
        continue;
      }
      counts[{group.period, group.category}].add(group);
      if (!group.final) unsettled += group.rows;
    }
    for (const auto& [of, count] : counts) {
      charge.amount.amount += count.sum;
      charge.lines.push_back(
          {fmt::format("Correction of {} (bill of {})", of.second, to_text(of.first)),
           calculation(count), count.sum});
    }
    return unsettled;
  }

  static std::string name_of(Class of, const std::string& category) {
    const std::string name(to_text(of));
    if (category.empty()) return name;
    return core::lower_case(category) == name ? category : fmt::format("{} ({})", category, name);
  }

  std::string calculation(const Count& count) const {
    std::string of;
    if (!query_.services.empty()) of = " of " + listed(query_.services);
    std::erase(of, '\'');
    if (query_.region) of += " in " + *query_.region;
    return fmt::format("{}{}, {}, added up", rows_text(count.rows), of,
                       core::to_text(query_.month));
  }

  // What did not enter, and the amount in the narrow reading of "paid".
  void remark_classes(const std::map<std::pair<Class, std::string>, Count>& counts,
                      Charge& charge) const {
    Ratio net = charge.amount.amount;
    bool given_back = false;
    for (const auto& [what, count] : counts) {
      const auto& [class_, category] = what;
      if (query_.classes.contains(class_)) continue;
      charge.remarks.push_back(fmt::format(
          "Not in the amount: {} of {}, {}{}.", rows_text(count.rows), name_of(class_, category),
          money_text(count.sum, currency_),
          class_ == Class::correction ? ", which corrects a period that was invoiced before"
          : class_ == Class::other    ? ", a class that is none of those known"
                                      : ""));
      if (class_ != Class::credit && class_ != Class::refund) continue;
      net += count.sum;
      given_back = true;
    }
    if (given_back) {
      charge.remarks.push_back(
          fmt::format("Net of credits and refunds it is {}.", money_text(net, currency_)));
    }
  }

  // Rows of the service that another condition left out.
  void remark_others(Charge& charge) const {
    const auto say = [&](const Groups& from, const char* what, auto condition) {
      std::map<std::string, Count> counts;  // by currency
      for (const BillGroup* group : those(from, condition)) counts[group->currency].add(*group);
      for (const auto& [currency, count] : counts) {
        charge.remarks.push_back(
            fmt::format("Not in the amount: {} {}, {}.", rows_text(count.rows), what,
                        money_text(count.sum, currency.empty() ? currency_ : currency)));
      }
    };
    const bool tells = bill_.tells_apart.region;
    if (tells && query_.region && !query_.region->empty()) {
      say(account_, "of the service without a Region",
          [](const BillGroup& g) { return g.region.empty(); });
    }
    say(region_, "in another currency",
        [&](const BillGroup& g) { return !g.currency.empty() && g.currency != currency_; });
    say(service_, "of other accounts",
        [&](const BillGroup& g) { return has_region(g) && !has_account(g); });
    if (!bill_.tells_apart.account && query_.account) {
      charge.remarks.emplace_back(
          "The bill does not tell accounts apart: the amount is of all that it holds.");
    }
    if (distinct(groups_, &BillGroup::currency).front().empty()) {
      charge.remarks.push_back(fmt::format(
          "The bill does not name its currency; {} is what was stated for it.", currency_));
    }
    if (bill_.format == BillFormat::cost_explorer && query_.filtered &&
        charge.amount.amount == Ratio()) {
      charge.remarks.emplace_back(
          "Cost Explorer answers 0 also for a service or a Region that it does not know.");
    }
  }

  const Bill& bill_;
  const BillQuery& query_;
  Period month_;
  Groups groups_;   // that passed every condition so far
  Groups service_;  // that passed up to the service
  Groups account_;  // and the account
  Groups region_;   // and the Region
  std::string currency_;
};

}  // namespace

core::Result<Charge> charge_from(const Bill& bill, const BillQuery& query) {
  return Selection(bill, query).charge();
}

}  // namespace recoup::billing
