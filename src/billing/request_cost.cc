#include "billing/request_cost.h"

#include "billing/books/estimate.h"

namespace recoup::billing {

std::optional<core::Money> cost_of_requests(const PriceShelf& books, const std::string& sla,
                                            const std::string& region, std::uint64_t requests) {
  // What the books call the requests that a probe makes.
  constexpr const char* kRequests = "requests";
  for (const auto& book : books.books_for(sla)) {
    if (find_input(*book, kRequests) == nullptr) continue;
    Order order;
    if (!region.empty()) order["region"] = region;
    const auto without = estimate(*book, order, std::nullopt);
    order[kRequests] = std::to_string(requests);
    const auto with = estimate(*book, order, std::nullopt);
    if (!with || !without) continue;
    return core::Money{with->total.amount - without->total.amount, book->currency};
  }
  return std::nullopt;
}

}  // namespace recoup::billing
