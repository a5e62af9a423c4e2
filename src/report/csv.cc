#include "report/csv.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "report/words.h"

namespace recoup::report {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// "-0.577", "12": a number of digits as JSON's texts have them.
bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  const auto digits = [](std::string_view part) {
    return !part.empty() &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return digits(text.substr(0, point)) && (point == text.size() || digits(text.substr(point + 1)));
}

// A spreadsheet also passes over a tab or the end of a line before a formula.
bool is_formula(std::string_view text) {
  constexpr std::string_view kBegins = "=+-@\t\r";
  return !text.empty() && kBegins.find(text.front()) != std::string_view::npos && !is_decimal(text);
}

// What stands at the place; null where the row has nothing there.
const Json* value_at(const Json& row, std::string_view place) {
  const Json* at = &row;
  while (true) {
    const auto dot = std::min(place.find('.'), place.size());
    if (!at->is_object()) return nullptr;
    const auto found = at->find(std::string(place.substr(0, dot)));
    if (found == at->end()) return nullptr;
    at = &*found;
    if (dot == place.size()) return at;
    place.remove_prefix(dot + 1);
  }
}

std::string cell_of(const Json* value) {
  if (value == nullptr || value->is_null()) return {};
  if (value->is_string()) return csv_cell(json_text(value->get<std::string>()));
  if (value->is_structured()) return csv_cell(on_one_line(*value));
  return on_one_line(*value);
}

}  // namespace

std::string csv_cell(const std::string& text) {
  const std::string safe = is_formula(text) ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos && safe == text) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv_text(const std::vector<std::string>& columns, const Json& rows) {
  std::string text;
  const auto line = [&](auto cell) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text += ',';
      text += cell(columns[i]);
    }
    text += kLineEnd;
  };
  line([](const std::string& column) { return csv_cell(column); });
  for (const Json& row : rows) {
    line([&](const std::string& column) { return cell_of(value_at(row, column)); });
  }
  return text;
}

}  // namespace recoup::report
