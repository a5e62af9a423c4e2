#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/rule.h"

namespace recoup::report {

// FormulaWords is a family of formula in the words of its contracts, for a reader to follow the
// figures by.
struct FormulaWords {
  std::string noun;     // what one interval is: "interval", "window", "minute"
  std::string listed;   // which of them intervals.log lists: "minute of a Downtime Period"
  std::string outside;  // what an excluded one does: "counts as 100 % available"
  // Names of the figures, with the letters that `uptime` uses.
  std::string all;
  std::string counted;  // of what the uptime is divided by, where it is not all of them; or empty
  std::string silent;
  std::string lost;
  std::string requests;
  std::string errors;
  std::string uptime;                    // "100 x (M - D) / M"
  std::vector<std::string> definitions;  // sentences, each a term and what it means
};

FormulaWords words_of(const core::Formula& formula);

// The same by all that the version says of what the uptime is divided by.
FormulaWords words_of(const core::Version& version);

// As a rule writes it: "mean-of-intervals".
std::string_view family_text(const core::Formula& formula);

// What an Error is and what is no Request: sentences.
std::vector<std::string> request_definitions(const core::Version& version);

}  // namespace recoup::report
