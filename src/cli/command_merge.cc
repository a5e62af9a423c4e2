#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "ledger/merge.h"

namespace recoup::cli {
namespace {

// A file may be named without a scheme.
core::Result<ledger::Address> address_of(const std::string& text) {
  std::error_code ignored;
  return ledger::Address::parse(std::filesystem::exists(text, ignored) ? "sqlite:" + text : text);
}

core::Result<ledger::Address> target_of(const MergeOptions& options) {
  if (!options.into.empty()) return address_of(options.into);
  const auto settings = load(options.config);
  if (!settings) return settings.error();
  return settings->ledger;
}

std::string words_of(const ledger::Merged& merged) {
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t n, std::string_view noun) {
    if (n > 0) parts.push_back(core::counted(n, noun));
  };
  if (merged.series > 0) parts.push_back(fmt::format("{} new series", merged.series));
  add(merged.minutes, "count");
  add(merged.records, "record");
  add(merged.gaps, "gap");
  add(merged.steps, "clock step");
  add(merged.files, "log file");
  add(merged.events, "event");
  add(merged.exclusions, "exclusion");
  add(merged.claim_steps, "claim step");
  add(merged.incidents, "incident");
  return core::listed(parts, "and");
}

}  // namespace

Exit merge(const MergeOptions& options) {
  const auto into = target_of(options);
  if (!into) return complain(into.error(), kWrongWords);
  std::vector<ledger::Address> sources;
  for (const std::string& text : options.from) {
    auto from = address_of(text);
    if (!from) return complain(from.error(), kWrongWords);
    sources.push_back(*std::move(from));
  }
  for (const ledger::Address& from : sources) {
    const auto merged = ledger::merge(from, *into);
    if (!merged) return complain(merged.error(), kCouldNot);
    say(merged->is_new()
            ? fmt::format("{}: brought {} into {}", from.shown(), words_of(*merged), into->shown())
            : fmt::format("{}: all of it is in {} already", from.shown(), into->shown()));
    if (merged->seals + merged->stamps > 0) {
      say(fmt::format("   {} and {} stay there, for they are of that ledger alone: keep it",
                      core::counted(merged->seals, "seal"),
                      core::counted(merged->stamps, "signed time")));
    }
    if (merged->removed > 0) {
      say(
          fmt::format("   {} of failed requests had been removed from it, by [keep]: these are "
                      "counted, and nothing shows them",
                      core::counted(merged->removed, "record")));
    }
  }
  return kDone;
}

}  // namespace recoup::cli
