#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/estimate.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "documents/near.h"
#include "report/charge_json.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::Result;

Exit list_books(const billing::PriceShelf& books) {
  TextTable table({"BOOK", "SERVICE", "AS OF", "SOURCE"});
  for (const std::string& id : books.all_book_ids()) {
    const auto book = books.find_book(id);
    table.add({id, book->service, core::to_text(book->as_of), book->source});
  }
  table.print();
  say("next: recoup estimate BOOK --keys");
  return kDone;
}

// What may be given for an input.
std::string values_of(const billing::Input& input) {
  switch (input.kind) {
    case billing::InputKind::choice: return fmt::format("{}", fmt::join(input.choices, ", "));
    case billing::InputKind::region: return "a region's id";
    case billing::InputKind::name: return "a name";
    case billing::InputKind::date: return "a date, like 2026-10-03";
    case billing::InputKind::amount: return "an amount";
    case billing::InputKind::quantity: break;
  }
  std::string text = input.whole ? "a whole number" : "a number";
  if (input.minimum) text += ", at least " + input.minimum->to_shortest(2);
  if (input.most) text += ", at most " + input.most->to_shortest(2);
  return text;
}

std::string preset_of(const billing::Input& input) {
  std::string text;
  for (const billing::Preset& preset : input.presets) {
    text += (text.empty() ? "" : " or ") + preset.value;
  }
  return text;
}

Exit show_keys(const billing::PriceBook& book) {
  say(fmt::format("{}: {}, prices as of {}", book.id, book.service, core::to_text(book.as_of)));
  TextTable table({"KEY", "WHAT IT IS", "VALUES", "LEFT OUT"});
  for (const billing::Input& input : book.inputs) {
    table.add({input.id, input.text, values_of(input), preset_of(input)});
  }
  table.print();
  if (book.regions.empty()) return kDone;
  TextTable regions({"REGION", "NAME"});
  for (const billing::Region& region : book.regions) regions.add({region.id, region.name});
  regions.print();
  return kDone;
}

Result<billing::Order> order_of(const std::vector<std::string>& words) {
  billing::Order order;
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return Error{fmt::format("expected key=value, got '{}'", word), "",
                   "`recoup estimate BOOK --keys` shows what can be given"};
    }
    const std::string key = word.substr(0, equals);
    if (!order.emplace(key, word.substr(equals + 1)).second) {
      return Error{fmt::format("expected each key once, got '{}' a second time", key)};
    }
  }
  return order;
}

void print(const billing::PriceBook& book, const billing::Estimate& estimate) {
  say(fmt::format("{}: {}, a month by the prices of {} ({})", book.id, book.service,
                  core::to_text(book.as_of), book.source));
  TextTable table({"ITEM", "CALCULATION", book.currency});
  for (const core::ChargeLine& line : estimate.lines) {
    table.add({line.item, line.calculation, core::exact_text(line.amount)});
  }
  table.add({"Total", "", core::exact_text(estimate.total.amount)});
  table.print();
  for (const std::string& note : estimate.notes) say("  - " + note);
}

}  // namespace

Exit estimate(const EstimateOptions& options) {
  const auto books = load_books(options.config);
  if (!books) return complain(books.error(), kWrongWords);
  if (options.book.empty()) return list_books(**books);
  const auto book = (*books)->find_book(options.book);
  if (book == nullptr) {
    return complain({fmt::format("expected a price book, got '{}'", options.book), "",
                     documents::did_you_mean(options.book, (*books)->all_book_ids(),
                                             "`recoup estimate` lists them all")},
                    kWrongWords);
  }
  if (options.keys) return show_keys(*book);
  const auto order = order_of(options.order);
  if (!order) return complain(order.error(), kWrongWords);
  const auto estimated = billing::estimate(*book, *order, options.month);
  if (!estimated) return complain(estimated.error(), kWrongWords);
  if (options.json) {
    say(report::to_json(*book, *estimated));
  } else {
    print(*book, *estimated);
  }
  return kDone;
}

}  // namespace recoup::cli
