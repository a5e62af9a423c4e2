#pragma once

#include <string>
#include <vector>

#include "core/rule.h"

namespace recoup::cli {

// A contract's terms as sentences for people, each without a full stop.
std::string part_month_in_words(core::PartMonth part_month);
std::string error_in_words(const core::ErrorRule& rule);
std::string tier_in_words(const core::Tier& tier);
std::string deadline_in_words(const core::Deadline& deadline);
std::string not_before_in_words(const core::NotBefore& earliest);
std::string automatic_in_words(const core::AutomaticCredit& automatic);
std::string payment_in_words(const core::Payment& payment);
std::string cap_in_words(const core::Cap& cap);

// "formula, claim.deadline".
std::string listed(const std::vector<std::string>& words);

// The dates that name its versions: "2019-01-16, 2022-11-29".
std::string dates_of(const core::Rule& rule);

// "complete", "complete; you supplied …", or "partial, it lacks …".
std::string status_in_words(const core::Version& version);

}  // namespace recoup::cli
