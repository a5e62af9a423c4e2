#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/read_back.h"

namespace recoup::claim {
namespace {

using Json = nlohmann::json;
using core::Error;
using core::Ratio;

// Reader takes values out of a document by their place ("/verdict/month"). The first that is not as
// expected is kept as the error, and stands for the whole; what follows reads as empty.
class Reader {
 public:
  explicit Reader(const Json& json, std::string at = "") : json_(json), at_(std::move(at)) {}

  std::string text(const char* place) {
    const Json& value = find(place);
    if (value.is_string()) return value.get<std::string>();
    expected(place, "a text", value);
    return {};
  }

  std::uint64_t number(const char* place) {
    const Json& value = find(place);
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    expected(place, "a whole number", value);
    return 0;
  }

  core::Instant instant(const char* place) {
    const auto value = core::parse_instant(text(place));
    if (value) return *value;
    expected(place, "an instant", find(place));
    return {};
  }

  core::Millis duration(const char* place) {
    const auto value = core::parse_duration(text(place));
    if (value) return *value;
    expected(place, "a duration", find(place));
    return core::Millis(1);
  }

  Ratio percent(const char* place) {
    const auto value = Ratio::parse(text(place));
    if (value) return *value / Ratio::whole(100);
    expected(place, "a percentage", find(place));
    return {};
  }

  // The fraction whose parts stand at place/numerator and place/denominator.
  Ratio fraction(const std::string& place) {
    const auto value = Ratio::parse_fraction(text((place + "/numerator").c_str()),
                                             text((place + "/denominator").c_str()));
    if (value) return *value;
    expected(place, "a fraction", find(place));
    return {};
  }

  bool is_null(const char* place) { return find(place).is_null(); }

  // Reads each element of a list with a Reader of its own.
  template <typename Read>
  void each(const char* place, Read read) {
    const Json& list = find(place);
    if (!list.is_array()) return expected(place, "a list", list);
    for (std::size_t i = 0; i < list.size(); ++i) {
      Reader element(list[i], fmt::format("{}{}/{}", at_, place, i));
      read(element);
      if (!error_ && element.error_) error_ = element.error_;
    }
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const Json& find(const std::string& place) {
    static const Json kNothing = Json::value_t::discarded;
    const Json::json_pointer pointer(place);
    return json_.contains(pointer) ? json_.at(pointer) : kNothing;
  }

  void expected(const std::string& place, std::string_view what, const Json& got) {
    if (error_) return;
    const std::string shown =
        got.is_discarded() ? "nothing" : got.dump(-1, ' ', true, Json::error_handler_t::replace);
    error_ =
        Error{fmt::format("expected {} at {}{}, got {}", what, at_, place, shown.substr(0, 120)),
              "claim.json"};
  }

  const Json& json_;
  std::string at_;
  std::optional<Error> error_;
};

StatedTier read_tier(Reader& in) {
  StatedTier tier;
  tier.below = in.percent("/below");
  if (!in.is_null("/at_least")) tier.at_least = in.percent("/at_least");
  tier.credit = in.percent("/percent");
  tier.percent = in.text("/percent");
  return tier;
}

// Which line a byte of the text is in.
std::size_t line_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

}  // namespace

core::Result<Stated> parse_claim_json(const std::string& text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& problem) {
    return Error{"expected JSON, got something else",
                 fmt::format("claim.json:{}", line_of(text, problem.byte))};
  } catch (const Json::exception&) {
    return Error{"expected JSON with numbers of a usual size", "claim.json"};
  }
  Reader in(json);
  Stated stated;
  stated.cycle = {in.instant("/verdict/cycle/begin"), in.instant("/verdict/cycle/end")};
  stated.interval = in.duration("/rule/interval");
  stated.intervals = in.number("/verdict/intervals/total");
  stated.below_100 = in.number("/verdict/intervals/below_100");
  stated.requests = in.number("/verdict/requests");
  stated.errors = in.number("/verdict/errors");
  stated.without_record = in.number("/errors_without_record");
  stated.uptime = in.fraction("/verdict/monthly_uptime");
  stated.uptime_percent = in.text("/verdict/monthly_uptime/percent");
  stated.commitment = in.percent("/verdict/commitment");
  in.each("/rule/error_statuses",
          [&](Reader& status) { stated.error_statuses.push_back(status.number("")); });
  in.each("/rule/tiers", [&](Reader& tier) { stated.tiers.push_back(read_tier(tier)); });
  stated.credit_percent = in.text("/verdict/credit/percent");
  stated.charges = in.fraction("/charges");
  stated.amount = in.text("/verdict/credit/amount");
  stated.currency = in.text("/verdict/credit/charges/currency");
  in.each("/files", [&](Reader& file) {
    stated.files.push_back({file.text("/name"), file.text("/sha256")});
  });
  if (in.error()) return *in.error();
  return stated;
}

}  // namespace recoup::claim
