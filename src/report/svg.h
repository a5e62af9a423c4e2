#pragma once

#include <string>

#include "core/time.h"

namespace recoup::report {

// Places on an axis of time that is as wide as its picture, which SVG takes in percent. Two places
// that adjoin leave no gap.

// "33.333%": where `at` lies on an axis of that length.
std::string percent_of(core::Millis at, core::Millis axis);

// The width from one place to the next.
std::string percent_between(core::Millis from, core::Millis to, core::Millis axis);

}  // namespace recoup::report
