#include <filesystem>

#include "billing/books/price_book_reader.h"
#include "config/settings.h"
#include "documents/files.h"
#include "rules/rule_file.h"
#include "support/catch.h"
#include "support/places.h"
#include "web/access/web_config.h"

namespace fs = std::filesystem;
using namespace recoup::billing;
using namespace recoup::config;
using namespace recoup::documents;
using namespace recoup::rules;
using namespace recoup::web;

namespace {

// What reading the file complains about; empty where it does not.
std::string complaint(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string text = *read_file(path);
  if (name.starts_with("rule-")) {
    const auto rule = parse_rule(text, name);
    return rule ? "" : rule.error().message;
  }
  if (name.starts_with("web-")) {
    const auto web = parse_web_config(text, name);
    return web ? "" : web.error().message;
  }
  if (name.starts_with("price-")) {
    const auto book = parse_price_book(text, name);
    return book ? "" : book.error().message;
  }
  const auto settings = parse_settings(text, name, {{"HOSTNAME", "test"}, {"EMPTY", ""}});
  return settings ? "" : settings.error().message;
}

}  // namespace

TEST_CASE("every wrong input is met with its exact complaint") {
  std::size_t inputs = 0;
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TESTS_DIR) / "bad")) {
    fs::path path = entry.path();
    if (path.filename().string().starts_with("bill-")) continue;  // billing/bad_bills_test.cc
    ++files;
    if (path.extension() != ".toml" && path.extension() != ".yml") continue;
    ++inputs;
    INFO(path.filename());
    const std::string got = complaint(path);
    const auto expected = read_file(path.replace_extension(".txt"));
    REQUIRE(expected.ok());
    CHECK(got + "\n" == *expected);
  }
  CHECK(inputs == 414);
  CHECK(files == 2 * inputs);
}
