#include "config/catalog.h"

#include <algorithm>
#include <cassert>

#include "config/builtin_rules.h"
#include "config/price_book_reader.h"

namespace recoup::config {
namespace {

template <typename T>
using Shelf = std::map<std::string, std::shared_ptr<const T>>;

template <typename T, typename Parse>
Shelf<T> read_builtin(const std::vector<BuiltinFile>& files, Parse parse) {
  Shelf<T> shelf;
  for (const BuiltinFile& builtin : files) {
    auto read = parse(std::string(builtin.text), std::string(builtin.path));
    assert(read.ok());
    shelf.emplace(builtin.id, std::make_shared<T>(std::move(*read)));
  }
  return shelf;
}

// They never change: all catalogs share one reading.
const Shelf<RuleFile>& builtin_rule_shelf() {
  static const auto shelf = read_builtin<RuleFile>(builtin_rules(), parse_rule_file);
  return shelf;
}

const Shelf<PriceBook>& builtin_book_shelf() {
  static const auto shelf = read_builtin<PriceBook>(builtin_books(), parse_price_book);
  return shelf;
}

// The user's come before ours.
template <typename T>
std::shared_ptr<const T> find(const Shelf<T>& users, const Shelf<T>& ours, const std::string& id) {
  for (const Shelf<T>* shelf : {&users, &ours}) {
    if (const auto found = shelf->find(id); found != shelf->end()) return found->second;
  }
  return nullptr;
}

template <typename T>
Shelf<T> all_of(Shelf<T> users, const Shelf<T>& ours) {
  users.insert(ours.begin(), ours.end());
  return users;
}

template <typename T>
std::vector<std::string> ids_of(const Shelf<T>& shelf) {
  std::vector<std::string> ids;
  for (const auto& [id, one] : shelf) ids.push_back(id);
  return ids;
}

}  // namespace

bool Catalog::add(RuleFile file) {
  const std::string id = file.rule.id;
  return rules_.emplace(id, std::make_shared<RuleFile>(std::move(file))).second;
}

bool Catalog::add(PriceBook book) {
  const std::string id = book.id;
  return books_.emplace(id, std::make_shared<PriceBook>(std::move(book))).second;
}

std::shared_ptr<const RuleFile> Catalog::find_rule(const std::string& id) const {
  return find(rules_, builtin_rule_shelf(), id);
}

std::shared_ptr<const PriceBook> Catalog::find_book(const std::string& id) const {
  return find(books_, builtin_book_shelf(), id);
}

std::vector<std::string> Catalog::all_rule_ids() const {
  return ids_of(all_of(rules_, builtin_rule_shelf()));
}

std::vector<std::string> Catalog::all_book_ids() const {
  return ids_of(all_of(books_, builtin_book_shelf()));
}

std::vector<std::shared_ptr<const PriceBook>> Catalog::books_for(const std::string& sla) const {
  std::vector<std::shared_ptr<const PriceBook>> books;
  for (const auto& [id, book] : all_of(books_, builtin_book_shelf())) {
    const auto& slas = book->sla;
    if (std::find(slas.begin(), slas.end(), sla) != slas.end()) books.push_back(book);
  }
  return books;
}

}  // namespace recoup::config
