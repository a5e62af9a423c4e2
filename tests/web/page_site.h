#pragma once

#include <string>

#include "web/made_site.h"
#include "web/pages.h"

namespace recoup::test {

// PageSite is the made site as its pages show it.
class PageSite : public MadeSite {
 public:
  // Pages as the service's server asks for them; the query is not decoded: none here needs it.
  web::Response get(const std::string& target) {
    web::Request request;
    request.method = "GET";
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    for (auto at = mark; at != std::string::npos;) {
      const auto end = target.find('&', at + 1);
      const std::string pair = target.substr(at + 1, end == std::string::npos ? end : end - at - 1);
      const auto equals = pair.find('=');
      request.query.emplace(pair.substr(0, equals),
                            equals == std::string::npos ? "" : pair.substr(equals + 1));
      at = end;
    }
    web::Site asked = site();
    if (!with_ledger) asked.records = nullptr;
    auto fast = web::page_at_once(asked, request);
    at_once = fast.has_value();
    return fast ? *std::move(fast) : web::page_slowly(asked, request);
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

// How often the words are in the text.
inline std::size_t times(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

}  // namespace recoup::test
