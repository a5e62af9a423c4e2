// Random months of every complete contract against a second reading of its file: TOML as it stands
// there, minutes in maps, and fractions. Nothing of rules/ or of core's arithmetic is used for it.

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include <toml++/toml.h>

#include "core/assess.h"
#include "core/credit.h"
#include "rules/catalog.h"
#include "rules/zones.h"
#include "support/catch.h"
#include "support/places.h"

using namespace std::chrono_literals;
using namespace recoup;
using core::Ratio;

namespace {

using Dice = std::mt19937_64;

int roll(Dice& dice, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(dice);
}

std::vector<std::string> words_in(const toml::node_view<const toml::node>& list) {
  std::vector<std::string> words;
  if (const toml::array* array = list.as_array()) {
    for (const auto& node : *array) {
      const auto number = node.value_exact<std::int64_t>();
      words.push_back(number ? std::to_string(*number) : node.value<std::string>().value());
    }
  }
  return words;
}

bool has_word(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::chrono::minutes minutes_in(const toml::node_view<const toml::node>& length,
                                const char* otherwise) {
  const std::string text = length.value_or(std::string(otherwise));
  const int number = std::stoi(text);
  return std::chrono::minutes(text.back() == 'h' ? 60 * number : number);
}

Ratio percent_in(const toml::node_view<const toml::node>& value) {
  return *Ratio::parse(value.value<std::string>().value()) / Ratio::whole(100);
}

// The first day of the cycle that a month names, by the file's own word.
core::Date first_day(const toml::table& version, core::Month month, core::Date start) {
  const std::string calendar = version["cycle"]["calendar"].value<std::string>().value();
  if (calendar == "month") return month / std::chrono::day(1);
  if (calendar == "quarter") {
    const auto number = static_cast<int>(static_cast<unsigned>(month.month()));
    return month.year() / (number - (number - 1) % 3) / 1;
  }
  if (calendar == "days") {
    const auto cycles = (month - start.year() / start.month()).count();
    const auto days = version["cycle"]["days"].value<int>().value();
    return std::chrono::sys_days(start) + std::chrono::days(cycles * days);
  }
  REQUIRE(calendar == "purchase-day");
  const core::Date last = month / std::chrono::last;
  return month / std::min(last.day(), start.day());
}

// What an outcome counts as, read from the text of it: "503/SlowDown", "timeout".
class Reader {
 public:
  explicit Reader(const toml::table& version)
      : error_(version["error"]), not_a_request_(words_in(version["not_a_request"])) {}

  bool is_error(const std::string& outcome) const {
    if (is_reason(outcome)) {
      return has_reason(words_in(error_["no_answer"]), outcome) ||
             (outcome.ends_with("timeout") && bool(error_["no_answer_within"]));
    }
    if (is_left_out(outcome) || is_refused(outcome)) return false;
    return is_error_by_letter(outcome);
  }

  // A refusal of what we sent is a Request where the contract makes no Error of it.
  bool is_request(const std::string& outcome) const {
    if (is_refused(outcome) && !is_left_out(outcome)) return !is_error_by_letter(outcome);
    return is_error(outcome) || !is_left_out(outcome);
  }

 private:
  bool is_error_by_letter(const std::string& outcome) const {
    if (is_late(outcome)) return true;
    const std::string status = outcome.substr(0, 3);
    const std::string whole = outcome.substr(0, outcome.find('!'));
    const std::string name = whole.size() > 4 ? whole.substr(4) : "";
    if (is_named(words_in(error_["or_name"]), name)) return true;
    const auto statuses = words_in(error_["status"]);
    const auto but = words_in(error_["any_status_but"]);
    const auto names = words_in(error_["name"]);
    if (statuses.empty() && but.empty() && names.empty()) return false;
    if (!statuses.empty() && !is_among(statuses, status)) return false;
    if (!but.empty() && is_among(but, status)) return false;
    return names.empty() || is_named(names, name);
  }

  static bool is_refused(const std::string& outcome) {
    return outcome.find("!refused") != std::string::npos;
  }

  // "200!later-than-10s".
  bool is_late(const std::string& outcome) const {
    const auto mark = outcome.find("than-");
    const auto time = error_["slower_than"].value<std::string>();
    if (!time || mark == std::string::npos) return false;
    const auto millis = [](const std::string& text) {
      const int number = std::stoi(text);
      return text.ends_with("ms") ? number : number * 1000;
    };
    return millis(outcome.substr(mark + 5)) >= millis(*time);
  }

  static bool is_reason(const std::string& outcome) { return outcome[0] > '9'; }

  // "timeout" is any of them.
  static bool has_reason(const std::vector<std::string>& words, const std::string& reason) {
    return has_word(words, reason) || (reason == "connect-timeout" && has_word(words, "timeout"));
  }

  static bool is_among(const std::vector<std::string>& statuses, const std::string& status) {
    return has_word(statuses, status) || has_word(statuses, status.substr(0, 1) + "xx");
  }

  static bool is_named(const std::vector<std::string>& names, const std::string& name) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& one) {
      return one == name || (one.back() == '*' && name.find(one.substr(0, one.size() - 1)) == 0);
    });
  }

  bool is_left_out(const std::string& outcome) const {
    if (is_reason(outcome))
      return has_word(not_a_request_, "no-answer") || has_reason(not_a_request_, outcome);
    return is_among(not_a_request_, outcome.substr(0, 3)) ||
           has_word(not_a_request_, outcome.substr(0, outcome.find('!')));
  }

  toml::node_view<const toml::node> error_;
  std::vector<std::string> not_a_request_;
};

struct Sums {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;

  bool above(const Ratio& rate) const {
    return requests > 0 && Ratio::whole(errors) / Ratio::whole(requests) > rate;
  }
};

// A month as somebody would work it out by hand.
class ByHand {
 public:
  ByHand(const toml::table& version, const core::Interval& cycle,
         const std::vector<core::ExclusionWindow>& excluded, std::uint64_t resources)
      : version_(version),
        formula_(version["formula"]),
        cycle_(cycle),
        excluded_(excluded),
        resources_(version.contains("summed_over") ? resources : 1) {}

  // Of one of several resources, by its name.
  void see(core::Minute minute, const std::string& outcome, std::uint64_t count,
           const std::string& resource = {}) {
    const Reader reader(version_);
    if (!reader.is_request(outcome) || count == 0) return;
    Sums& sums = resource.empty() ? seen_[minute] : seen_of_[resource][minute];
    sums.requests += count;
    if (!reader.is_error(outcome)) return;
    sums.errors += count;
    errors_[outcome][minute] += count;
  }

  Ratio uptime() {
    const std::string family = formula_["family"].value<std::string>().value();
    if (family == "ratio") return ratio();
    if (family == "mean-of-intervals") return mean();
    if (family == "all-failed") {
      return outside_all_lost(minutes_in(formula_["interval"], ""), 1, [](const Sums& sums) {
        return sums.requests > 0 && sums.errors == sums.requests;
      });
    }
    const auto window = minutes_in(formula_["window"], "1m");
    const Ratio rate = percent_in(formula_["error_rate_above"]);
    const auto at_least = minutes_in(formula_["at_least"], "0m");
    return outside_all_lost(window, static_cast<std::uint64_t>(at_least / window),
                            [&](const Sums& sums) { return sums.above(rate); });
  }

 private:
  bool is_excluded(core::Instant from, core::Instant to) const {
    return std::any_of(excluded_.begin(), excluded_.end(), [&](const auto& window) {
      return window.span.begin < to && from < window.span.end;
    });
  }

  bool leaves_out() const { return version_["excluded"].value_or(std::string()) == "left-out"; }

  Sums between(core::Instant from, core::Instant to) const {
    Sums sums;
    for (auto at = seen_.lower_bound(core::minute_of(from)); at != seen_.end() && at->first < to;
         ++at) {
      sums.requests += at->second.requests;
      sums.errors += at->second.errors;
    }
    return sums;
  }

  // What each resource loses of the time of all of them, added up.
  template <typename Bad>
  Ratio outside_all_lost(std::chrono::minutes length, std::uint64_t row, Bad bad) {
    if (seen_of_.empty()) return outside_lost(length, row, bad);
    Ratio lost;
    for (const auto& [name, seen] : seen_of_) {
      seen_ = seen;
      lost += Ratio(1, 1) - outside_lost(length, row, bad);
    }
    return Ratio(1, 1) - lost;
  }

  // Runs shorter than `row` are no loss, and neither are those with too few Requests.
  template <typename Bad>
  Ratio outside_lost(std::chrono::minutes length, std::uint64_t row, Bad bad) const {
    const auto least = formula_["minimum_requests"].value_or(std::uint64_t{0});
    std::uint64_t all = 0;
    std::uint64_t lost = 0;
    std::uint64_t run = 0;
    std::uint64_t in_run = 0;
    const auto end_run = [&] {
      if (run >= row && in_run >= least) lost += run;
      run = in_run = 0;
    };
    for (core::Instant at = cycle_.begin; at < cycle_.end; at += length) {
      const core::Instant end = std::min<core::Instant>(at + length, cycle_.end);
      const bool away = is_excluded(at, end);
      if (!away || !leaves_out()) ++all;
      const Sums sums = away ? Sums() : between(at, end);
      if (bad(sums)) {
        ++run;
        in_run += sums.requests;
      } else {
        end_run();
      }
    }
    end_run();
    const Ratio whole = Ratio::whole(all * resources_);
    return all == 0 ? Ratio(1, 1) : (whole - Ratio::whole(lost)) / whole;
  }

  Ratio mean() const {
    const auto length = minutes_in(formula_["interval"], "");
    const bool silent_counts = formula_["silent"].value<std::string>().value() == "available";
    std::uint64_t all = 0;
    Ratio lost;
    for (core::Instant at = cycle_.begin; at < cycle_.end; at += length) {
      const core::Instant end = std::min<core::Instant>(at + length, cycle_.end);
      const bool away = is_excluded(at, end);
      const Sums sums = away ? Sums() : between(at, end);
      if (away ? leaves_out() : sums.requests == 0 && !silent_counts) continue;
      ++all;
      if (sums.errors > 0) lost += Ratio::whole(sums.errors) / Ratio::whole(sums.requests);
    }
    return all == 0 ? Ratio(1, 1) : (Ratio::whole(all) - lost) / Ratio::whole(all);
  }

  Ratio ratio() {
    const auto within = minutes_in(formula_["repeats_within"], "0m");
    for (const auto& [outcome, minutes] : errors_) {
      std::optional<core::Minute> first;
      for (const auto& [minute, count] : minutes) {
        if (within == 0min) continue;
        const bool repeats = first && minute < *first + within;
        if (!repeats) first = minute;
        seen_[minute].requests -= repeats ? count : count - 1;
        seen_[minute].errors -= repeats ? count : count - 1;
      }
    }
    Sums all;
    for (const auto& [minute, sums] : seen_) {
      if (is_excluded(minute, minute + 1min)) continue;
      all.requests += sums.requests;
      all.errors += sums.errors;
    }
    if (all.requests == 0) return Ratio(1, 1);
    return Ratio::whole(all.requests - all.errors) / Ratio::whole(all.requests);
  }

  const toml::table& version_;
  toml::node_view<const toml::node> formula_;
  core::Interval cycle_;
  const std::vector<core::ExclusionWindow>& excluded_;
  std::uint64_t resources_;
  std::map<core::Minute, Sums> seen_;
  std::map<std::string, std::map<core::Minute, Sums>> seen_of_;
  std::map<std::string, std::map<core::Minute, std::uint64_t>> errors_;
};

// Outcomes that contracts tell apart, and those that this one names.
std::vector<std::string> outcomes_for(const toml::table& version) {
  std::vector<std::string> all{"200",
                               "204",
                               "301",
                               "404",
                               "408",
                               "429",
                               "500",
                               "503",
                               "504/Whatever",
                               "timeout",
                               "connect",
                               "connect-timeout",
                               "dns",
                               "reset",
                               "200",
                               "400!refused",
                               "403/SignatureDoesNotMatch!refused",
                               "503!refused",
                               "200!refused!later-than-10s",
                               "200!later-than-10s",
                               "503!later-than-999ms"};
  for (const char* key : {"name", "or_name"}) {
    for (std::string name : words_in(version["error"][key])) {
      if (name.back() == '*') name.back() = '7';
      for (const char* status : {"200/", "500/", "503/"}) all.push_back(status + name);
    }
  }
  return all;
}

// The share of the charges by the file's own tiers; 0 where the commitment is met.
Ratio share_of(const toml::table& version, const Ratio& uptime) {
  if (uptime >= percent_in(version["commitment"])) return {};
  for (const auto& node : *version["credits"].as_array()) {
    const auto tier = toml::node_view<const toml::node>(node);
    if (uptime >= percent_in(tier["below"])) continue;
    if (tier["at_least"] && uptime < percent_in(tier["at_least"])) continue;
    return percent_in(tier["percent"]);
  }
  return {};
}

// The day after so many from Monday to Friday from the end of the cycle on, at 0:00 of UTC.
core::Instant after_working_days(core::Instant end, std::int64_t count) {
  auto day = std::chrono::floor<std::chrono::days>(end);
  for (; count > 0; day += std::chrono::days(1)) {
    if (std::chrono::weekday(day).iso_encoding() <= 5) --count;
  }
  return day;
}

void check_claim_dates(const toml::table& version, const core::Assessment& a) {
  const auto claim = version["claim"];
  if (const auto days = claim["not_before"]["business_days_after_cycle"].value<std::int64_t>()) {
    CHECK(a.not_before == after_working_days(a.cycle.span.end, *days));
  } else {
    CHECK_FALSE(a.not_before);
  }
  REQUIRE(a.notice.has_value() == (bool(claim["notice"]) && a.uptime < Ratio(1, 1)));
  if (a.notice) {
    const auto within = minutes_in(claim["notice"]["within"], "");
    CHECK(a.notice->safe >= a.cycle.span.begin + within);
    CHECK(a.notice->literal <= a.cycle.span.end + within);
    CHECK(a.first_deadline()->safe == std::min(a.deadline->safe, a.notice->safe));
  }
  REQUIRE(a.due.has_value() == bool(claim["automatic"]));
  if (!a.due) return;
  const auto days = claim["automatic"]["within_days"].value<std::int64_t>().value();
  CHECK(a.due->by == a.cycle.span.end + std::chrono::days(days));
  CHECK_FALSE(a.deadline);
}

void check_random_month(const toml::table& table, core::Version version, Dice& dice) {
  core::Agreement agreement;
  const core::Date start = std::chrono::sys_days(std::chrono::year(2025) / roll(dice, 1, 12) / 1) +
                           std::chrono::days(roll(dice, 0, 30));
  agreement.cycle_start = start;
  const core::Zone zone =
      core::with_cycles(*rules::find_zone(version.time_zone), version, agreement);
  const core::Cycle cycle = core::cycle_of(std::chrono::year(2026) / roll(dice, 1, 12), zone);
  CHECK(cycle.span.begin == zone.begin_of(first_day(table, cycle.month, start)));
  const core::Month next = zone.month_of(cycle.span.end);
  CHECK(cycle.span.end == zone.begin_of(first_day(table, next, start)));
  const auto minutes = static_cast<int>(cycle.span.length() / 1min);
  std::vector<core::ExclusionWindow> windows;
  for (int n = roll(dice, 0, 3); n > 0; --n) {
    const auto from = cycle.span.begin + roll(dice, -500, minutes) * 1min;
    windows.push_back({{from, from + roll(dice, 1, 4000) * 1min}, "ours"});
  }
  const auto resources = static_cast<std::size_t>(roll(dice, 1, 5));
  for (std::size_t i = 0; i < resources; ++i) {
    if (!version.summed_over.empty()) version.resources.push_back(std::to_string(i));
  }
  // Some months by a source that names no resource, as older settings had it.
  const bool by_name = version.times_counted() > 1 && roll(dice, 0, 3) > 0;
  ByHand by_hand(table, cycle.span, windows, resources);
  core::Tallies tallies;
  const auto outcomes = outcomes_for(table);
  for (int burst = roll(dice, 0, 15); burst > 0; --burst) {
    // Mostly of one outcome, so that whole intervals fail now and then.
    const int most = roll(dice, 0, 2) == 0 ? static_cast<int>(outcomes.size()) - 1 : 0;
    const auto main =
        static_cast<std::size_t>(roll(dice, 0, static_cast<int>(outcomes.size()) - 1));
    const int from = roll(dice, 0, minutes - 1);
    const std::string of =
        by_name ? std::to_string(roll(dice, 0, static_cast<int>(resources) - 1)) : "";
    for (int at = from; at < std::min(minutes, from + roll(dice, 1, 90)); ++at) {
      const std::size_t which = most == 0 ? main : static_cast<std::size_t>(roll(dice, 0, most));
      const auto count = static_cast<std::uint64_t>(roll(dice, 0, 30));
      const core::Minute minute = core::minute_of(cycle.span.begin + at * 1min);
      tallies.add(minute, *core::parse_outcome(outcomes[which]), count, of);
      by_hand.see(minute, outcomes[which], count, of);
    }
  }
  const core::Assessment a = core::assess(version, zone, cycle, tallies, windows, cycle.span.end);
  const Ratio uptime = by_hand.uptime();
  CHECK(a.uptime == uptime);
  const core::Charge charge{{Ratio(40'000, 7), "USD"}, "stated", ""};
  const core::Credit credit = core::credit(version, a, charge);
  CHECK(credit.share == share_of(table, uptime));
  Ratio owed = charge.amount.amount * share_of(table, uptime);
  if (const auto cap = table["cap"]["percent"]) {
    owed = std::min(owed, charge.amount.amount * percent_in(cap));
  }
  CHECK(credit.amount->amount == owed);
  check_claim_dates(table, a);
}

core::Date date_of(const toml::table& version) {
  const auto date = version[version.contains("read") ? "read" : "effective"].value<toml::date>();
  return std::chrono::year(date->year) / date->month / date->day;
}

// The terms of a version with a plan's own over them; as they are where it has none.
std::vector<std::pair<std::string, toml::table>> by_plan(const toml::table& version) {
  const toml::table* plans = version["plan"].as_table();
  if (plans == nullptr) return {{"", version}};
  std::vector<std::pair<std::string, toml::table>> all;
  for (const auto& [name, plan] : *plans) {
    toml::table merged = version;
    for (const auto& [key, value] : *plan.as_table()) merged.insert_or_assign(key, value);
    all.emplace_back("/" + std::string(name.str()), std::move(merged));
  }
  return all;
}

constexpr int kRounds = 12;  // months of each contract

// Checks months of all complete versions of a file; how many contracts that were.
int check_file(const toml::table& file, const rules::Catalog& catalog, Dice& dice) {
  int contracts = 0;
  for (const auto& node : *file["version"].as_array()) {
    const toml::table& version = *node.as_table();
    if (version["status"].value<std::string>() != "complete") continue;
    for (const auto& [plan, table] : by_plan(version)) {
      const std::string id = file["id"].value<std::string>().value() + plan;
      const core::Version* read = catalog.find_rule(id)->rule.find_version(date_of(version));
      REQUIRE(read != nullptr);
      ++contracts;
      for (int round = 0; round < kRounds; ++round) {
        INFO(id << '@' << core::to_text(date_of(version)) << ", round " << round);
        check_random_month(table, *read, dice);
      }
    }
  }
  return contracts;
}

// What contracts may say and none of the catalog does.
const std::string kSeldom = R"(schema   = 1
id       = "seldom"
provider = "example"
service  = "Example Service"
scope    = ["account"]

[[version]]
effective   = 2022-11-29
status      = "complete"
source      = "https://example.com/sla/"
formula     = { family = "mean-of-intervals", interval = "5m", silent = "available" }
error       = { status = [500], slower_than = "10s", no_answer = ["timeout"] }
credit_base = "charges of the plan"
clauses = [
  { clause = "commitment", text = "the plan's" },
  { clause = "error",      text = "500, late, or no answer in time" },
  { clause = "formula",    text = "the mean of all 5-minute intervals" },
  { clause = "credits",    text = "the plan's" },
]
claim = { notice = { within = "60m", how = "a ticket" }, deadline = { days_after_cycle = 30 }, lists = "all" }

  [version.plan.quarterly]
  commitment = "99.9"
  cycle      = { calendar = "quarter", time_zone = "UTC" }
  credits    = [ { below = "99.9", at_least = "99", percent = "10" }, { below = "99", percent = "25" } ]

  [version.plan.monthly]
  commitment = "99.5"
  cycle      = { calendar = "purchase-day", time_zone = "+08:00" }
  error      = { slower_than = "999ms" }
  credits    = [ { below = "99.5", percent = "50" } ]

  [version.plan.rolling]
  commitment = "99.99"
  cycle      = { calendar = "days", days = 30, time_zone = "UTC" }
  formula    = { family = "bad-windows", window = "5m", error_rate_above = "10" }
  error      = { status = ["5xx"], no_answer = ["connect-timeout"] }
  credits    = [ { below = "99.99", percent = "100" } ]
)";

}  // namespace

TEST_CASE("random months of every complete contract are what its file gives when read by hand") {
  const rules::Catalog catalog;
  Dice dice(20261127);
  std::map<std::string, toml::table> files;
  for (const std::string& id : catalog.all_rule_ids()) {
    const std::string file = rules::contract_id(id);
    files.try_emplace(file, toml::parse_file(SOURCE_DIR "/rules/sla/" + file + ".toml"));
  }
  // So many months, or as few as there are once round all of them: `./dev months` asks for more.
  const char* asked = std::getenv("RECOUP_MONTHS");
  const int wanted = asked == nullptr ? 1 : std::stoi(asked);
  int months = 0;
  while (months < wanted) {
    int contracts = 0;
    for (const auto& [id, file] : files) contracts += check_file(file, catalog, dice);
    REQUIRE(contracts >= 50);
    months += contracts * kRounds;
  }
  if (asked != nullptr) std::cout << months << " random months are as they are when read by hand\n";
}

TEST_CASE("random months are read by hand of what no contract of the catalog says, too") {
  rules::Catalog catalog;
  auto file = rules::parse_rule_file(kSeldom, "seldom.toml");
  if (!file) FAIL(file.error().message);
  REQUIRE(catalog.add(*std::move(file)));
  Dice dice(20261128);
  CHECK(check_file(toml::parse(kSeldom), catalog, dice) == 3);
}
