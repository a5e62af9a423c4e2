// Clauses as months: every *.toml here says what counts come in, and what the contract makes of
// them: the exact uptime, the verdict, the credit, the deadline. Their values were worked out apart
// from the program.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <toml++/toml.h>

#include "core/assess.h"
#include "core/credit.h"
#include "rules/catalog.h"
#include "rules/zones.h"
#include "support/catch.h"
#include "support/places.h"

using namespace recoup;
using core::Ratio;

namespace {

using Counts = std::vector<std::pair<core::Outcome, std::uint64_t>>;

// "1000/3" or "200:18 503/SlowDown:2 timeout:1": what one interval saw.
Counts parse_counts(std::istringstream& in) {
  Counts counts;
  for (std::string word; in >> word;) {
    if (const auto colon = word.rfind(':'); colon != std::string::npos) {
      const auto outcome = core::parse_outcome(word.substr(0, colon));
      REQUIRE(outcome.ok());
      counts.emplace_back(*outcome, std::stoull(word.substr(colon + 1)));
    } else {
      const std::uint64_t requests = std::stoull(word);
      const std::uint64_t errors = std::stoull(word.substr(word.find('/') + 1));
      counts.emplace_back(core::Answered{200}, requests - errors);
      counts.emplace_back(core::Answered{503}, errors);
    }
  }
  return counts;
}

// Adds "24x 1000/3", or a group "24x (1x 1000/3, 4x 0/0)", interval by interval.
void add_run(const std::string& text, std::vector<Counts>& intervals) {
  std::istringstream in(text);
  std::string times;
  in >> times >> std::ws;
  REQUIRE(times.back() == 'x');
  std::vector<Counts> once;
  if (in.peek() == '(') {
    std::string group = text.substr(text.find('(') + 1);
    group.pop_back();
    std::istringstream runs(group);
    for (std::string run; std::getline(runs, run, ',');) add_run(run, once);
  } else {
    once.push_back(parse_counts(in));
  }
  for (int i = std::stoi(times); i > 0; --i) {
    intervals.insert(intervals.end(), once.begin(), once.end());
  }
}

// One [[month]] of a file, its keys by name.
class Month {
 public:
  explicit Month(const toml::table& table) : table_(table) {}

  std::optional<std::string> text(const char* key) const {
    return table_[key].value<std::string>();
  }
  std::optional<core::Instant> instant(const char* key) const {
    const auto written = text(key);
    return written ? std::optional(*core::parse_instant(*written)) : std::nullopt;
  }
  std::optional<std::uint64_t> number(const char* key) const {
    return table_[key].value<std::uint64_t>();
  }
  std::optional<bool> truth(const char* key) const { return table_[key].value<bool>(); }

  std::vector<Counts> intervals(const char* key) const {
    std::vector<Counts> intervals;
    for (const std::string& run : texts(key)) add_run(run, intervals);
    return intervals;
  }

  bool has(const char* key) const { return table_.contains(key); }

  // What one resource saw; empty where it was not watched.
  std::vector<Counts> intervals_of(const std::string& resource) const {
    std::vector<Counts> intervals;
    if (const toml::array* runs = table_["of"][resource].as_array()) {
      for (const auto& run : *runs) add_run(run.value<std::string>().value(), intervals);
    }
    return intervals;
  }

  // "2026-04-01T00:00:00Z/2026-04-01T00:05:00Z": begin and end.
  std::vector<core::ExclusionWindow> exclusions() const {
    std::vector<core::ExclusionWindow> windows;
    for (const std::string& span : texts("exclusions")) {
      const auto slash = span.find('/');
      windows.push_back({{*core::parse_instant(span.substr(0, slash)),
                          *core::parse_instant(span.substr(slash + 1))},
                         "scenario"});
    }
    return windows;
  }

  std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> texts;
    if (const toml::array* array = table_[key].as_array()) {
      for (const auto& node : *array) texts.push_back(node.value<std::string>().value());
    }
    return texts;
  }

 private:
  const toml::table& table_;
};

// The month's tallies: `tallies` fill the cycle, `before` ends where it begins, and `after` begins
// where it ends.
core::Tallies fill(const Month& month, const core::Cycle& cycle, core::Millis interval) {
  core::Tallies tallies;
  const auto lay = [&](const std::vector<Counts>& intervals, core::Instant at,
                       const std::string& of = {}) {
    for (const Counts& counts : intervals) {
      for (const auto& [outcome, count] : counts) {
        tallies.add(core::minute_of(at), outcome, count, of);
      }
      at += interval;
    }
    return at;
  };
  // By the name of the resource: of = { one = ["…"], two = ["…"] }.
  for (const std::string& name : month.texts("resources")) {
    const auto own = month.intervals_of(name);
    if (!own.empty()) CHECK(lay(own, cycle.span.begin, name) == cycle.span.end);
  }
  if (month.has("of")) return tallies;
  CHECK(lay(month.intervals("tallies"), cycle.span.begin) == cycle.span.end);
  const auto before = month.intervals("before");
  lay(before, cycle.span.begin - static_cast<int>(before.size()) * interval);
  lay(month.intervals("after"), cycle.span.end);
  return tallies;
}

std::string fraction(const Ratio& ratio) { return ratio.numerator() + "/" + ratio.denominator(); }

void check_dates(const core::Assessment& a, const Month& month) {
  if (const auto safe = month.instant("safe")) {
    REQUIRE(a.deadline);
    CHECK(core::to_text(a.deadline->safe) == core::to_text(*safe));
    CHECK(core::to_text(a.deadline->literal) == core::to_text(*month.instant("literal")));
  }
  if (const auto earliest = month.instant("not_before")) {
    REQUIRE(a.not_before);
    CHECK(core::to_text(*a.not_before) == core::to_text(*earliest));
  }
  if (const auto due = month.instant("due")) {
    CHECK_FALSE(a.deadline);
    REQUIRE(a.due);
    CHECK(core::to_text(a.due->by) == core::to_text(*due));
    REQUIRE(a.due->disputed);
    CHECK(core::to_text(*a.due->disputed) == core::to_text(*month.instant("disputed")));
  }
}

// `requested` or `confirmed`, by what the contract counts from, and `credit_due`.
void check_payment(const core::Version& version, const core::Zone& zone, const Month& month) {
  const auto due = month.instant("credit_due");
  if (!due) return;
  REQUIRE(version.claim.payment);
  const core::Payment& payment = *version.claim.payment;
  const auto from = month.instant(payment.confirmation ? "confirmed" : "requested");
  REQUIRE(from);
  CHECK(core::to_text(core::payment_due(payment, *from, zone)) == core::to_text(*due));
}

void check_assessment(const core::Assessment& a, const Month& month) {
  if (const auto begins = month.text("begins")) CHECK(core::to_text(a.cycle.span.begin) == *begins);
  CHECK(fraction(a.uptime) == *month.text("exact"));
  CHECK((a.uptime * Ratio::whole(100)).to_decimal(12, core::Rounding::cut) == *month.text("shown"));
  CHECK(a.met == *month.truth("met"));
  if (const auto lower = month.text("lower")) CHECK(fraction(a.lower) == *lower);
  if (const auto upper = month.text("upper")) CHECK(fraction(a.upper) == *upper);
  if (const auto intervals = month.number("intervals")) CHECK(a.parts.size() == *intervals);
  if (const auto lost = month.number("lost")) CHECK(a.totals.below_100 == *lost);
  if (const auto count = month.number("not_requests")) CHECK(a.totals.not_requests == *count);
  if (const auto counted = month.number("counted")) CHECK(a.counted == *counted);
  check_dates(a, month);
}

void check_credit(const core::Credit& credit, const Month& month) {
  CHECK((credit.share * Ratio::whole(100)).to_shortest(6) == *month.text("credit"));
  if (const auto eligible = month.truth("eligible")) CHECK(credit.eligible == *eligible);
  if (const auto amount = month.text("amount")) {
    REQUIRE(credit.amount);
    CHECK(credit.amount->amount == *Ratio::parse(*amount));
  }
  if (const auto reason = month.text("reason")) {
    CHECK_THAT(credit.reason, Catch::Contains(*reason));
  }
}

void check_month(core::Version version, const Month& month) {
  version.resources = month.texts("resources");
  INFO(*month.text("clause") << ": " << *month.text("says"));
  const core::Zone zone = *rules::find_zone(month.text("zone").value_or(version.time_zone));
  core::Agreement agreement;
  agreement.since = month.instant("since");
  agreement.until = month.instant("until");
  const core::Cycle cycle = core::counted_cycle(
      version, core::cycle_of(*core::parse_month(*month.text("month")), zone), agreement);
  const core::Tallies tallies = fill(month, cycle, version.interval());
  const core::Assessment a =
      core::assess(version, zone, cycle, tallies, month.exclusions(), cycle.span.end);
  check_assessment(a, month);
  check_payment(version, zone, month);

  std::optional<core::Charge> charge;
  if (const auto amount = month.text("charge")) {
    charge = {{*Ratio::parse(*amount), "USD"}, "stated", ""};
  }
  check_credit(core::credit(version, a, charge), month);
}

const core::Version& version_of(const core::Rule& rule, const std::string& date) {
  for (const core::Version& version : rule.versions) {
    if (core::to_text(version.date()) == date) return version;
  }
  throw std::runtime_error("no version " + date + " of " + rule.id);
}

// Calls visit(rule, version, month) for every [[month]] of every file.
template <typename Visit>
void visit_months(const rules::Catalog& catalog, Visit visit) {
  for (const auto& entry : std::filesystem::directory_iterator(TESTS_DIR "/scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    INFO(entry.path().filename());
    const toml::table file = toml::parse_file(entry.path().string());
    const auto rule = catalog.find_rule(file["rule"].value<std::string>().value());
    REQUIRE(rule != nullptr);
    const core::Version& version =
        version_of(rule->rule, file["version"].value<std::string>().value());
    for (const auto& month : *file["month"].as_array()) {
      visit(rule->rule, version, Month(*month.as_table()));
    }
  }
}

std::string name_of(const core::Rule& rule, const core::Version& version,
                    const std::string& clause) {
  return rule.id + "@" + core::to_text(version.date()) + " " + clause;
}

bool states(const core::Version& version, const std::string& clause) {
  return std::any_of(version.clauses.begin(), version.clauses.end(),
                     [&](const core::Clause& stated) { return stated.name == clause; });
}

// In all files of scenarios, whatever becomes of them.
int months_written() {
  int months = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TESTS_DIR "/scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) months += line.starts_with("[[month]]");
  }
  return months;
}

}  // namespace

TEST_CASE("every scenario gives its exact uptime, verdict, credit and deadline") {
  int months = 0;
  visit_months(rules::Catalog(), [&](const auto&, const auto& version, const Month& month) {
    check_month(version, month);
    ++months;
  });
  CHECK(months == months_written());
}

TEST_CASE("every clause of every complete contract has a scenario, and every scenario a clause") {
  const rules::Catalog catalog;
  std::set<std::string> shown;
  visit_months(catalog, [&](const auto& rule, const auto& version, const Month& month) {
    const std::string clause = *month.text("clause");
    INFO(name_of(rule, version, clause));
    const auto& missing = version.missing;
    const bool all_known = std::find(missing.begin(), missing.end(), "clauses") == missing.end();
    CHECK((states(version, clause) || !all_known));
    shown.insert(name_of(rule, version, clause));
  });
  for (const std::string& id : catalog.all_rule_ids()) {
    const auto file = catalog.find_rule(id);
    for (const core::Version& version : file->rule.versions) {
      if (version.status != core::Status::complete) continue;
      for (const core::Clause& clause : version.clauses) {
        INFO(name_of(file->rule, version, clause.name));
        CHECK(shown.count(name_of(file->rule, version, clause.name)) == 1);
      }
    }
  }
}

TEST_CASE("the catalog holds every file of rules/sla, each under its own name") {
  // A contract with plans has a rule for each in one file.
  std::set<std::string> ids;
  for (const std::string& id : rules::Catalog().all_rule_ids()) ids.insert(rules::contract_id(id));
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/rules/sla")) {
    files.insert(entry.path().stem());
  }
  CHECK(ids == files);
  CHECK_FALSE(files.empty());
}
