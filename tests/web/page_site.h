#pragma once

#include <string>

#include "web/asked.h"
#include "web/made_site.h"
#include "web/routes.h"

namespace recoup::test {

// PageSite is the made site as its pages show it.
class PageSite : public MadeSite {
 public:
  // Pages as the service's server asks for them.
  web::Response get(const std::string& target) {
    const web::Request request = request_of("GET", target);
    web::Site asked = site();
    if (!with_ledger) asked.records = nullptr;
    Asked answer = ask(web::make_handler(std::move(asked)), request);
    at_once = answer.at_once;
    return std::move(answer.response);
  }

  // The text of a page that is there, with spaces between numbers and percent signs.
  std::string page(const std::string& target) {
    std::string text = get(target).body;
    constexpr std::string_view kNoBreakSpace = "\u00a0";
    for (auto at = text.find(kNoBreakSpace); at != std::string::npos;) {
      text.replace(at, kNoBreakSpace.size(), " ");
      at = text.find(kNoBreakSpace, at);
    }
    return text;
  }

  bool with_ledger = true;
  bool at_once = false;  // the last page came from the snapshot alone
};

inline bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

// What a reader sees of HTML.
inline std::string text_of(const std::string& html) {
  std::string text;
  bool tag = false;
  for (const char c : html) {
    if (c == '<') tag = true;
    if (!tag) text += c;
    if (c == '>') tag = false;
  }
  return text;
}

// How often the words are in the text.
inline std::size_t times(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

}  // namespace recoup::test
