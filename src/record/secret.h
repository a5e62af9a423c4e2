#pragma once

#include <string>
#include <utility>

namespace recoup::record {

// Secret holds a key, token or password. It has no operator<< and formats as "<secret>"; the value
// leaves it through reveal() alone, which stands only where a request is made.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  bool empty() const { return value_.empty(); }
  const std::string& reveal() const { return value_; }

  bool operator==(const Secret&) const = default;

 private:
  std::string value_;
};

inline std::string to_text(const Secret&) { return "<secret>"; }

}  // namespace recoup::record
