#pragma once

#include <string>
#include <vector>

#include "billing/bills/survey.h"
#include "billing/estimate.h"
#include "config/price_book.h"

namespace recoup::cli {

// An estimate and what is in a bill as JSON, indented by two.
std::string to_json(const config::PriceBook& book, const billing::Estimate& estimate);
std::string to_json(const billing::Survey& survey);

}  // namespace recoup::cli
