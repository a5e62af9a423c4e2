#include "cli/probe_cost.h"

#include "billing/books/estimate.h"

namespace recoup::cli {

std::optional<core::Money> cost_of_requests(const billing::PriceShelf& books,
                                            const std::string& sla, const std::string& region,
                                            std::uint64_t requests) {
  // What the books call the requests that a probe makes.
  constexpr const char* kRequests = "requests";
  for (const auto& book : books.books_for(sla)) {
    if (billing::find_input(*book, kRequests) == nullptr) continue;
    billing::Order order;
    if (!region.empty()) order["region"] = region;
    const auto without = billing::estimate(*book, order, std::nullopt);
    order[kRequests] = std::to_string(requests);
    const auto with = billing::estimate(*book, order, std::nullopt);
    if (!with || !without) continue;
    return core::Money{with->total.amount - without->total.amount, book->currency};
  }
  return std::nullopt;
}

}  // namespace recoup::cli
