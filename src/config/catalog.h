#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/price_book.h"
#include "config/rule_file.h"

namespace recoup::config {

// Catalog is the rules and price books that agreements can name: the built-in ones, which it begins
// with, and the user's own, which come before built-in ones of the same id.
class Catalog {
 public:
  // Adds one of the user's own. False where they have another of that id.
  bool add(RuleFile file);
  bool add(PriceBook book);

  // The one of that id, or nothing.
  std::shared_ptr<const RuleFile> find_rule(const std::string& id) const;
  std::shared_ptr<const PriceBook> find_book(const std::string& id) const;

  // In order.
  std::vector<std::string> all_rule_ids() const;
  std::vector<std::string> all_book_ids() const;

  // The books that price the service of that contract, by id.
  std::vector<std::shared_ptr<const PriceBook>> books_for(const std::string& sla) const;

 private:
  std::map<std::string, std::shared_ptr<const RuleFile>> rules_;
  std::map<std::string, std::shared_ptr<const PriceBook>> books_;
};

}  // namespace recoup::config
