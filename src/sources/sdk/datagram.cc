#include "sources/sdk/datagram.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "sources/sdk/no_answer.h"

namespace recoup::sources::sdk {
namespace {

namespace json = simdjson::ondemand;
using core::Instant;
using core::Millis;

constexpr std::string_view kObject = "expected a JSON object";
constexpr std::string_view kType = "expected a Type in text";
constexpr std::string_view kText = "expected text of at most 255 characters";
constexpr std::string_view kNumber = "expected a whole number";
constexpr std::string_view kService = "expected a Service";
constexpr std::string_view kSdkTime = "expected a Timestamp in milliseconds since 1970";
constexpr std::string_view kSdkStatus = "expected an HttpStatusCode from 100 to 999, or none";
constexpr std::string_view kAttempts = "expected an AttemptCount from 0 to 1000";
constexpr std::string_view kLatency = "expected an AttemptLatency in milliseconds";

// What SDKs cut their client ids to, and more than any other of these texts has.
constexpr std::size_t kLongestText = 255;
constexpr std::int64_t kMostAttempts = 1000;
constexpr std::int64_t kLongestLatency = 366LL * 24 * 3600 * 1000;
constexpr std::int64_t kLastTime = 253'402'300'799'999;  // of the year 9999

// The fields that are looked at, as they came.
struct Fields {
  std::string_view type, service, api, client, region;
  std::string_view request_id, other_request_id;  // of most services, and of S3 and its like
  std::string_view aws_exception, aws_message, sdk_exception, sdk_message;
  std::optional<std::int64_t> time, status, latency, attempts, gave_up;
};

using Text = std::string_view Fields::*;
using Number = std::optional<std::int64_t> Fields::*;

constexpr std::pair<std::string_view, Text> kTexts[] = {
    {"Type", &Fields::type},
    {"Service", &Fields::service},
    {"Api", &Fields::api},
    {"ClientId", &Fields::client},
    {"Region", &Fields::region},
    {"XAmznRequestId", &Fields::request_id},
    {"XAmzRequestId", &Fields::other_request_id},
    {"AwsException", &Fields::aws_exception},
    {"AwsExceptionMessage", &Fields::aws_message},
    {"SdkException", &Fields::sdk_exception},
    {"SdkExceptionMessage", &Fields::sdk_message},
};
constexpr std::pair<std::string_view, Number> kNumbers[] = {
    {"Timestamp", &Fields::time},
    {"HttpStatusCode", &Fields::status},
    {"AttemptLatency", &Fields::latency},
    {"AttemptCount", &Fields::attempts},
    {"MaxRetriesExceeded", &Fields::gave_up},
};

template <typename Of, std::size_t kSize>
const Of* find(const std::pair<std::string_view, Of> (&fields)[kSize], std::string_view key) {
  const auto found = std::find_if(std::begin(fields), std::end(fields),
                                  [&](const auto& field) { return field.first == key; });
  return found == std::end(fields) ? nullptr : &found->second;
}

// Takes a field that is looked at; null is as if it were not there. What is wrong with it, or
// nothing.
std::string_view take(std::string_view key, json::value value, Fields& out) {
  if (const Text* text = find(kTexts, key)) {
    bool is_null = false;
    if (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) return {};
    if (value.get_string().get(out.*(*text)) != simdjson::SUCCESS) return kText;
    const bool is_message = key.ends_with("Message");
    return is_message || (out.*(*text)).size() <= kLongestText ? std::string_view() : kText;
  }
  if (const Number* number = find(kNumbers, key)) {
    bool is_null = false;
    if (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) return {};
    std::int64_t taken = 0;
    if (value.get_int64().get(taken) != simdjson::SUCCESS) return kNumber;
    out.*(*number) = taken;
  }
  return {};
}

// All fields of the object; what is wrong, or nothing.
std::string_view take_all(json::document& document, Fields& out) {
  json::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return kObject;
  for (auto each : object) {
    json::field field;
    std::string_view key;
    if (std::move(each).get(field) != simdjson::SUCCESS) return kObject;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return kObject;
    if (const auto wrong = take(key, field.value(), out); !wrong.empty()) return wrong;
  }
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return at_end ? std::string_view() : kObject;
}

bool is_within(const std::optional<std::int64_t>& value, std::int64_t low, std::int64_t high) {
  return value && *value >= low && *value <= high;
}

bool is_request_id(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// An answer by its status alone; Ruby calls it 0 where there was none, and has what went wrong
// where others have the provider's error.
core::Outcome outcome_of(const Fields& fields) {
  if (fields.status.value_or(0) == 0) {
    const bool by_sdk = !fields.sdk_exception.empty();
    return core::Failed{no_answer_of(by_sdk ? fields.sdk_exception : fields.aws_exception,
                                     by_sdk ? fields.sdk_message : fields.aws_message)};
  }
  core::Answered answer;
  answer.status = static_cast<int>(*fields.status);
  if (answer.status >= 400 && !fields.aws_exception.empty()) {
    answer.error_name = core::clean_error_name(fields.aws_exception);
  }
  return answer;
}

Said attempt(const Fields& fields, const Subject& of, Instant at) {
  if (fields.status && *fields.status != 0 && !is_within(fields.status, 100, 999)) {
    return Malformed{kSdkStatus};
  }
  if (fields.latency && !is_within(fields.latency, 0, kLongestLatency)) return Malformed{kLatency};
  std::string_view request_id = fields.request_id;
  if (request_id.empty()) request_id = fields.other_request_id;
  if (!is_request_id(request_id)) request_id = {};
  return Attempt{
      of, fields.api, at, outcome_of(fields), request_id, Millis(fields.latency.value_or(0))};
}

Said call(const Fields& fields, const Subject& of, Instant at) {
  if (!is_within(fields.attempts, 0, kMostAttempts)) return Malformed{kAttempts};
  return Call{of, at, static_cast<std::uint64_t>(*fields.attempts),
              fields.gave_up.value_or(0) != 0};
}

}  // namespace

struct DatagramReader::Impl {
  json::parser parser;
  std::vector<char> padded;
};

DatagramReader::DatagramReader() : impl_(std::make_unique<Impl>()) {}

DatagramReader::~DatagramReader() = default;

Said DatagramReader::read(std::string_view datagram) {
  // The parser reads beyond the end.
  std::vector<char>& padded = impl_->padded;
  padded.resize(std::max(padded.size(), datagram.size() + simdjson::SIMDJSON_PADDING));
  std::copy(datagram.begin(), datagram.end(), padded.begin());
  json::document document;
  const simdjson::padded_string_view text(padded.data(), datagram.size(), padded.size());
  if (impl_->parser.iterate(text).get(document) != simdjson::SUCCESS) return Malformed{kObject};

  Fields fields;
  if (const auto wrong = take_all(document, fields); !wrong.empty()) return Malformed{wrong};
  if (fields.type.empty()) return Malformed{kType};
  const bool is_attempt = fields.type == "ApiCallAttempt";
  if (!is_attempt && fields.type != "ApiCall") return Other{};
  if (fields.service.empty()) return Malformed{kService};
  if (!is_within(fields.time, 0, kLastTime)) return Malformed{kSdkTime};
  const Subject of{fields.service, fields.region, fields.client};
  const Instant at{Millis(*fields.time)};
  return is_attempt ? attempt(fields, of, at) : call(fields, of, at);
}

}  // namespace recoup::sources::sdk
