#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "core/zone.h"
#include "web/http/message.h"

namespace recoup::web {

// Crumb is a step on the way to a page.
struct Crumb {
  std::string name;     // HTML
  std::string address;  // empty: the page itself
};

// Frame is what differs between the pages.
struct Frame {
  std::string title;               // text; "Recoup" is put behind it
  std::vector<Crumb> crumbs;       // behind the overview
  std::string main;                // HTML
  std::chrono::seconds again{10};  // how soon an open page asks for itself again
};

// The whole page: a header with the way here, its main part, a footer.
Response framed(const Frame& frame, int status = 200);

// A page that says what is wrong, and what to do in a sentence of HTML.
Response problem_page(int status, const std::string& title, const std::string& what_to_do);

// Addresses of pages, as they stand in an attribute.
std::string agreement_address(const std::string& id);
std::string month_address(const std::string& id, core::Month month);
std::string day_address(const std::string& id, core::Month month, core::Date date);

// A link; both are HTML.
std::string link_html(const std::string& address, std::string_view html);

bool is_utc(const core::Zone& zone);

// "04:05 Europe/Zurich", with its date where that is not the UTC one's.
std::string local_text(core::Instant at, const core::Zone& zone);

// The instant in UTC, and small beside it in the zone where that is another.
std::string moment_html(core::Instant at, const core::Zone& zone);

// The end of a time for something: the date alone where it is a midnight of UTC.
std::string deadline_text(core::Instant end);

// "just now", "7 minutes", "3 hours", "18 days": of how long ago something is, cut.
std::string age_text(core::Millis age);

// An agreement's id as it is shown, and its account: never whole. HTML.
std::string id_html(const std::string& id);
std::string account_html(const std::string& account);

}  // namespace recoup::web
