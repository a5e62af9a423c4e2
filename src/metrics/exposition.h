#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "report/snapshot.h"

namespace recoup::metrics {

// As metrics have numbers: a count, exact below 2^53, and an instant in seconds since 1970.
inline double count(std::uint64_t n) { return static_cast<double>(n); }
inline double seconds(core::Instant at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

// Label is a name and a value; both must live as long as the call they are given to.
struct Label {
  const char* name;
  std::string_view value;
};

// Exposition is the text of all metrics while it grows, one family after the other. A family begins
// with gauge(), counter() or histogram(), and what is added belongs to it; one without samples is
// left out. `help` is constant ASCII: prometheus-cpp writes it as it is.
class Exposition {
 public:
  Exposition();
  ~Exposition();
  Exposition(const Exposition&) = delete;
  Exposition& operator=(const Exposition&) = delete;

  void gauge(const char* name, const char* help);
  void counter(const char* name, const char* help);
  void histogram(const char* name, const char* help);

  void add(std::initializer_list<Label> labels, double value);
  void add(std::initializer_list<Label> labels, const record::Histogram& durations);

  // Ends the last family; the whole text.
  std::string finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::metrics
