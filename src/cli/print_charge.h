#pragma once

#include <string>

#include "config/settings.h"
#include "core/charge.h"

namespace recoup::cli {

// Prints a charge line by line, what to know about it, and what other sources say.
void print_charge(const core::Charge& charge);

// "1,845.00 USD": exact, with at least two digits after the point.
std::string exact_text(const core::Money& money);

// Prints what follows from expired instances and overdue accounts, and when.
void print_lapses(const config::AgreementSettings& settings);

}  // namespace recoup::cli
