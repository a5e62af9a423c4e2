#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/money.h"
#include "core/result.h"
#include "core/time.h"
#include "record/seal.h"

namespace recoup::claim {

// JsonReader takes values out of a document by their place ("/verdict/month"). The first that is
// not as expected is kept as the error, and stands for the whole; what follows reads as empty.
class JsonReader {
 public:
  using Json = nlohmann::json;

  explicit JsonReader(const Json& json, std::string at = "") : json_(json), at_(std::move(at)) {}

  std::string text(const char* place);
  bool truth(const char* place);
  std::vector<std::string> texts(const char* place);
  core::Month month(const char* place);
  core::Date date(const char* place);
  std::uint64_t number(const char* place);
  // A number from `least` to `most`.
  int small(const char* place, int least, int most);
  core::Instant instant(const char* place);
  // At least a minute, at most a day.
  std::chrono::minutes minutes(const char* place);
  std::chrono::seconds seconds(const char* place);
  core::Millis duration(const char* place);
  // A percentage that an error rate is compared with: as few digits as contracts have.
  core::Ratio threshold(const char* place);
  core::Ratio percent(const char* place);
  // A plain decimal: "40.00".
  core::Ratio decimal(const char* place);
  // The fraction whose parts stand at place/numerator and place/denominator.
  core::Ratio fraction(const std::string& place);

  // Nothing where null stands.
  std::optional<core::Instant> instant_or_null(const char* place);
  std::optional<core::Money> money(const std::string& place);
  std::optional<core::DeadlineDates> deadline(const std::string& place);

  bool is_null(const char* place) { return find(place).is_null(); }
  bool has(const char* place) { return !find(place).is_discarded(); }

  // What stands there is not as expected, for a reason that only the caller can see.
  void refuse(const char* place, std::string_view what) { expected(place, what, find(place)); }

  // Reads each element of a list with a JsonReader of its own.
  template <typename Read>
  void each(const char* place, Read read) {
    const Json& list = find(place);
    if (!list.is_array()) return expected(place, "a list", list);
    for (std::size_t i = 0; i < list.size() && !error_; ++i) {
      JsonReader element(list[i], at_ + place + '/' + std::to_string(i));
      read(element);
      if (element.error_) error_ = element.error_;
    }
  }

  const std::optional<core::Error>& error() const { return error_; }

 private:
  const Json& find(const std::string& place);
  void expected(const std::string& place, std::string_view what, const Json& got);

  const Json& json_;
  std::string at_;
  std::optional<core::Error> error_;
};

}  // namespace recoup::claim
