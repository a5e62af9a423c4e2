#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "billing/books/price_shelf.h"
#include "config/settings.h"
#include "core/money.h"
#include "core/rule.h"
#include "core/zone.h"

namespace recoup::cli {

// Paragraph is what `recoup check` says of an agreement.
struct Paragraph {
  std::string title;  // all but the id
  core::Month month;  // the running cycle
  std::shared_ptr<const core::Version> version;
  core::Cycle cycle;
  std::string zone;  // that it is counted in
  std::vector<std::string> lines;
  std::string alike;           // the same for agreements that differ in account and Region alone
  std::uint64_t requests = 0;  // of its probes, in 30 days
  std::optional<core::Money> cost;  // of these

  void add(std::string line) {
    alike += line + '\n';
    lines.push_back(std::move(line));
  }

  // A line with an account or a Region in it, and what it says beside that.
  void add(std::string line, std::string_view rest) {
    alike.append(rest) += '\n';
    lines.push_back(std::move(line));
  }
};

// What is said of the agreement as of that time: its contract and cycle, what is probed and
// followed and what loss that can show, and where its charges come from.
core::Result<Paragraph> paragraph_of(const billing::PriceShelf& books,
                                     const config::AgreementSettings& settings, core::Instant now);

}  // namespace recoup::cli
