#include "rules/credit_tiers.h"

#include <fmt/format.h>

namespace recoup::rules {
namespace {

// What the next tier must begin at, and in the words of the file.
struct Edge {
  core::Ratio value;
  std::string text;
  std::string name;
  std::optional<core::Ratio> above;  // where the tier that ends here begins
};

// Whether the tier begins at the edge; complains where it does not.
void check_edge(const documents::Value& below, const documents::Percent& percent,
                const Edge& edge) {
  if (percent.fraction == edge.value) return;
  const bool first = edge.name == "the commitment";
  const bool gap = percent.fraction < edge.value;
  if (edge.above && percent.fraction >= *edge.above) {
    below.complain(fmt::format("expected {}, {}, got '{}'", edge.name, edge.text, percent.text),
                   "order: the tiers stand from the highest uptime down");
    return;
  }
  const std::string what =
      gap     ? fmt::format("nothing is said from {} to {}", percent.text, edge.text)
      : first ? std::string("credit cannot be due while the commitment is met")
              : fmt::format("two tiers hold {}", edge.text);
  below.complain(fmt::format("expected {}, {}, got '{}'", edge.name, edge.text, percent.text),
                 (gap ? "gap: " : "overlap: ") + what);
}

void check_order(const documents::Value& at_least, const documents::Percent& low,
                 const documents::Percent& below) {
  if (low.fraction < below.fraction) return;
  at_least.complain(
      fmt::format("expected less than below = \"{}\", got '{}'", below.text, low.text),
      "a tier holds what is below its upper bound and at least its lower one");
}

// Below the lowest tier is nothing.
void check_lowest(const documents::Value& at_least, const std::optional<documents::Percent>& low) {
  if (!low || low->fraction == core::Ratio::whole(0)) return;
  at_least.complain(fmt::format("expected no at_least in the lowest tier, got '{}'", low->text),
                    fmt::format("gap: nothing is said below {}", low->text));
}

// At an end a contract may give nothing, above its first tier or below its lowest bound.
std::optional<core::Ratio> read_credit(const documents::Value& value, bool at_an_end) {
  const auto percent = value.percent();
  if (!percent) return std::nullopt;
  if (at_an_end || percent->fraction > core::Ratio::whole(0)) return percent->fraction;
  value.complain(fmt::format("expected a credit above 0, got '{}'", percent->text),
                 "only the first tier and the lowest may say that nothing is credited");
  return std::nullopt;
}

}  // namespace

std::vector<core::Tier> read_tiers(const documents::Value& credits, const core::Ratio& commitment,
                                   const std::string& commitment_text) {
  std::vector<core::Tier> tiers;
  std::optional<Edge> edge;
  if (!commitment_text.empty()) edge = Edge{commitment, commitment_text, "the commitment", {}};
  const std::vector<documents::Table> tables = credits.tables();
  if (credits.is_array() && credits.items().empty()) {
    credits.complain("expected at least one tier, got none");
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const documents::Value below = tables[i].required("below");
    const auto high = below.percent();
    const documents::Value at_least =
        i + 1 < tables.size() ? tables[i].required("at_least") : tables[i].optional("at_least");
    const auto low = at_least.percent();
    const bool at_an_end = tables.size() > 1 && (i == 0 || i + 1 == tables.size());
    const auto credit = read_credit(tables[i].required("percent"), at_an_end);
    if (high && edge) check_edge(below, *high, *edge);
    if (high && low) check_order(at_least, *low, *high);
    if (i + 1 == tables.size()) check_lowest(at_least, low);
    edge.reset();
    if (low) {
      edge = Edge{low->fraction, low->text, "at_least of the tier above", std::nullopt};
      if (high) edge->above = high->fraction;
    }
    if (!high || !credit) continue;
    tiers.push_back({high->fraction, std::nullopt, *credit});
    if (low) tiers.back().at_least = low->fraction;
  }
  return tiers;
}

}  // namespace recoup::rules
