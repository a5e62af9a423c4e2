#include <sstream>

#include "billing/books/estimate.h"
#include "billing/books/price_book_reader.h"
#include "billing/books/price_shelf.h"
#include "fuzz/fuzz.h"
#include "fuzz/seeds.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no price book breaks its reader, and none that is read breaks an estimate", "[books]") {
  auto seeds = test::files(TESTS_DIR "/bad", "price-");
  for (auto& book : test::files(SOURCE_DIR "/rules/pricing", "")) seeds.push_back(book);
  const core::Month month = *core::parse_month("2026-10");
  fuzz(seeds, [&](const std::string& text) {
    (void)billing::is_price_book(text);
    const auto book = billing::parse_price_book(text, "fuzz.toml");
    if (!book) return;
    for (const billing::Example& example : book->examples) {
      (void)billing::estimate(*book, example.order, month);
    }
    (void)billing::estimate(*book, {}, month);
  });
}

TEST_CASE("no order breaks its estimate", "[orders]") {
  const billing::PriceShelf books;
  fuzz({"instance=shared calls=12_000_000 traffic_gb=100.5 region=cn-hongkong",
        "instance=api.s1.small plan=hourly hours=9.5 region=me-east-1 activated=2024-02-29",
        "zones=multi qps=2000 keys=1_000 rotated_key_versions=7 log_qps=67 access=2 plan=yearly"},
       [&](const std::string& text) {
         billing::Order order;
         std::istringstream words(text);
         for (std::string word; words >> word;) {
           const auto equals = std::min(word.find('='), word.size());
           order[word.substr(0, equals)] = word.substr(std::min(equals + 1, word.size()));
         }
         for (const std::string& id : books.all_book_ids()) {
           (void)billing::estimate(*books.find_book(id), order, core::Month());
         }
       });
}
