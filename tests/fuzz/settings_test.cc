#include "config/settings.h"
#include "fuzz/fuzz.h"
#include "fuzz/seeds.h"
#include "web/access/web_config.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no settings break their reader, and no complaint shows the secret", "[config]") {
  auto seeds = test::files(TESTS_DIR "/bad", "");
  seeds.push_back(
      "[[agreement]]\nid = \"a\"\nsla = \"aws-kms\"\naccount = \"1\"\nregion = \"r\"\n"
      "[[agreement.probe]]\nid = \"p\"\nurl = \"http://127.0.0.1/\"\n"
      "headers = { Authorization = { env = \"TOKEN\" } }\n");
  const std::string secret = "planted-secret-value";
  const documents::Environment environment{{"TOKEN", secret}, {"HOSTNAME", "h"}};
  fuzz(seeds, [&](const std::string& text) {
    const auto settings = config::parse_settings(text, "fuzz.toml", environment);
    // libFuzzer learns the words from this comparison: where the settings themselves have them,
    // they are no secret.
    if (settings || text.find(secret) != std::string::npos) return;
    REQUIRE(settings.error().message.find(secret) == std::string::npos);
  });
}

TEST_CASE("no web configuration breaks its reader", "[web]") {
  fuzz(test::files(TESTS_DIR "/bad", "web-", ".yml"), [](const std::string& text) {
    const auto web = web::parse_web_config(text, TESTS_DIR "/web/config/fuzz.yml");
    if (!web) REQUIRE_FALSE(web.error().message.empty());
  });
}

TEST_CASE("no depth of names and brackets breaks the reader of TOML") {
  std::vector<std::string> seeds;
  for (const std::string part : {"a.", "'a'. ", "[", "[[", "{a=", "[{a.b=", "x=[\n"}) {
    std::string text;
    while (text.size() < 100'000) text += part;
    seeds.push_back("[" + text + "a]\n");
    seeds.push_back("x = " + text + "\n");
    seeds.push_back("\"\"\"\n" + text + "\"\"\"\nx = '''" + text);
    seeds.push_back(text + " = \"" + text);
  }
  test::Mutator mutate(7);
  for (std::size_t i = 0; i < 2 * seeds.size(); ++i) {
    const std::string& seed = seeds[i % seeds.size()];
    (void)config::parse_settings(i < seeds.size() ? seed : mutate(seed), "fuzz.toml", {});
  }
  SUCCEED();
}
