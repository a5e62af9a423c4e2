#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "core/zone.h"
#include "report/html.h"
#include "web/http/message.h"

namespace recoup::web {

// What the pages are made of.
using report::Html;

// Crumb is a step on the way to a page.
struct Crumb {
  Html name;
  std::string address = {};  // empty: the page itself
};

// Frame is what differs between the pages.
struct Frame {
  std::string title;          // "Recoup" is put behind it
  std::vector<Crumb> crumbs;  // behind the overview
  Html main;
  std::chrono::seconds again{10};  // how soon an open page asks for itself again
};

// The whole page: a header with the way here, its main part, a footer.
Response framed(const Frame& frame, int status = 200);

// A page that says what is wrong, and what to do in a sentence.
Response problem_page(int status, const std::string& title, const Html& what_to_do);

// The same of a page that only the ledger knows, where it is kept in memory.
Response needs_ledger();

// A parameter of the request; empty where it has none of that name.
std::string query_of(const Request& request, const std::string& name);

// Addresses of pages.
std::string agreement_address(const std::string& id);
std::string month_address(const std::string& id, core::Month month);
std::string day_address(const std::string& id, core::Month month, core::Date date);
std::string year_address(const std::string& id, core::Month last);

Html link_html(const std::string& address, const Html& html);

bool is_utc(const core::Zone& zone);

// "04:05 Europe/Zurich", with its date where that is not the UTC one's.
std::string local_text(core::Instant at, const core::Zone& zone);

// The instant in UTC, and small beside it in the zone where that is another.
Html moment_html(core::Instant at, const core::Zone& zone);

// The end of a time for something: the date alone where it is a midnight of UTC.
std::string deadline_text(core::Instant end);

// One of a list of figures: its name, itself, and small what goes with it.
Html figure_html(std::string_view name, const Html& value, const Html& more);

// "just now", "7 minutes", "3 hours", "18 days": of how long ago something is, cut.
std::string age_text(core::Millis age);

// An agreement's id as it is shown, and its account: whole, or where the settings want it masked
// its end alone.
Html id_html(const std::string& id);
Html account_html(const std::string& account, bool masked);

}  // namespace recoup::web
