#include "billing/books/price_book_reader.h"

#include "config/settings.h"
#include "rules/shelf.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::billing;
using namespace recoup::config;
using core::Ratio;

namespace {

const std::string kHead = R"(
schema    = 1
book      = "example"
provider  = "example"
service   = "Example API"
currency  = "EUR"
as_of     = 2026-11-01
source    = "https://example.com/prices/"
sla       = ["aws-kms"]
time_zone = "+08:00"
)";

// The smallest book: `more` stands behind it.
PriceBook book_with(const std::string& more) {
  const auto book = parse_price_book(kHead + more, "example.toml");
  if (!book) FAIL(book.error().message);
  return *book;
}

const std::string kInputs = R"(
[[input]]
id      = "plan"
kind    = "choice"
text    = "how it is paid"
choices = ["monthly", "yearly"]
default_when = [{ when = { }, value = "yearly" }]
default = "monthly"

[[input]]
id      = "units"
kind    = "quantity"
unit    = "unit"
text    = "units"
whole   = true
minimum = 1
most    = 1_000
default = 1_0
required_when = { plan = "year*" }
)";

const std::string kFee = "\n[[item]]\nname = \"Fee\"\nfee = { price = \"5.00\", months = 12 }\n";

class OwnRules {
 public:
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }

  core::Result<Settings> settings() const {
    return parse_settings("rules = \"" + folder_.path().string() +
                              "\"\n[[agreement]]\nid = \"a\"\nsla = \"aws-kms\"\naccount = \"1\"\n"
                              "region = \"us-east-1\"\n",
                          "recoup.toml", {{"HOSTNAME", "test"}});
  }

 private:
  test::TempDir folder_;
};

}  // namespace

TEST_CASE("a price book is read with every key of its head") {
  const PriceBook book = book_with(R"(
[bill]
focus         = "Example"
cost-explorer = "Example Service"
[expiry]
reminders       = [7, 1]
kept_days       = 10
released_on_day = 11
[overdue]
restored_within_months = 3
)" + kInputs + kFee);
  CHECK(book.id == "example");
  CHECK(book.currency == "EUR");
  CHECK(core::to_text(book.as_of) == "2026-11-01");
  CHECK(book.time_zone == "+08:00");
  CHECK(book.sla == std::vector<std::string>{"aws-kms"});
  CHECK(book.bill_names == std::map<std::string, std::string>{
                               {"focus", "Example"}, {"cost-explorer", "Example Service"}});
  REQUIRE(book.expiry);
  CHECK(book.expiry->reminders == std::vector<int>{7, 1});
  CHECK(book.expiry->kept_days == 10);
  CHECK(book.expiry->released_on_day == 11);
  REQUIRE(book.overdue);
  CHECK(book.overdue->restored_within_months == 3);
}

TEST_CASE("an input is read with its bounds, its defaults in their order, and when it is needed") {
  const PriceBook book = book_with(kInputs + kFee);
  REQUIRE(book.inputs.size() == 2);
  const Input& plan = book.inputs[0];
  REQUIRE(plan.presets.size() == 2);
  CHECK(plan.presets[0].value == "yearly");
  CHECK(plan.presets[1].value == "monthly");
  CHECK_FALSE(plan.needed);
  const Input& units = book.inputs[1];
  CHECK(units.kind == InputKind::quantity);
  CHECK(units.whole);
  CHECK(*units.minimum == Ratio(1, 1));
  CHECK(*units.most == Ratio(1000, 1));
  CHECK(units.presets.at(0).value == "10");
  REQUIRE(units.needed);
  CHECK(units.needed->when.at("plan") == std::vector<std::string>{"year*"});
  CHECK(find_input(book, "units") == &book.inputs[1]);
  CHECK(find_input(book, "unit") == nullptr);
}

TEST_CASE("an item is read as the kind of price that it names") {
  const PriceBook book = book_with(kInputs + kFee + R"(
[[item]]
name = "Units"
when = { plan = "monthly" }
note = "assumed"
unit_price = { quantity = "units", price = "0.10", per = 10, round_up = true, minimum = 2, included = 3, free = { quantity = 4, when = { plan = "yearly" } } }
[[item]]
name = "Levels"
levels = { quantity = "units", level = [{ at = 1, price = "0" }, { at = 5, price = "7" }] }
[[item]]
name = "Tiers"
tiers = { quantity = "units", tier = [{ to = 100, price = "0.9" }, { price = "0.6" }] }
)");
  REQUIRE(book.items.size() == 4);
  const auto& fee = std::get<Fee>(book.items[0].kind);
  CHECK(fee.months == 12);
  CHECK(std::get<Price>(fee.price).text == "5.00");
  CHECK(std::get<Price>(fee.price).amount == Ratio(5, 1));
  const auto& unit = std::get<UnitPrice>(book.items[1].kind);
  CHECK(book.items[1].note == "assumed");
  CHECK(unit.per == Ratio(10, 1));
  CHECK(unit.round_up);
  CHECK(unit.minimum == Ratio(2, 1));
  CHECK(unit.included == Ratio(3, 1));
  REQUIRE(unit.free);
  CHECK(unit.free->quantity == Ratio(4, 1));
  CHECK_FALSE(unit.free->in_tiers);
  const auto& levels = std::get<Levels>(book.items[2].kind);
  REQUIRE(levels.levels.size() == 2);
  CHECK(levels.levels[1].at == Ratio(5, 1));
  const auto& tiers = std::get<Tiers>(book.items[3].kind);
  REQUIRE(tiers.tiers.size() == 2);
  CHECK(*tiers.tiers[0].to == Ratio(100, 1));
  CHECK_FALSE(tiers.tiers[1].to);
  CHECK(tiers.per == Ratio(1, 1));
}

TEST_CASE("the user's own price book comes before the built-in one of its id") {
  const OwnRules own;
  std::string text = kHead + kInputs + kFee;
  own.write("mine.toml", text);
  text.replace(text.find("\"example\""), 9, "\"aws-kms\"");
  own.write("prices.toml", text);
  const auto settings = own.settings();
  if (!settings) FAIL(settings.error().message);
  const PriceShelf& shelf = *settings->books;
  CHECK(shelf.find_book("example")->currency == "EUR");
  CHECK(shelf.find_book("aws-kms")->currency == "EUR");
  CHECK(settings->catalog->find_rule("aws-kms") != nullptr);
  CHECK(PriceShelf().find_book("aws-kms")->currency == "USD");
  CHECK(PriceShelf().find_book("example") == nullptr);
  const auto books = shelf.books_for("aws-kms");
  REQUIRE(books.size() == 2);
  CHECK(books[0]->id == "aws-kms");
  CHECK(books[1]->id == "example");
  CHECK(shelf.all_book_ids().size() == PriceShelf().all_book_ids().size() + 1);
}

TEST_CASE("two price books of one id, and a wrong one, are complained about") {
  const OwnRules own;
  own.write("one.toml", kHead + kInputs + kFee);
  own.write("two.toml", kHead + kInputs + kFee);
  const auto twice = own.settings();
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().message.find("expected one price book with the id 'example', got a second") !=
        std::string::npos);
  own.write("two.toml", kHead + kFee);
  const auto wrong = own.settings();
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("two.toml:1:1: error: expected the key 'input', got none") !=
        std::string::npos);
}
