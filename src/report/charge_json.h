#pragma once

#include <string>
#include <vector>

#include "billing/bills/survey.h"
#include "billing/books/estimate.h"
#include "billing/books/price_book.h"

namespace recoup::report {

// An estimate and what is in a bill as JSON, indented by two.
std::string to_json(const billing::PriceBook& book, const billing::Estimate& estimate);
std::string to_json(const billing::Survey& survey);

}  // namespace recoup::report
