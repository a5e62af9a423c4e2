#pragma once

// How the benches take times: processor time of this process, which other work on the machine does
// not lengthen as much as it does the time of a clock, and medians.

#include <algorithm>
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

}  // namespace recoup::bench
