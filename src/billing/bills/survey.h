#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/bills/bill.h"

namespace recoup::billing {

// Which rows of a bill to show; nothing and empty: all.
struct SurveyFilter {
  std::vector<std::string> providers;
  std::vector<std::string> services;
  std::optional<std::string> region;  // "" for rows without one
  std::optional<std::string> account;
  std::optional<core::Month> month;  // in which the billing period begins
  std::optional<std::string> currency;
};

// A row of the survey: what of a bill has these values in common.
struct SurveyRow {
  std::string provider;
  Period period;
  std::string service;
  std::string region;
  std::string currency;
  Class class_ = Class::usage;
  std::uint64_t rows = 0;
  core::Ratio sum;
  // Of all that the survey has of its provider, period and currency, as a fraction of 1; nothing
  // where that is 0.
  std::optional<core::Ratio> share = {};
};

// All classes of a provider in a billing period.
struct SurveyTotal {
  std::string provider;
  Period period;
  std::string currency;
  std::uint64_t rows = 0;
  core::Ratio sum;
};

// Survey is what a bill holds, without an agreement that asks for a part of it. Both are in the
// order of their members, and what is of the same total by its amount, the largest first.
struct Survey {
  std::vector<SurveyRow> rows;
  std::vector<SurveyTotal> totals;
};

Survey survey(const Bill& bill, const SurveyFilter& filter = {});

}  // namespace recoup::billing
