#pragma once

// How the benches take times: processor time of this process, which other work on the machine does
// not lengthen as much as it does the time of a clock, and medians.

#include <algorithm>
#include <array>
#include <ctime>
#include <type_traits>
#include <vector>

namespace recoup::bench {

// Processor time that this process has taken so far, of all its threads, in seconds.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Processor time of `work`, in seconds.
template <typename Work>
double time_of(Work&& work) {
  const double begin = cpu_seconds();
  work();
  return cpu_seconds() - begin;
}

// Of an even number of values the greater one in the middle. There is at least one.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The median processor time of five calls of `work`, which may take the number of the call, from 0.
template <typename Work>
double median_time(Work work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    times.push_back(time_of([&] {
      if constexpr (std::is_invocable_v<Work&, int>) {
        work(i);
      } else {
        work();
      }
    }));
  }
  return median(std::move(times));
}

// The median processor times of seven rounds, in each of which every work has its turn: what else
// the machine does slows all of them down alike, and their ratios stay what they are.
template <typename... Works>
std::array<double, sizeof...(Works)> median_times_in_turns(Works... works) {
  std::array<std::vector<double>, sizeof...(Works)> times;
  for (int round = 0; round < 7; ++round) {
    std::size_t i = 0;
    (times[i++].push_back(time_of(works)), ...);
  }
  std::array<double, sizeof...(Works)> medians{};
  for (std::size_t i = 0; i < times.size(); ++i) medians[i] = median(std::move(times[i]));
  return medians;
}

}  // namespace recoup::bench
