#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "documents/node.h"
#include "documents/secret_lines.h"
#include "documents/toml_depth.h"

namespace recoup::documents {
namespace {

Span span_of(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column),
          static_cast<int>(region.end.line), static_cast<int>(region.end.column)};
}

core::Date date_of(const toml::date& date) {
  return {std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)};
}

core::Instant instant_of(const toml::date_time& at) {
  using namespace std::chrono;
  return sys_days(date_of(at.date)) + hours(at.time.hour) + minutes(at.time.minute) +
         seconds(at.time.second) + floor<milliseconds>(nanoseconds(at.time.nanosecond)) -
         minutes(at.offset->minutes);
}

// Builder turns toml++'s tree into ours, in the order of the file.
class Builder {
 public:
  explicit Builder(const Lines& lines) : lines_(lines) {}

  Node node(const toml::node& from) const {
    Node to;
    to.span = span_of(from.source());
    from.visit([&](const auto& value) { take(to, value); });
    return to;
  }

 private:
  void take(Node& to, const toml::table& from) const {
    to.kind = Kind::table;
    to.literal = lines_.slice(to.span);
    for (const auto& [key, value] : from) {
      to.children.push_back(node(value));
      to.children.back().key = key.str();
      to.children.back().key_span = span_of(key.source());
    }
    std::stable_sort(to.children.begin(), to.children.end(), [](const Node& a, const Node& b) {
      return std::tie(a.key_span.line, a.key_span.column) <
             std::tie(b.key_span.line, b.key_span.column);
    });
  }

  void take(Node& to, const toml::array& from) const {
    to.kind = Kind::array;
    for (const toml::node& member : from) to.children.push_back(node(member));
  }

  void take(Node& to, const toml::value<std::string>& from) const {
    to.kind = Kind::text;
    to.value = from.get();
  }

  void take(Node& to, const toml::value<std::int64_t>& from) const {
    to.kind = Kind::integer;
    to.value = from.get();
    to.literal = lines_.slice(to.span);
  }

  void take(Node& to, const toml::value<double>& from) const {
    to.kind = Kind::number;
    to.value = from.get();
    to.literal = lines_.slice(to.span);
  }

  void take(Node& to, const toml::value<bool>& from) const {
    to.kind = Kind::boolean;
    to.value = from.get();
    to.literal = from.get() ? "true" : "false";
  }

  void take(Node& to, const toml::value<toml::date>& from) const {
    to.kind = Kind::date;
    to.value = date_of(from.get());
    to.literal = lines_.slice(to.span);
  }

  void take(Node& to, const toml::value<toml::time>&) const {
    to.kind = Kind::local_time;
    to.literal = lines_.slice(to.span);
  }

  void take(Node& to, const toml::value<toml::date_time>& from) const {
    to.literal = lines_.slice(to.span);
    if (!from.get().offset) {
      to.kind = Kind::local_time;
      return;
    }
    to.kind = Kind::instant;
    to.value = instant_of(from.get());
  }

  const Lines& lines_;
};

void replace(std::string& text, std::string_view from, std::string_view to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

// toml++'s "Error while parsing X: expected Y, saw Z" in the words of this program.
std::string in_our_words(std::string_view description) {
  constexpr std::string_view kOpening = "Error while parsing ";
  std::string what = "toml";
  std::string why(description);
  if (description.starts_with(kOpening)) {
    const auto colon = description.find(": ");
    if (colon != std::string_view::npos) {
      what = description.substr(kOpening.size(), colon - kOpening.size());
      why = description.substr(colon + 2);
    }
  }
  replace(why, "saw '\\n'", "got the end of the line");
  replace(why, "saw '\\r'", "got the end of the line");
  replace(why, ", saw ", ", got ");
  if (why.starts_with("expected ")) return why;
  if (why == "encountered end-of-file")
    return fmt::format("expected the end of the {}, got the end of the file", what);
  if (why == "could not determine value type") return "expected a value, got something else";
  if (!why.empty() && why.front() >= 'A' && why.front() <= 'Z') {
    why.front() = static_cast<char>(why.front() - 'A' + 'a');
  }
  return fmt::format("expected a valid {}, got a wrong one: {}", what, why);
}

// "cannot redefine existing string 'k'".
std::optional<std::string> redefined(std::string_view description) {
  const auto at = description.find("cannot redefine existing ");
  const auto quote = description.find('\'', at);
  if (at == std::string_view::npos || quote == std::string_view::npos) return std::nullopt;
  return fmt::format("expected a new name, got {} a second time", description.substr(quote));
}

Complaint complaint_of(const toml::parse_error& error, std::string_view text, const Lines& lines) {
  const Span at = span_of(error.source());
  // What the parser quotes may be part of the value.
  if (!hidden_parts(text, at.line).empty())
    return {at, "expected valid toml, got something else", ""};
  if (const auto twice = redefined(error.description())) return {at, *twice, ""};
  const auto length = static_cast<int>(lines[at.line].size());
  if (error.description().starts_with("Error while parsing string: unescaped control") &&
      at.column > length) {
    return {at, "expected the end of the text, got the end of the line",
            "text of several lines stands in three quotes"};
  }
  std::string help;
  if (error.description().ends_with("could not determine value type")) {
    help = "text stands in quotes: key = \"value\"";
  }
  return {at, in_our_words(error.description()), help};
}

}  // namespace

std::vector<Complaint> read_toml(std::string_view text, Node& tree) {
  if (auto complaint = too_deep(text)) return {*std::move(complaint)};
  const Lines lines(text);
  try {
    tree = Builder(lines).node(toml::parse(text));
    tree.span = {};
    return {};
  } catch (const toml::parse_error& error) {
    return {complaint_of(error, text, lines)};
  }
}

}  // namespace recoup::documents
