#include "core/compare.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/ensure.h"

namespace recoup::core {
namespace {

// Calls `each` with the parts of both for every interval in which either saw a Request.
template <typename Each>
void for_each_seen(const Intervals& logged, const Intervals& other, Each each) {
  RECOUP_ENSURE(logged.size() == other.size());
  auto one = logged.begin();
  for (const auto& [index, theirs] : other) {
    const IntervalPart& ours = (*one).part;
    const bool is_excluded = theirs.state == IntervalState::excluded;
    if (!is_excluded && ours.requests + theirs.requests > 0) each(index, ours, theirs);
    ++one;
  }
}

bool is_alike(const IntervalPart& a, const IntervalPart& b) {
  return a.requests == b.requests && a.errors == b.errors;
}

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

}  // namespace

Comparison compare(std::string log, const Intervals& logged, const Assessment& other) {
  Comparison all;
  all.log = std::move(log);
  all.parts = other.parts;
  for_each_seen(logged, other.parts,
                [&](std::size_t, const IntervalPart& a, const IntervalPart& b) {
                  if (b.requests == 0) {
                    ++all.only_counted;
                  } else if (a.requests == 0) {
                    ++all.only_compared;
                  } else {
                    ++(is_alike(a, b) ? all.alike : all.differing);
                  }
                  all.counted.requests += a.requests;
                  all.counted.errors += a.errors;
                  all.compared.requests += b.requests;
                  all.compared.errors += b.errors;
                  if (b.errors > a.errors) all.more_errors += b.errors - a.errors;
                });
  if (!other.is_measured()) return all;
  all.uptime = other.uptime;
  all.met = other.met;
  all.tier = other.tier;
  return all;
}

std::vector<Difference> differences(const Assessment& assessment, const Comparison& comparison) {
  std::vector<Difference> all;
  if (comparison.parts.empty()) return all;
  for_each_seen(
      assessment.logged, comparison.parts,
      [&](std::size_t index, const IntervalPart& a, const IntervalPart& b) {
        if (is_alike(a, b)) return;
        all.push_back(
            {assessment.interval_at(index), {a.requests, a.errors}, {b.requests, b.errors}});
      });
  return all;
}

std::vector<Difference> worst(std::vector<Difference> differences, std::size_t most) {
  const auto gravity = [](const Difference& d) {
    return std::pair(distance(d.counted.errors, d.compared.errors),
                     distance(d.counted.requests, d.compared.requests));
  };
  std::stable_sort(
      differences.begin(), differences.end(),
      [&](const Difference& a, const Difference& b) { return gravity(a) > gravity(b); });
  if (differences.size() > most) differences.resize(most);
  return differences;
}

}  // namespace recoup::core
