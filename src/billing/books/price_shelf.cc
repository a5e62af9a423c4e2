#include "billing/books/price_shelf.h"

#include <algorithm>
#include <utility>

#include "billing/books/price_book_reader.h"

namespace recoup::billing {
namespace {

const rules::Shelf<PriceBook>::Files& builtin() {
  static const auto files = rules::Shelf<PriceBook>::read(rules::builtin_books(), parse_price_book);
  return files;
}

}  // namespace

PriceShelf::PriceShelf() : books_(builtin()) {}

bool PriceShelf::add(PriceBook book) {
  const std::string id = book.id;
  return books_.add(id, std::move(book));
}

std::vector<std::shared_ptr<const PriceBook>> PriceShelf::books_for(const std::string& sla) const {
  std::vector<std::shared_ptr<const PriceBook>> books;
  for (const auto& [id, book] : books_.all()) {
    const auto& slas = book->sla;
    if (std::find(slas.begin(), slas.end(), sla) != slas.end()) books.push_back(book);
  }
  return books;
}

}  // namespace recoup::billing
