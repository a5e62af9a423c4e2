// What holds of every price book and every order, tried on random ones of a seeded generator.

#include <random>

#include "billing/books/price_tiers.h"
#include "billing/estimating.h"

using namespace recoup;
using namespace recoup::test;
using core::Ratio;

namespace {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  int upto(int most) { return std::uniform_int_distribution<int>(0, most)(engine_); }

  // Of all sizes: as many of one digit as of nine.
  int number() {
    int bound = 10;
    for (int digits = upto(7); digits > 0; --digits) bound *= 10;
    return upto(bound);
  }

  template <typename T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(upto(static_cast<int>(all.size()) - 1))];
  }

 private:
  std::mt19937 engine_;
};

int largest(const billing::Input& input) {
  return input.most ? std::stoi(input.most->numerator()) : 1'000'000'000;
}

// A value that the input takes by itself; quantities favour the edges of steps and levels.
std::string random_value(const billing::PriceBook& book, const billing::Input& input,
                         Random& random) {
  static const std::vector<int> kEdges{0, 1, 100, 1000, 1001, 2000, 4000, 6000};
  switch (input.kind) {
    case billing::InputKind::choice: return random.of(input.choices);
    case billing::InputKind::region: return random.of(book.regions).id;
    case billing::InputKind::name: return "eu-west-1";
    case billing::InputKind::date: return "2026-05-17";
    case billing::InputKind::amount: return std::to_string(random.number());
    case billing::InputKind::quantity: break;
  }
  const int value = random.upto(2) != 0 ? random.of(kEdges) : random.number();
  const std::string text = std::to_string(std::min(value, largest(input)));
  return input.whole || random.upto(1) == 0 || value >= largest(input)
             ? text
             : text + '.' + std::to_string(random.upto(999));
}

Order random_order(const billing::PriceBook& book, Random& random) {
  Order order;
  for (const billing::Input& input : book.inputs) {
    const bool must = input.needed.has_value() || input.kind == billing::InputKind::region;
    if (must || random.upto(2) == 0) order[input.id] = random_value(book, input, random);
  }
  return order;
}

std::string written(const Order& order) {
  std::string text;
  for (const auto& [key, value] : order) text += key + "=" + value + " ";
  return text;
}

}  // namespace

TEST_CASE("however a month's calls fall on its days, the days cost what the month does") {
  const auto book = billing::PriceShelf().find_book(kGateway);
  const auto& tiers = std::get<billing::Tiers>(book->items.at(0).kind);
  Random random(1);
  for (int round = 0; round < 500; ++round) {
    const std::string calls = std::to_string(random.number());
    const bool first_year = random.upto(1) == 0;
    const bool in_tiers = random.upto(1) == 0;
    INFO(calls << (first_year ? " first year" : "") << (in_tiers ? " in tiers" : ""));
    const auto month = priced(kGateway, {{"instance", "shared"},
                                         {"calls", calls},
                                         {"first_year", first_year ? "true" : "false"},
                                         {"free_quota", in_tiers ? "in_tiers" : "before_tiers"}});
    REQUIRE(month.ok());

    std::vector<int> ends(static_cast<std::size_t>(random.upto(30)));
    for (int& end : ends) end = random.upto(std::stoi(calls));
    ends.push_back(std::stoi(calls));
    std::sort(ends.begin(), ends.end());
    const billing::FreeUnits free{first_year ? tiers.free->quantity : Ratio{}, in_tiers};
    Ratio days;
    int before = 0;
    for (const int end : ends) {
      const auto parts = billing::tier_parts(tiers.tiers, free, Ratio(before, 1), Ratio(end, 1));
      days += billing::price_of(parts, tiers.per);
      before = end;
    }
    REQUIRE(days == month->total.amount);
  }
}

TEST_CASE("a single call costs the price of the tier that it falls into") {
  const auto book = billing::PriceShelf().find_book(kGateway);
  const auto& tiers = std::get<billing::Tiers>(book->items.at(0).kind);
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    const int call = random.number() + 1;
    const int billable = call - 1'000'000;
    const char* price = billable <= 0             ? "0"
                        : billable <= 10'000'000  ? "0.9"
                        : billable <= 100'000'000 ? "0.6"
                                                  : "0.45";
    const auto parts = billing::tier_parts(tiers.tiers, {tiers.free->quantity}, Ratio(call - 1, 1),
                                           Ratio(call, 1));
    INFO(call);
    REQUIRE(billing::price_of(parts, tiers.per) == *Ratio::parse(price) / Ratio(1'000'000, 1));
  }
}

TEST_CASE("more of anything never costs less") {
  const billing::PriceShelf books;
  for (const std::string& id : books.all_book_ids()) {
    const auto book = books.find_book(id);
    Random random(3);
    std::map<std::string, int> compared;
    for (int round = 0; round < 6000; ++round) {
      Order order = random_order(*book, random);
      const billing::Input& input = random.of(book->inputs);
      if (input.kind != billing::InputKind::quantity) continue;
      const core::Month september = *core::parse_month("2026-09");
      order[input.id] = random_value(*book, input, random);
      const auto one = billing::estimate(*book, order, september);
      Order other = order;
      other[input.id] = random_value(*book, input, random);
      const auto two = billing::estimate(*book, other, september);
      if (!one || !two) continue;
      ++compared[input.id];
      const bool more = *Ratio::parse(order[input.id]) <= *Ratio::parse(other[input.id]);
      INFO(id << ": " << written(order) << "| " << input.id << "=" << other[input.id]);
      REQUIRE((more ? one : two)->total.amount <= (more ? two : one)->total.amount);
    }
    for (const billing::Input& input : book->inputs) {
      if (input.kind != billing::InputKind::quantity) continue;
      INFO(id << " " << input.id);
      CHECK(compared[input.id] >= 5);
    }
  }
}

TEST_CASE("the lines of every estimate add up to its total, and each says how it came about") {
  const billing::PriceShelf books;
  for (const std::string& id : books.all_book_ids()) {
    const auto book = books.find_book(id);
    Random random(4);
    int estimates = 0;
    for (int round = 0; round < 2000; ++round) {
      const Order order = random_order(*book, random);
      const auto estimate = billing::estimate(*book, order, month("2026-09"));
      INFO(id << ": " << written(order));
      if (!estimate) {
        REQUIRE_FALSE(estimate.error().message.empty());
        REQUIRE_FALSE(estimate.error().help.empty());
        continue;
      }
      ++estimates;
      Ratio sum;
      for (const core::ChargeLine& line : estimate->lines) {
        REQUIRE_FALSE(line.calculation.empty());
        REQUIRE(line.amount >= Ratio{});
        sum += line.amount;
      }
      REQUIRE(sum == estimate->total.amount);
    }
    INFO(id);
    CHECK(estimates >= 100);
  }
}
