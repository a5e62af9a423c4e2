#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "billing/books/estimate.h"
#include "cli/commands.h"
#include "cli/print_charge.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "documents/near.h"
#include "report/charge_json.h"
#include "report/json.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::Result;

Exit list_books(const billing::PriceShelf& books, bool as_json) {
  if (as_json) {
    report::Json rows = report::Json::array();
    for (const std::string& id : books.all_book_ids()) {
      const auto book = books.find_book(id);
      rows.push_back({{"book", id},
                      {"service", book->service},
                      {"as_of", core::to_text(book->as_of)},
                      {"source", book->source}});
    }
    say(report::indented(rows));
    return kDone;
  }
  TextTable table({"BOOK", Column("SERVICE").cut_to(20), "AS OF", Column("SOURCE").cut_to(20)});
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

report::Json keys_json(const billing::PriceBook& book) {
  report::Json keys = report::Json::array();
  for (const billing::Input& input : book.inputs) {
    const std::string preset = preset_of(input);
    keys.push_back({{"key", input.id},
                    {"text", input.text},
                    {"values", values_of(input)},
                    {"left_out", preset.empty() ? report::Json(nullptr) : report::Json(preset)}});
  }
  report::Json regions = report::Json::array();
  for (const billing::Region& region : book.regions) {
    regions.push_back({{"region", region.id}, {"name", region.name}});
  }
  return {{"book", book.id},
          {"service", book.service},
          {"as_of", core::to_text(book.as_of)},
          {"keys", std::move(keys)},
          {"regions", std::move(regions)}};
}

Exit show_keys(const billing::PriceBook& book, bool as_json) {
  if (as_json) {
    say(report::indented(keys_json(book)));
    return kDone;
  }
  say(fmt::format("{}: {}, prices as of {}", book.id, book.service, core::to_text(book.as_of)));
  TextTable table({"KEY", Column("WHAT IT IS").broken_to(24), Column("VALUES").broken_to(16),
                   Column("LEFT OUT").broken_to(8)});
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
  say(prose(fmt::format("{}: {}, a month by the prices of {} ({})", book.id, book.service,
                        core::to_text(book.as_of), book.source)));
  print_charge_lines(estimate.lines, estimate.total);
  for (const std::string& note : estimate.notes) say(prose("  - " + note));
}

}  // namespace

Exit estimate(const EstimateOptions& options) {
  const auto books = load_books(options.config);
  if (!books) return complain(books.error(), kWrongWords);
  if (options.book.empty()) return list_books(**books, options.json);
  const auto book = (*books)->find_book(options.book);
  if (book == nullptr) {
    return complain({fmt::format("expected a price book, got '{}'", options.book), "",
                     documents::did_you_mean(options.book, (*books)->all_book_ids(),
                                             "`recoup estimate` lists them all")},
                    kWrongWords);
  }
  if (options.keys) return show_keys(*book, options.json);
  std::optional<core::Month> month;
  if (options.month) {
    month = core::month_in(core::Zone::utc(), *options.month, service::SystemClock().wall());
  }
  const auto order = order_of(options.order);
  if (!order) return complain(order.error(), kWrongWords);
  const auto estimated = billing::estimate(*book, *order, month);
  if (!estimated) return complain(estimated.error(), kWrongWords);
  if (options.json) {
    say(report::to_json(*book, *estimated));
  } else {
    print(*book, *estimated);
  }
  return kDone;
}

}  // namespace recoup::cli
