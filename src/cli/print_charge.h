#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/charge.h"

namespace recoup::cli {

// Prints a charge line by line, what to know about it, and what other sources say.
void print_charge(const core::Charge& charge);

// Its lines by their amounts, the largest first, each with its share of the whole, which is below.
void print_charge_lines(std::vector<core::ChargeLine> lines, const core::Money& whole);

// A share of a whole, "12.34 %", cut; empty where there is none.
std::string part_in_words(const std::optional<core::Ratio>& share);

// "1,845.00 USD": exact, with at least two digits after the point.
std::string exact_text(const core::Money& money);

// Prints what follows from expired instances and overdue accounts, and when.
void print_lapses(const config::AgreementSettings& settings);

}  // namespace recoup::cli
