#pragma once

#include <memory>
#include <string>
#include <vector>

#include "billing/books/price_book.h"
#include "rules/shelf.h"

namespace recoup::billing {

// PriceShelf is the price books that agreements can name: the built-in ones, which it begins with,
// and the user's own, which come before built-in ones of the same id.
class PriceShelf {
 public:
  PriceShelf();

  // Adds one of the user's own. False where they have another of that id.
  bool add(PriceBook book);

  // The one of that id, or nothing.
  std::shared_ptr<const PriceBook> find_book(const std::string& id) const {
    return books_.find(id);
  }

  // In order.
  std::vector<std::string> all_book_ids() const { return books_.ids(); }

  // The books that price the service of that contract, by id.
  std::vector<std::shared_ptr<const PriceBook>> books_for(const std::string& sla) const;

 private:
  rules::Shelf<PriceBook> books_;
};

}  // namespace recoup::billing
