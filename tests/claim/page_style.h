#pragma once

#include <string>

#include "report/style.h"

namespace recoup::test {

constexpr std::string_view kStyleBegins = "<style>\n";
constexpr std::string_view kStyleEnds = "</style>";

// The style of claim.html, as it stands between its tags.
inline std::string page_style() {
  return (report::colours_css() + report::picture_css() + report::page_css()).bytes();
}

// The page without what stands between the tags of its style: the golden pages are kept like this,
// for what a claim says is not how it looks.
inline std::string without_style(std::string page) {
  const std::size_t begin = page.find(kStyleBegins) + kStyleBegins.size();
  const std::size_t end = page.find(kStyleEnds, begin);
  return end == std::string::npos ? page : page.erase(begin, end - begin);
}

// A golden page as it is written.
inline std::string with_style(std::string page) {
  return page.insert(page.find(kStyleBegins) + kStyleBegins.size(), page_style());
}

}  // namespace recoup::test
