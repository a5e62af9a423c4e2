#include "service/target_watch.h"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "config/target_lists.h"
#include "core/text.h"
#include "documents/files.h"
#include "documents/named_files.h"

namespace recoup::service {
namespace {

using sources::probe::ProbeSettings;

constexpr std::chrono::seconds kRetry{30};

// What changes when one of the files does, or when there is another of them.
std::string stamps_of(const std::vector<std::string>& paths) {
  std::string stamps;
  for (const std::string& path : paths) {
    const auto files = documents::named_files(path);
    if (!files) stamps += files.error().message + '\n';
    if (!files) continue;
    for (const std::string& file : *files) {
      stamps += fmt::format("{} {}\n", file, documents::stamp_of(file));
    }
  }
  return stamps;
}

// "3 targets more, 1 less, 12 now".
std::string words_of(std::span<const ProbeSettings> before, std::span<const ProbeSettings> after) {
  std::set<std::string_view> were, are;
  for (const ProbeSettings& one : before) were.insert(one.target);
  for (const ProbeSettings& one : after) are.insert(one.target);
  const auto lacking = [](const auto& all, const auto& in) {
    return std::count_if(all.begin(), all.end(), [&](auto one) { return !in.contains(one); });
  };
  return fmt::format("{} more, {} less, {} now", lacking(are, were), lacking(were, are),
                     core::counted(are.size(), "target"));
}

}  // namespace

TargetWatch::TargetWatch(Exchange exchange, const core::Clock& clock)
    : exchange_(std::move(exchange)), clock_(clock), retry_(clock.mono()) {}

void TargetWatch::look(const config::SharedSettings& settings) {
  std::vector<config::ChangedList> changed;
  std::vector<std::pair<Known*, std::string>> taken;  // and the stamps of what is taken over
  std::map<Name, Known> known;
  std::vector<report::TargetListState> states;
  std::string words;
  for (const config::ListOfTargets& one : config::lists_of(*settings)) {
    const Name name{one.agreement, one.probe};
    Known& is = known.emplace(name, std::move(known_[name])).first->second;
    // Taken before the bytes: what is written while they are read is another stamp next time.
    std::string stamps = stamps_of(one.list->paths);
    std::size_t targets = one.probes.size();
    if (stamps != is.stamps || is.failures > 0) {
      const bool may_exchange = clock_.mono() >= retry_;
      auto now = sources::probe::probes_of(one.list);
      if (!now) {
        note_failure(name, is, now.error().message);
      } else if (sources::probe::same_targets(*now, one.probes)) {
        note_good(name, is);
        is.stamps = std::move(stamps);
      } else if (may_exchange) {
        words += fmt::format("{}{}/{}: {}", words.empty() ? "" : "; ", one.agreement, one.probe,
                             words_of(one.probes, *now));
        targets = now->size();
        taken.emplace_back(&is, std::move(stamps));
        changed.push_back({one.list, *std::move(now)});
      }
    }
    states.push_back({name.first, name.second, targets, is.problem});
  }
  known_ = std::move(known);
  if (!changed.empty()) {
    const auto next =
        std::make_shared<const config::Settings>(config::with_lists(*settings, changed));
    if (const auto done = exchange_(next); !done) {
      retry_ = clock_.mono() + kRetry;
      spdlog::error("targets: {}: not taken over, and tried again in {} s: {}", words,
                    kRetry.count(), done.error().message);
      return;
    }
    spdlog::info("targets: {}", words);
    for (auto& [one, stamps] : taken) {
      one->stamps = std::move(stamps);
      one->failures = 0;
      one->problem.clear();
    }
    for (report::TargetListState& state : states) {
      state.problem = known_.at({state.agreement, state.probe}).problem;
    }
  }
  const std::lock_guard lock(mutex_);
  states_ = std::move(states);
}

// A file is not written at once: a state that is met once is no news before it is met again.
void TargetWatch::note_failure(const Name& name, Known& known, const std::string& problem) {
  constexpr std::uint64_t kSaidFrom = 2;
  if (++known.failures < kSaidFrom) return;
  if (known.problem == problem) return;
  known.problem = problem;
  spdlog::error("targets: {}/{}: probes go on to those that were good last:\n{}", name.first,
                name.second, problem);
}

void TargetWatch::note_good(const Name& name, Known& known) {
  if (!known.problem.empty()) {
    spdlog::info("targets: {}/{}: the list can be read again", name.first, name.second);
  }
  known.failures = 0;
  known.problem.clear();
}

std::vector<report::TargetListState> TargetWatch::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

}  // namespace recoup::service
