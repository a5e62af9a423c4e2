#include "rules/formula_reader.h"

#include <fmt/format.h>

namespace recoup::rules {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

constexpr core::Millis kDay = 24h;

// Whole minutes, up to a day. A tally's grain is a minute.
std::optional<minutes> read_minutes(const documents::Value& value) {
  const auto length = value.duration(1min, kDay);
  if (!length) return std::nullopt;
  if (*length % 1min == 0ms) return std::chrono::duration_cast<minutes>(*length);
  value.complain(fmt::format("expected whole minutes, got '{}'", value.text().value_or("")));
  return std::nullopt;
}

// An interval's length: the grid begins anew with each day.
std::optional<minutes> read_interval(const documents::Value& value) {
  const auto length = value.duration(1min, kDay);
  if (!length) return std::nullopt;
  if (*length % 1min == 0ms && kDay % *length == 0ms) {
    return std::chrono::duration_cast<minutes>(*length);
  }
  value.complain(
      fmt::format("expected whole minutes that divide a day, got '{}'", value.text().value_or("")));
  return std::nullopt;
}

std::optional<core::Ratio> read_error_rate(const documents::Value& value) {
  const auto rate = value.percent();
  if (!rate) return std::nullopt;
  if (rate->fraction < core::Ratio::whole(1)) return rate->fraction;
  value.complain(fmt::format("expected an error rate below 100, got '{}'", rate->text),
                 "not more than 100 % of the Requests can fail");
  return std::nullopt;
}

std::optional<core::Formula> read_mean(const documents::Table& table) {
  const auto interval = read_interval(table.required("interval"));
  const auto silent = table.required("silent").word({"available", "left-out"});
  if (!interval || !silent) return std::nullopt;
  return core::MeanOfIntervals{*interval,
                               *silent == 0 ? core::Silent::available : core::Silent::left_out};
}

std::optional<std::uint64_t> read_requests(const documents::Value& value) {
  constexpr int kMost = 1'000'000'000;
  const auto requests = value.integer(0, kMost);
  return requests ? std::optional(static_cast<std::uint64_t>(*requests)) : std::nullopt;
}

std::optional<core::Formula> read_runs(const documents::Table& table) {
  const auto rate = read_error_rate(table.required("error_rate_above"));
  const auto at_least = read_minutes(table.required("at_least"));
  const auto requests = read_requests(table.optional("minimum_requests"));
  if (!rate || !at_least) return std::nullopt;
  return core::DowntimeRuns{*rate, *at_least, requests.value_or(0)};
}

// How long bad windows must last one after the other: a number of them, as a time.
minutes read_windows_in_a_row(const documents::Value& value, const std::optional<minutes>& window) {
  const auto at_least = read_minutes(value);
  if (!at_least || !window) return 0min;
  if (*at_least <= *window || *at_least % *window != 0min) {
    value.complain(fmt::format("expected two windows of {} or more, got '{}'",
                               core::to_text(core::Millis(*window)), value.text().value_or("")),
                   "a single one counts by itself where the key is left out");
  }
  return *at_least;
}

std::optional<core::Formula> read_windows(const documents::Table& table) {
  const auto window = read_interval(table.required("window"));
  const auto rate = read_error_rate(table.required("error_rate_above"));
  const auto at_least = read_windows_in_a_row(table.optional("at_least"), window);
  if (!window || !rate) return std::nullopt;
  return core::BadWindows{*window, *rate, at_least};
}

std::optional<core::Formula> read_all_failed(const documents::Table& table) {
  const auto interval = read_interval(table.required("interval"));
  const auto requests = read_requests(table.optional("minimum_requests"));
  if (!interval) return std::nullopt;
  return core::AllFailed{*interval, requests.value_or(0)};
}

std::optional<core::Formula> read_ratio(const documents::Table& table) {
  return core::RequestRatio{read_minutes(table.optional("repeats_within")).value_or(0min)};
}

struct Family {
  std::string name;
  std::optional<core::Formula> (*read)(const documents::Table&);
};

const std::vector<Family> kFamilies{{"mean-of-intervals", read_mean},
                                    {"downtime-runs", read_runs},
                                    {"bad-windows", read_windows},
                                    {"all-failed", read_all_failed},
                                    {"ratio", read_ratio}};

}  // namespace

std::optional<core::Formula> read_formula(const documents::Value& value) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.push_back(family.name);
  const auto chosen = table->required("family").word(names);
  if (chosen) return kFamilies[*chosen].read(*table);
  // Which keys there may be is the family's to say.
  (void)table->entries();
  return std::nullopt;
}

}  // namespace recoup::rules
