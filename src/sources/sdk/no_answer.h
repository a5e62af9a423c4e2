#pragma once

#include <string_view>

#include "core/outcome.h"

namespace recoup::sources::sdk {

// Why an attempt got no answer, by what its SDK calls the exception ("ReadTimeoutError") and, where
// that alone does not say, by its message ("connect ECONNREFUSED …").
core::NoAnswer no_answer_of(std::string_view exception, std::string_view message);

}  // namespace recoup::sources::sdk
