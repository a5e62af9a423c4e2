#include "billing/books/order_values.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/figure.h"
#include "documents/near.h"
#include "rules/rule_file.h"

namespace recoup::billing {
namespace {

using core::Error;
using core::Ratio;
using core::Result;

constexpr std::size_t kMostCharacters = 30;

// The text without the underscores that stand between digits.
std::string without_underscores(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_digit = [&](std::size_t at) {
      return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
    };
    const bool between =
        text[i] == '_' && i > 0 && i + 1 < text.size() && is_digit(i - 1) && is_digit(i + 1);
    if (!between) out += text[i];
  }
  return out;
}

Error not_a_number(const Input& input, const std::string& text) {
  return {fmt::format("expected a number for {}, got '{}'", input.id, text), "",
          text.find(',') == std::string::npos
              ? how_to_write(input)
              : "a comma can be read two ways: write 12_000_000, or 9.5 with a point"};
}

Result<FilledInput> read_number(const Input& input, const std::string& text) {
  const std::string digits = without_underscores(text);
  const bool plain_number = digits.find_first_not_of("-.0123456789") == std::string::npos;
  const auto number = Ratio::parse(digits);
  if (!plain_number || !number || digits.size() > kMostCharacters) return not_a_number(input, text);
  if (input.kind == InputKind::quantity) {
    if (const auto kept = check_bounds(input, *number, input.id); !kept) return kept.error();
  }
  return FilledInput{digits, *number, {}, FilledInput::From::given, {}, {}};
}

Result<FilledInput> read_choice(const Input& input, const std::string& text) {
  const auto& choices = input.choices;
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    const std::string all = fmt::format("{}", fmt::join(choices, ", "));
    return Error{fmt::format("expected one of {} for {}, got '{}'", all, input.id, text), "",
                 documents::did_you_mean(text, choices,
                                         fmt::format("write it like {}={}", input.id, choices[0]))};
  }
  return FilledInput{text, {}, {}, FilledInput::From::given, {}, {}};
}

Result<FilledInput> read_region(const PriceBook& book, const Input& input,
                                const std::string& text) {
  std::vector<std::string> ids;
  for (const Region& region : book.regions) {
    if (region.id == text) return FilledInput{text, {}, {}, FilledInput::From::given, {}, {}};
    ids.push_back(region.id);
  }
  return Error{fmt::format("expected a region of {} for {}, got '{}'", book.id, input.id, text), "",
               documents::did_you_mean(text, ids, list_regions(book))};
}

Result<FilledInput> read_name(const Input& input, const std::string& text) {
  if (rules::is_id(text)) return FilledInput{text, {}, {}, FilledInput::From::given, {}, {}};
  return Error{fmt::format("expected a name for {}, got '{}'", input.id, text), "",
               "a name is of a-z, 0-9, '.', '_' and '-', like us-east-1"};
}

Result<FilledInput> read_date(const Input& input, const std::string& text) {
  const auto date = core::parse_date(text);
  if (date) return FilledInput{text, {}, *date, FilledInput::From::given, {}, {}};
  return Error{fmt::format("expected a date for {}, got '{}'", input.id, text), "",
               how_to_write(input)};
}

}  // namespace

std::string how_to_write(const Input& input) {
  if (!input.choices.empty()) {
    return fmt::format("it is one of {}", fmt::join(input.choices, ", "));
  }
  if (input.kind == InputKind::date) return fmt::format("write it like {}=2026-10-03", input.id);
  if (input.kind == InputKind::region || input.kind == InputKind::name) return {};
  return fmt::format("write it like {0}=12 or {0}={1}", input.id, input.whole ? "12_000" : "9.5");
}

std::string list_regions(const PriceBook& book) {
  std::vector<std::string> regions;
  for (const Region& region : book.regions) {
    regions.push_back(fmt::format("{} ({})", region.id, region.name));
  }
  return fmt::format("the regions are {}", fmt::join(regions, ", "));
}

Result<void> check_bounds(const Input& input, const Ratio& number, const std::string& name) {
  const Ratio least = input.minimum.value_or(Ratio{});
  if (number < least) {
    return Error{
        fmt::format("expected at least {} for {}, got {}", figure(least), name, figure(number)), "",
        fmt::format("take {}={}", input.id, plain(least))};
  }
  if (input.most && number > *input.most) {
    return Error{fmt::format("expected at most {} for {}, got {}", figure(*input.most), name,
                             figure(number)),
                 "",
                 fmt::format("{}={} is the most that is accepted", input.id, plain(*input.most))};
  }
  const Ratio next = rounded_up(number);
  if (input.whole && next != number) {
    return Error{fmt::format("expected a whole number for {}, got {}", name, figure(number)), "",
                 fmt::format("take {0}={1} or {0}={2}", input.id, plain(next - Ratio::whole(1)),
                             plain(next))};
  }
  return {};
}

Result<FilledInput> read_value(const PriceBook& book, const Input& input, const std::string& text) {
  switch (input.kind) {
    case InputKind::quantity:
    case InputKind::amount: return read_number(input, text);
    case InputKind::choice: return read_choice(input, text);
    case InputKind::region: return read_region(book, input, text);
    case InputKind::name: return read_name(input, text);
    case InputKind::date: return read_date(input, text);
  }
  return Error{"expected a kind of input, got none"};
}

}  // namespace recoup::billing
