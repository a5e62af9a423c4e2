#include "fuzz/fuzz.h"
#include "fuzz/seeds.h"
#include "rules/answer_path.h"
#include "rules/providers.h"
#include "rules/rule_file.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no rule file breaks its reader", "[rules]") {
  auto seeds = test::files(TESTS_DIR "/bad", "rule-");
  for (auto& rule : test::files(SOURCE_DIR "/rules/sla", "")) seeds.push_back(rule);
  fuzz(seeds, [](const std::string& text) { (void)rules::parse_rule_file(text, "fuzz.toml"); });
}

TEST_CASE("no file of a provider breaks its reader", "[providers]") {
  fuzz(test::files(SOURCE_DIR "/rules/providers", ""),
       [](const std::string& text) { (void)rules::parse_provider(text, "fuzz.toml"); });
}

TEST_CASE("no path into a body breaks its parser", "[body-paths]") {
  fuzz({"error.details[0].reason", "error[\"x-amzn.code\"]", "$.a['b\\'c'][17]", "/Error/Code"},
       [](const std::string& text) {
         const auto json = rules::parse_json_path(text);
         if (!json) REQUIRE_FALSE(json.error().message.empty());
         const auto xml = rules::parse_xml_path(text);
         if (json && xml) REQUIRE(*json == *xml);
       });
}
