#pragma once

#include <string_view>

namespace recoup::report {

// The colours of everything here, by light and dark, as CSS variables; and plain ones on paper.
std::string_view colours_css();

// How picture.h's and zoom.h's elements look; needs colours_css().
std::string_view picture_css();

// The page claim.html; needs both.
std::string_view page_css();

}  // namespace recoup::report
