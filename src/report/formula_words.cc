#include "report/formula_words.h"

#include <fmt/format.h>

#include "core/text.h"
#include "report/words.h"

namespace recoup::report {
namespace {

std::string minutes_text(std::chrono::minutes length) {
  return length.count() == 1 ? "1 minute" : fmt::format("{} minutes", length.count());
}

// "5-minute interval".
std::string unit_text(std::chrono::minutes length, std::string_view noun) {
  return fmt::format("{}-minute {}", length.count(), noun);
}

FormulaWords words(const core::MeanOfIntervals& family) {
  const bool left_out = family.silent == core::Silent::left_out;
  FormulaWords w;
  w.noun = "interval";
  const std::string unit = unit_text(family.interval, w.noun);
  w.listed = unit + " below 100 % Availability";
  w.outside = "counts as 100 % available";
  w.all = left_out ? "intervals in the billing cycle" : "N: intervals in the billing cycle";
  w.counted = left_out ? "N: intervals that count" : "";
  w.silent = left_out ? "silent (no Request, left out)" : "silent (no Request, counted as 100 %)";
  w.lost = "below 100 %, listed in intervals.log";
  w.requests = "Requests";
  w.errors = "Errors";
  w.uptime = "100 x (N - S) / N";
  w.definitions = {
      fmt::format("Availability is the percentage of the Requests in a {} that do not fail with "
                  "Errors. An interval without Requests {}.",
                  unit, left_out ? "is left out" : "is 100 % available"),
      fmt::format("Monthly Uptime Percentage is the average of the Availability of all {}s of the "
                  "billing cycle{}.",
                  unit, left_out ? " that had Requests" : "")};
  return w;
}

FormulaWords words(const core::DowntimeRuns& family) {
  FormulaWords w;
  w.noun = "minute";
  w.listed = "minute of a Downtime Period";
  w.outside = "is in no Downtime Period";
  w.all = "M: minutes in the billing cycle";
  w.silent = "silent (no Request, in no Downtime Period)";
  w.lost = "D: minutes in Downtime Periods, listed in intervals.log";
  w.requests = "Requests";
  w.errors = "Errors";
  w.uptime = "100 x (M - D) / M";
  const std::string run =
      family.at_least.count() == 1
          ? "a minute, or a run of consecutive minutes,"
          : fmt::format("a run of at least {} consecutive minutes,", family.at_least.count());
  const std::string minimum =
      family.minimum_requests == 0
          ? ""
          : fmt::format(", and with at least {} Requests in all", family.minimum_requests);
  w.definitions = {
      "Error rate is the percentage of the Requests in a minute that fail with Errors.",
      fmt::format("A Downtime Period is {} with an Error rate of more than {} % in each{}.", run,
                  core::short_percent(family.more_than), minimum),
      "Monthly Uptime Percentage is the percentage of the minutes of the billing cycle that are "
      "in no Downtime Period."};
  return w;
}

FormulaWords words(const core::BadWindows& family) {
  FormulaWords w;
  w.noun = "window";
  const std::string unit = unit_text(family.window, w.noun);
  w.listed = unit + " that was unavailable";
  w.outside = "counts as available";
  w.all = "N: windows in the billing cycle";
  w.silent = "silent (no Request, counted as available)";
  w.lost = "B: unavailable windows, listed in intervals.log";
  w.requests = "Requests";
  w.errors = "Errors";
  w.uptime = "100 x (N - B) / N";
  w.definitions = {
      fmt::format("A {} is unavailable as a whole if more than {} % of its Requests fail with "
                  "Errors.",
                  unit, core::short_percent(family.more_than)),
      fmt::format("Monthly Uptime Percentage is the percentage of the {}s of the billing cycle "
                  "that are not unavailable.",
                  unit)};
  if (family.at_least > family.window) {
    w.definitions.front() = fmt::format(
        "A {0} is bad if more than {1} % of its Requests fail with Errors. {2} or more "
        "bad ones in a row are unavailable as a whole; fewer are available.",
        unit, core::short_percent(family.more_than), family.at_least / family.window);
  }
  return w;
}

FormulaWords words(const core::AllFailed& family) {
  FormulaWords w;
  w.noun = "interval";
  const std::string unit = unit_text(family.interval, w.noun);
  w.listed = unit + " that was unavailable";
  w.outside = "counts as available";
  w.all = "N: intervals in the billing cycle";
  w.silent = "silent (no Request, counted as available)";
  w.lost = "B: unavailable intervals, listed in intervals.log";
  w.requests = "Requests";
  w.errors = "Errors";
  w.uptime = "100 x (N - B) / N";
  w.definitions = {
      fmt::format(
          "A {} is unavailable if {} were made in it and every one failed with an Error.", unit,
          family.minimum_requests > 1 ? fmt::format("at least {} Requests", family.minimum_requests)
                                      : std::string("Requests")),
      fmt::format("Monthly Uptime Percentage is the percentage of the {}s of the billing cycle "
                  "that are not unavailable.",
                  unit)};
  return w;
}

FormulaWords words(const core::RequestRatio& family) {
  FormulaWords w;
  w.noun = "minute";
  w.listed = "minute with an Error";
  w.outside = "is left out with its Requests";
  w.all = "minutes in the billing cycle";
  w.silent = "silent (no Request)";
  w.lost = "with Errors, listed in intervals.log";
  w.requests = "T: Requests";
  w.errors = "F: Errors";
  w.uptime = "100 x (T - F) / T";
  w.definitions = {
      "Monthly Uptime Percentage is the percentage of the Requests of the billing cycle that do "
      "not fail with Errors."};
  if (family.repeats.count() > 0) {
    w.definitions.push_back(
        fmt::format("An Error that repeats one of the same kind within {} after its first is "
                    "neither an Error nor a Request. That is decided by the minute.",
                    minutes_text(family.repeats)));
  }
  return w;
}

std::string_view name_of(const core::MeanOfIntervals&) { return "mean-of-intervals"; }
std::string_view name_of(const core::DowntimeRuns&) { return "downtime-runs"; }
std::string_view name_of(const core::BadWindows&) { return "bad-windows"; }
std::string_view name_of(const core::AllFailed&) { return "all-failed"; }
std::string_view name_of(const core::RequestRatio&) { return "ratio"; }

std::string error_definition(const core::ErrorRule& rule) {
  const std::string statuses = core::status_words(rule);
  std::vector<std::string> ways;
  std::string answered = "returns " + statuses;
  if (!rule.names.empty()) {
    const std::string named = fmt::format("the error {}", fmt::join(rule.names, " or "));
    answered = statuses.empty() ? "returns " + named : answered + " with " + named;
  }
  if (!statuses.empty() || !rule.names.empty()) ways.push_back(answered);
  for (const std::string& way : core::other_error_words(rule)) {
    ways.push_back((way.starts_with("no answer") ? "gets " : "returns ") + way);
  }
  if (rule.no_answer_within) {
    ways.push_back(fmt::format("gets no answer within {} s", rule.no_answer_within->count()));
  }
  return fmt::format("An Error is a Request that {}.", fmt::join(ways, ", or that "));
}

// Both are sums over what the user named; of one of these the Requests are known.
std::string summed_words(const core::Version& version) {
  if (version.resources.empty()) {
    return fmt::format(
        "The time that is lost and the time that it is divided by are sums over all "
        "{}.",
        version.summed_over);
  }
  return fmt::format(
      "The time that is lost and the time that it is divided by are sums over all {}, {} in number "
      "({}): the time of those that were not watched counts as available.",
      version.summed_over, version.resources.size(), fmt::join(version.resources, ", "));
}

}  // namespace

FormulaWords words_of(const core::Formula& formula) {
  return std::visit([](const auto& family) { return words(family); }, formula);
}

FormulaWords words_of(const core::Version& version) {
  FormulaWords w = words_of(version.formula);
  const bool left_out = version.excluded == core::Excluded::left_out;
  if (left_out || !version.resources.empty()) {
    // "N: windows in the billing cycle" are not what N is then.
    const auto letter = w.all.find(": ");
    if (w.counted.empty())
      w.counted = w.all.substr(0, letter) + fmt::format(": {}s that count", w.noun);
    if (letter != std::string::npos) w.all = w.all.substr(letter + 2);
  }
  if (version.times_counted() > 1) {
    w.counted +=
        fmt::format(", once for each of {} {}", version.resources.size(), version.summed_over);
  }
  if (left_out) {
    w.outside = "is left out";
    w.definitions.push_back(
        fmt::format("A {} that an exclusion touches is none of those that count.", w.noun));
  }
  if (!version.summed_over.empty()) w.definitions.push_back(summed_words(version));
  return w;
}

std::string_view family_text(const core::Formula& formula) {
  return std::visit([](const auto& family) { return name_of(family); }, formula);
}

std::vector<std::string> request_definitions(const core::Version& version) {
  std::vector<std::string> definitions{error_definition(version.error)};
  if (!version.not_a_request.empty()) {
    definitions.push_back(
        fmt::format("Not counted as Requests: {}.", fmt::join(version.not_a_request, ", ")));
  }
  if (!version.operations.empty()) {
    definitions.push_back(fmt::format("Requests are those of these operations alone: {}.",
                                      fmt::join(version.operations, ", ")));
  }
  if (version.shortest_period) {
    definitions.push_back(
        fmt::format("Requests that a probe repeats sooner than after {} are not counted.",
                    core::to_text(*version.shortest_period)));
  }
  return definitions;
}

}  // namespace recoup::report
