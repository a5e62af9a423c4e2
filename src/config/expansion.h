#pragma once

#include <string>
#include <vector>

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::config {

// Expansion is which agreements an [[agreement]] is: one, or with lists of accounts and Regions one
// for each pair of them.
struct Expansion {
  struct Named {
    std::string id;  // empty where it is wrong
    std::string account;
    std::string region;
  };
  std::string pattern;       // of their ids, "kms-{account}-{region}"; empty without lists
  std::vector<Named> named;  // at least one; by account, then Region, as they are listed
};

// Reads `account` or `accounts`, `region` or `regions`, and the id, in which what is listed is a
// placeholder. No two of a list are the same. `rule` may be null.
Expansion read_expansion(const documents::Table& table, const documents::Value& id,
                         const core::Rule* rule);

}  // namespace recoup::config
