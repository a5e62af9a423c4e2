// The built-in price books against the pages that they were read from.

#include <algorithm>
#include <filesystem>

#include "billing/books/price_book_reader.h"
#include "billing/estimating.h"
#include "documents/files.h"
#include "rules/catalog.h"
#include "support/places.h"

using namespace recoup;
using namespace recoup::test;
using core::Ratio;
namespace fs = std::filesystem;

namespace {

// The tables of the gateway's page, once each: US$ an hour, a month and a year.
struct Type {
  const char* id;
  const char* hour;
  const char* month;
  const char* year;
};

struct Kind {
  const char* region;  // one that has this table
  std::vector<Type> types;
};

const std::vector<Kind> kKinds{{"cn-hangzhou",
                                {{"api.s1.small", "0.87", "541.00", "5518.20"},
                                 {"api.s1.medium", "2.37", "1468.00", "14973.60"},
                                 {"api.s2.large", "6.78", "4206.00", "42901.20"}}},
                               {"ap-southeast-1",
                                {{"api.s1.small", "0.93", "560.00", "5712.00"},
                                 {"api.s1.medium", "2.6", "1560.00", "15912.00"},
                                 {"api.s2.large", "7.43", "4460.00", "45492.00"}}},
                               {"me-east-1",
                                {{"api.s1.small", "1.63", "980.00", "9996.00"},
                                 {"api.s1.medium", "4.15", "2488.00", "25377.60"},
                                 {"api.s2.large", "9.48", "5688.00", "58017.60"}}}};

Ratio total(const Order& order) {
  const auto estimate = priced(kGateway, order);
  if (!estimate) FAIL(estimate.error().message);
  return estimate->total.amount;
}

Ratio instance(const std::string& type, const std::string& region, const std::string& plan) {
  Order order{{"instance", type}, {"region", region}, {"plan", plan}};
  if (plan == "hourly") order["hours"] = "1";
  return total(order);
}

}  // namespace

TEST_CASE("every price book is built in and listed, and states what it prices") {
  std::vector<std::string> ids;
  for (const auto& entry : fs::directory_iterator(SOURCE_DIR "/rules/pricing")) {
    if (entry.path().extension() == ".toml") ids.push_back(entry.path().stem());
  }
  std::sort(ids.begin(), ids.end());
  const billing::PriceShelf books;
  CHECK(books.all_book_ids() == ids);
  CHECK(ids.size() == 3);
  for (const std::string& id : ids) {
    INFO(id);
    const auto book = books.find_book(id);
    CHECK(book->id == id);
    REQUIRE(book->sla.size() == 1);
    const auto rule = rules::Catalog().find_rule(book->sla[0]);
    REQUIRE(rule != nullptr);
    CHECK(rule->rule.provider == book->provider);
    const auto priced_there = books.books_for(book->sla[0]);
    REQUIRE(priced_there.size() == 1);
    CHECK(priced_there[0]->id == id);
  }
  CHECK(books.books_for("stedi-healthcare").empty());
  CHECK(books.find_book("aws-kms")->bill_names.at("focus") == "AWS Key Management Service");
}

TEST_CASE("every worked example of a book comes out, and shows where its page has another figure") {
  const billing::PriceShelf books;
  int examples = 0;
  int contradicted = 0;
  for (const std::string& id : books.all_book_ids()) {
    const auto book = books.find_book(id);
    for (const billing::Example& example : book->examples) {
      ++examples;
      INFO(id << ": " << example.name);
      const auto estimate = billing::estimate(*book, example.order, example.month);
      if (!estimate) FAIL(estimate.error().message);
      CHECK(estimate->total.amount == example.total.amount);
      for (const auto& [name, price] : example.lines) {
        INFO(name);
        const auto line = std::find_if(estimate->lines.begin(), estimate->lines.end(),
                                       [&](const auto& one) { return one.item == name; });
        REQUIRE(line != estimate->lines.end());
        CHECK(line->amount == price.amount);
      }
      CHECK(notes(*estimate, "the published example") == !example.why.empty());
      contradicted += example.published ? 1 : 0;
    }
  }
  CHECK(examples == 11);
  CHECK(contradicted == 1);
}

TEST_CASE("the published figure stands beside the table's, whichever way the order is written") {
  const std::string note =
      "the published example prints 22.50 (API calls 6.90), by the table it is 25.20 (API calls "
      "9.60): the page swaps the two prices, 10 × 0.6 + 1 × 0.9; the first 10 million billable "
      "calls "
      "are at 0.9 in its own table";
  Order order{{"instance", "shared"},
              {"calls", "12000000"},
              {"traffic_gb", "100.0"},
              {"region", "cn-hongkong"}};
  CHECK(notes(*priced(kGateway, order), note));
  order["first_year"] = "true";
  CHECK(notes(*priced(kGateway, order), note));
  order["calls"] = "12000001";
  CHECK_FALSE(notes(*priced(kGateway, order), "the published example"));
}

TEST_CASE("all dedicated instances cost what the three tables of the page say") {
  int rows = 0;
  for (const Kind& kind : kKinds) {
    const std::string region = kind.region;
    for (const Type& type : kind.types) {
      INFO(region << " " << type.id);
      ++rows;
      CHECK(instance(type.id, region, "hourly") == *Ratio::parse(type.hour));
      CHECK(instance(type.id, region, "monthly") == *Ratio::parse(type.month));
      CHECK(instance(type.id, region, "yearly") == *Ratio::parse(type.year) / Ratio(12, 1));
    }
    for (int n = 2; n <= 6; ++n) {
      const std::string type = "api.s2.large.x" + std::to_string(n);
      INFO(region << " " << type);
      ++rows;
      for (const char* plan : {"hourly", "monthly", "yearly"}) {
        CHECK(instance(type, region, plan) == Ratio(n, 1) * instance("api.s2.large", region, plan));
      }
    }
    for (const char* type : {"api.s1.small", "api.s1.medium", "api.s2.large", "api.s2.large.x6"}) {
      INFO(region << " " << type);
      CHECK(instance(type, region, "yearly") == instance(type, region, "monthly") * Ratio(85, 100));
    }
  }
  CHECK(rows == 24);
}

TEST_CASE("all twenty regions have the page's traffic price, its table, and how sure both are") {
  using enum billing::Confidence;
  struct Row {
    const char* id;
    const char* small;
    const char* traffic;
    billing::Confidence table_is;
    billing::Confidence traffic_is;
  };
  // In the order of the page.
  const std::vector<Row> rows{{"cn-qingdao", "541", "0.113", stated, stated},
                              {"cn-hangzhou", "541", "0.125", stated, stated},
                              {"cn-shanghai", "541", "0.125", stated, stated},
                              {"cn-shenzhen", "541", "0.125", stated, stated},
                              {"cn-beijing", "541", "0.125", stated, stated},
                              {"cn-zhangjiakou", "541", "0.125", stated, stated},
                              {"cn-huhehaote", "541", "0.125", stated, stated},
                              {"cn-chengdu", "541", "0.125", stated, stated},
                              {"cn-hongkong", "560", "0.156", stated, stated},
                              {"ap-southeast-1", "560", "0.117", stated, stated},
                              {"ap-southeast-2", "560", "0.096", stated, inferred},
                              {"ap-southeast-3", "560", "0.112", stated, inferred},
                              {"ap-southeast-5", "560", "0.117", stated, stated},
                              {"ap-northeast-1", "560", "0.087", stated, inferred},
                              {"us-west-1", "560", "0.078", stated, inferred},
                              {"us-east-1", "560", "0.078", stated, inferred},
                              {"eu-central-1", "560", "0.07", stated, inferred},
                              {"eu-west-1", "560", "0.07", stated, inferred},
                              {"me-east-1", "980", "0.447", inferred, inferred},
                              {"ap-south-1", "560", "0.117", inferred, inferred}};
  const auto book = billing::PriceShelf().find_book(kGateway);
  REQUIRE(book->regions.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    INFO(row.id);
    CHECK(book->regions[i].id == row.id);
    CHECK(book->regions[i].prices.at("instance").confidence == row.table_is);
    CHECK(book->regions[i].prices.at("traffic").confidence == row.traffic_is);
    CHECK(instance("api.s1.small", row.id, "monthly") == *Ratio::parse(row.small));
    const auto traffic =
        *priced(kGateway, {{"instance", "shared"}, {"traffic_gb", "1"}, {"region", row.id}});
    CHECK(traffic.total.amount == *Ratio::parse(row.traffic));
    CHECK(notes(traffic, "inferred") == (row.traffic_is == inferred));
    const auto small = *priced(kGateway, {{"instance", "api.s1.small"}, {"region", row.id}});
    CHECK(notes(small, "inferred") == (row.table_is == inferred));
    CHECK_FALSE(notes(small, "not known to be the region's"));
  }
  const auto both = *priced(
      kGateway, {{"instance", "api.s1.small"}, {"region", "ap-south-1"}, {"traffic_gb", "1"}});
  CHECK(notes(both,
              "the instance price of 560.00 and the traffic price of 0.117 in ap-south-1 (India "
              "(Mumbai)) are inferred: the page lists its prices without their regions"));
}

TEST_CASE("where the pages contradict themselves, the books take what their tables bear out") {
  struct Row {
    const char* what;
    const char* book;
    Order order;
    const char* taken;
    const char* not_this;
  };
  const std::vector<Row> rows{
      {"G1: the swapped prices",
       kGateway,
       {{"instance", "shared"}, {"calls", "12000000"}},
       "9.6",
       "6.9"},
      {"G2: the free calls come first",
       kGateway,
       {{"instance", "shared"}, {"calls", "12000000"}},
       "9.6",
       "9.3"},
      {"G3: marginal tiers",
       kGateway,
       {{"instance", "shared"}, {"calls", "12000000"}},
       "9.6",
       "7.2"},
      {"G4: part millions in proportion",
       kGateway,
       {{"instance", "shared"}, {"calls", "2500000"}},
       "1.35",
       "1.8"},
      {"G6: hours round up",
       kGateway,
       {{"instance", "api.s1.small"},
        {"plan", "hourly"},
        {"hours", "9.5"},
        {"region", "ap-southeast-1"}},
       "9.3",
       "8.835"},
      {"G7: 10 GB and not 1000",
       kGateway,
       {{"instance", "api.s1.small"}, {"region", "ap-southeast-1"}, {"traffic_gb", "10"}},
       "561.17",
       "677"},
      {"G8: the annual price is for a year",
       kGateway,
       {{"instance", "api.s1.small"}, {"plan", "yearly"}, {"region", "cn-hangzhou"}},
       "459.85",
       "5518.2"},
      {"G9: traffic is metered beside a subscription",
       kGateway,
       {{"instance", "api.s1.small"}, {"region", "ap-southeast-1"}, {"traffic_gb", "10"}},
       "561.17",
       "560"},
      {"G11: at least an hour",
       kGateway,
       {{"instance", "api.s1.small"},
        {"plan", "hourly"},
        {"hours", "0.1"},
        {"region", "ap-southeast-1"}},
       "0.93",
       "0"},
      {"K2: rounded or not, 2,000 GB are bought", kKms, {{"log_qps", "100"}}, "660", "580"},
      {"K2: in GiB, 67 QPS fit into 1,000", kKms, {{"log_qps", "67"}}, "580", "660"},
      {"K3: more than 2,000 GB of log", kKms, {{"log_gb", "3000"}}, "740", "660"},
      {"K4: a slot for a VPC costs what one for an account does",
       kKms,
       {{"vpcs", "2"}},
       "625",
       "500"},
      {"K5: a level's price is its whole uplift", kKms, {{"qps", "4000"}}, "800", "900"},
      {"K6: the maximum holds what is included", kKms, {{"keys", "100000"}}, "89600", "90500"},
      {"K11: what is included is in the fee, not free", kKms, {{"qps", "1000"}}, "500", "0"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto estimate = priced(row.book, row.order);
    REQUIRE(estimate.ok());
    CHECK(estimate->total.amount == *Ratio::parse(row.taken));
    CHECK(estimate->total.amount != *Ratio::parse(row.not_this));
  }
}

TEST_CASE("the price book that the README shows is one, and its example comes out") {
  const std::string readme = *documents::read_file(SOURCE_DIR "/rules/pricing/README.md");
  const std::string fence = "```toml\n";
  const auto begin = readme.find(fence) + fence.size();
  const auto text = readme.substr(begin, readme.find("```", begin) - begin);
  const auto book = billing::parse_price_book(text, "README.md");
  if (!book) FAIL(book.error().message);
  REQUIRE(book->examples.size() == 1);
  const auto estimate = billing::estimate(*book, book->examples[0].order, {});
  REQUIRE(estimate.ok());
  CHECK(estimate->total.amount == book->examples[0].total.amount);
}
