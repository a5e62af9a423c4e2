// rules/AUDIT.md: the contracts that were set against their texts are in the catalog, and each has
// its terms.

#include <set>
#include <sstream>

#include "documents/files.h"
#include "rules/catalog.h"
#include "support/catch.h"
#include "support/places.h"

using namespace recoup;

TEST_CASE("the audit is of twenty contracts of the catalog, each with its verdict term by term") {
  const rules::Catalog catalog;
  std::istringstream audit(*documents::read_file(SOURCE_DIR "/rules/AUDIT.md"));
  std::map<std::string, int> terms;
  std::string id;
  for (std::string line; std::getline(audit, line);) {
    if (line.starts_with("### ")) {
      id = line.substr(4);
      INFO(id << " of rules/AUDIT.md");
      CHECK(catalog.find_rule(id) != nullptr);
      CHECK(terms.emplace(id, 0).second);
    } else if (!id.empty() && line.starts_with("| ") && !line.starts_with("| term ")) {
      INFO(id << ": " << line);
      const auto last = line.rfind(" | ");
      REQUIRE(last != std::string::npos);
      const std::string verdict = line.substr(last + 3);
      CHECK((verdict.starts_with("same") || verdict.starts_with("differs") ||
             verdict.starts_with("mended")));
      ++terms[id];
    }
  }
  CHECK(terms.size() == 20);
  for (const auto& [contract, count] : terms) {
    INFO(contract);
    CHECK(count >= 2);
  }
}
