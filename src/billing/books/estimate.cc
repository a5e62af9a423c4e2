#include "billing/books/estimate.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/figure.h"
#include "billing/books/fill.h"
#include "billing/books/pricer.h"

namespace recoup::billing {
namespace {

using core::Error;
using core::Ratio;
using core::Result;
using Words = std::map<std::string, std::string>;

// The text with the values of inputs, and these words, in place of what stands in braces. After an
// equals sign a number stands as an order has it.
std::string filled_in(const std::string& text, const FilledOrder& order, const Words& words) {
  std::string out;
  std::size_t at = 0;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', at)) {
    const auto close = text.find('}', open);
    const std::string name = text.substr(open + 1, close - open - 1);
    out += text.substr(at, open - at);
    at = close + 1;
    const bool in_order = out.ends_with('=');
    if (const auto found = words.find(name); found != words.end()) {
      out += found->second;
    } else if (const FilledInput* known = order.find(name); known != nullptr) {
      out += known->number && !in_order ? figure(*known->number) : known->text;
    }
  }
  return out + text.substr(at);
}

// Nothing where the book sells what was ordered.
Result<void> check_refusals(const PriceBook& book, const Order& order, const FilledOrder& filled,
                            std::optional<core::Month> month) {
  for (const Refusal& refusal : book.refusals) {
    if (!holds(refusal.when, filled)) continue;
    Words words;
    if (!refusal.instead.empty()) {
      Order other = order;
      for (const auto& [id, value] : refusal.instead) other[id] = value;
      auto cost = estimate(book, other, month);
      if (!cost) return cost.error();
      words["instead"] = core::to_text(cost->total);
      cost->total.amount *= Ratio(refusal.times, 1);
      words["bound"] = core::to_text(cost->total);
    }
    return Error{filled_in(refusal.message, filled, words), "",
                 filled_in(refusal.help, filled, words)};
  }
  return {};
}

void note_computed(const Pricer& pricer, const PriceBook& book, const FilledOrder& order,
                   std::vector<std::string>& notes) {
  for (const Input& input : book.inputs) {
    const FilledInput* known = order.find(input.id);
    if (known == nullptr || known->calculation.empty()) continue;
    if (pricer.used().contains(input.id)) notes.push_back(known->calculation);
  }
}

// Which of the region's prices the source does not state as such.
void note_regions(const Pricer& pricer, std::vector<std::string>& notes) {
  const Region* region = pricer.region();
  std::map<Confidence, std::vector<std::string>> prices;
  for (const auto& [name, price] : pricer.region_prices()) {
    prices[region->prices.at(name).confidence].push_back(
        fmt::format("the {} price of {}", name, price));
  }
  prices.erase(Confidence::stated);
  for (const auto& [confidence, these] : prices) {
    notes.push_back(fmt::format(
        "{} in {} ({}) {} {}: {}", fmt::join(these, " and "), region->id, region->name,
        these.size() == 1 ? "is" : "are",
        confidence == Confidence::inferred ? "inferred" : "not known to be the region's",
        region->because));
  }
}

std::string with_lines(const Price& total, const std::map<std::string, Price>& all,
                       const std::map<std::string, Price>& shown) {
  std::vector<std::string> lines;
  for (const auto& [name, price] : shown) {
    const auto found = all.find(name);
    if (found != all.end()) lines.push_back(fmt::format("{} {}", name, found->second.text));
  }
  if (lines.empty()) return total.text;
  return fmt::format("{} ({})", total.text, fmt::join(lines, ", "));
}

// What the source says of exactly this order, where it differs from its own table.
void note_examples(const PriceBook& book, const FilledOrder& order,
                   std::vector<std::string>& notes) {
  for (const Example& example : book.examples) {
    if (example.why.empty()) continue;
    const auto filled = fill(book, example.order, example.month);
    if (!filled || !filled->same_as(order)) continue;
    if (!example.published) {
      notes.push_back("the published example: " + example.why);
      continue;
    }
    notes.push_back(fmt::format(
        "the published example prints {}, by the table it is {}: {}",
        with_lines(*example.published, example.published_lines, example.published_lines),
        with_lines(example.total, example.lines, example.published_lines), example.why));
  }
}

void note_unused(const Pricer& pricer, const Order& order, std::vector<std::string>& notes) {
  for (const auto& [key, value] : order) {
    if (pricer.used().contains(key)) continue;
    notes.push_back(fmt::format("{}={} does not enter the price", key, value));
  }
}

}  // namespace

Result<Estimate> estimate(const PriceBook& book, const Order& order,
                          std::optional<core::Month> month) {
  const auto filled = fill(book, order, month);
  if (!filled) return filled.error();
  if (const auto sold = check_refusals(book, order, *filled, month); !sold) return sold.error();

  Estimate estimate{{Ratio{}, book.currency}, {}, {}};
  Pricer pricer(book, *filled);
  std::vector<std::string> assumptions;
  for (const Item& item : book.items) {
    auto line = pricer.line(item);
    if (!line) return line.error();
    if (!*line) continue;
    estimate.total.amount += (*line)->amount;
    estimate.lines.push_back(**std::move(line));
    if (!item.note.empty()) assumptions.push_back(item.note);
  }

  note_computed(pricer, book, *filled, estimate.notes);
  note_regions(pricer, estimate.notes);
  std::move(assumptions.begin(), assumptions.end(), std::back_inserter(estimate.notes));
  for (const BookNote& note : book.notes) {
    if (!holds(note.when, *filled)) continue;
    pricer.use(note.when);
    estimate.notes.push_back(filled_in(note.text, *filled, {}));
  }
  note_examples(book, *filled, estimate.notes);
  note_unused(pricer, order, estimate.notes);
  return estimate;
}

}  // namespace recoup::billing
