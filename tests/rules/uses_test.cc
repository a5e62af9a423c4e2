// rules/uses.toml: which contracts there are for what people use.

#include "rules/uses.h"

#include <set>

#include "rules/catalog.h"
#include "support/catch.h"

using namespace recoup;

TEST_CASE("every use names contracts of the catalog, and every contract has a use") {
  const rules::Catalog catalog;
  std::set<std::string> used;
  for (const rules::Use& use : rules::all_uses()) {
    INFO(use.id);
    CHECK_FALSE(use.text.empty());
    for (const std::string& id : use.rules) {
      INFO(id << " stands in rules/uses.toml");
      CHECK(catalog.find_rule(id) != nullptr);
      used.insert(id);
    }
  }
  for (const std::string& id : catalog.all_rule_ids()) {
    INFO(id << " is to be added to rules/uses.toml");
    CHECK(used.contains(id));
  }
}

TEST_CASE("what people use most stands first") {
  const auto& uses = rules::all_uses();
  REQUIRE(uses.size() >= 5);
  CHECK(rules::all_use_ids().starts_with("kms, secrets, storage, api, ai"));
  CHECK(uses.size() <= 12);
}

TEST_CASE("a use is found by its id, and a wrong one is told what is near") {
  REQUIRE(rules::find_use("storage") != nullptr);
  CHECK(rules::find_use("storage")->text == "objects, files, images of containers");
  CHECK(rules::find_use("storrage") == nullptr);
  const auto error = rules::unknown_use("storrage");
  CHECK(error.message == "expected what a service is used for, got 'storrage'");
  CHECK(error.help == "did you mean 'storage'?");
  CHECK_THAT(rules::unknown_use("xyzzy").help, Catch::Contains("it is one of kms, secrets"));
}

TEST_CASE("a file of uses that is wrong is met with a complaint") {
  const auto complaint = [](const std::string& text) {
    const auto uses = rules::parse_uses(text, "uses.toml");
    return uses ? "" : uses.error().message;
  };
  CHECK_THAT(complaint("schema = 1\n"), Catch::Contains("expected the key 'use', got none"));
  CHECK_THAT(complaint("schema = 1\n[[use]]\nid = \"a\"\ntext = \"A\"\nrules = []\n"),
             Catch::Contains("expected at least one rule, got none"));
  const std::string one = "[[use]]\nid = \"a\"\ntext = \"A\"\nrules = [\"b\"]\n";
  CHECK(complaint("schema = 1\n" + one).empty());
  CHECK_THAT(complaint("schema = 1\n" + one + one), Catch::Contains("got 'a' a second time"));
}
