#include "sources/logs/formats/json_presets.h"

#include <algorithm>
#include <optional>

namespace recoup::sources {
namespace {

using enum JsonField;

// Durations, as the power of ten that makes milliseconds of them.
constexpr int kSeconds = 3;
constexpr int kMillis = 0;
constexpr int kMicros = -3;
constexpr int kNanos = -6;

struct Key {
  JsonField field;
  std::string_view path;
  int to_millis = kSeconds;
};

struct Preset {
  unsigned traits;
  std::vector<std::string_view> marks;
  std::vector<Key> keys;
};

// A request id is one that the server behind gave, not one that a proxy made up for its own log.
const std::vector<Preset>& known_presets() {
  static const std::vector<Preset> known{
      // Traefik.
      {JsonPreset::kPlain,
       {},
       {{status, "DownstreamStatus"},
        {time, "StartUTC"},
        {time, "StartLocal"},
        {time, "time"},
        {method, "RequestMethod"},
        {path, "RequestPath"},
        {duration, "Duration", kNanos},
        {peer, "ServiceAddr"},
        {agent, "request_User-Agent"},
        {request_id, "origin_X-Amzn-Requestid"},
        {request_id, "origin_X-Amz-Request-Id"},
        {request_id, "origin_X-Ms-Request-Id"},
        {request_id, "origin_X-Request-Id"}}},
      // Envoy, where the client may be gone before there is an answer.
      {JsonPreset::kZeroIsNoAnswer,
       {"start_time"},
       {{status, "response_code"},
        {time, "start_time"},
        {method, "method"},
        {path, "path"},
        {duration, "duration", kMillis},
        {peer, "upstream_host"},
        {agent, "user_agent"},
        {request_id, "x_amzn_requestid"},
        {request_id, "upstream_request_id"}}},
      // An Application Load Balancer, by CloudWatch's log delivery.
      {JsonPreset::kAddsDurations,
       {},
       {{status, "elb_status_code"},
        {time, "time"},
        {request, "request_line"},
        {request, "request"},
        {duration, "request_processing_time"},
        {duration, "target_processing_time"},
        {duration, "response_processing_time"},
        {peer, "target:port"},
        {peer, "target_port"},
        {agent, "user_agent"},
        {request_id, "trace_id"}}},
      // CloudFront's standard logging, version 2.
      {JsonPreset::kPlain,
       {},
       {{status, "sc-status"},
        {date, "date"},
        {time, "timestamp(ms)"},
        {time, "timestamp"},
        {time, "time"},
        {method, "cs-method"},
        {path, "cs-uri-stem"},
        {duration, "time-taken"},
        {agent, "cs(User-Agent)"},
        {request_id, "x-edge-request-id"}}},
      // S3, by CloudWatch's log delivery.
      {JsonPreset::kPlain,
       {"schema_version_id", "bucket_name", "bucket_arn", "bucket_owner_id", "bucket_owner"},
       {{status, "http_status"},
        {status, "http_status_code"},
        {time, "request_time"},
        {time, "time"},
        {request, "request_uri"},
        {operation, "operation"},
        {error, "error_code"},
        {duration, "total_time", kMillis},
        {agent, "user_agent"},
        {request_id, "request_id"}}},
      // API Gateway, by the names of its own variables.
      {JsonPreset::kPlain,
       {"httpMethod", "resourcePath", "routeKey"},
       {{status, "status"},
        {time, "requestTimeEpoch"},
        {time, "requestTime"},
        {request, "routeKey"},
        {method, "httpMethod"},
        {path, "path"},
        {path, "resourcePath"},
        {duration, "responseLatency", kMillis},
        {agent, "userAgent"},
        {request_id, "requestId"}}},
      // Caddy.
      {JsonPreset::kNamesLoggers,
       {"request.method", "request.uri", "request.remote_ip"},
       {{status, "status"},
        {time, "ts"},
        {time, "time"},
        {method, "request.method"},
        {path, "request.uri"},
        {duration, "duration"},
        {agent, "request.headers.User-Agent"},
        {logger, "logger"},
        {request_id, "resp_headers.X-Amzn-Requestid"},
        {request_id, "resp_headers.X-Amz-Request-Id"},
        {request_id, "resp_headers.X-Ms-Request-Id"},
        {request_id, "resp_headers.X-Request-Id"}}},
      // The names that nginx has for them, and those that many give them.
      {JsonPreset::kPlain,
       {},
       {{status, "status"},
        {status, "status_code"},
        {status, "statusCode"},
        {status, "response_status"},
        {status, "response_code"},
        {status, "http_status"},
        {status, "response.status"},
        {status, "response.status_code"},
        {status, "http.response.status_code"},
        {status, "res.statusCode"},
        {time, "time_iso8601"},
        {time, "@timestamp"},
        {time, "timestamp"},
        {time, "date"},
        {time, "time"},
        {time, "ts"},
        {time, "datetime"},
        {time, "time_local"},
        {time, "msec"},
        {time, "start_time"},
        {time, "requestTime"},
        {request, "request"},
        {request, "request_line"},
        {method, "request_method"},
        {method, "method"},
        {method, "http_method"},
        {method, "verb"},
        {method, "request.method"},
        {method, "http.request.method"},
        {method, "req.method"},
        {path, "request_uri"},
        {path, "uri"},
        {path, "path"},
        {path, "url"},
        {path, "request.uri"},
        {path, "request.path"},
        {path, "url.path"},
        {path, "req.url"},
        {duration, "request_time"},
        {duration, "duration_ms", kMillis},
        {duration, "latency_ms", kMillis},
        {duration, "elapsed_ms", kMillis},
        {duration, "responseTime", kMillis},
        {peer, "upstream_addr"},
        {agent, "http_user_agent"},
        {agent, "user_agent"},
        {agent, "userAgent"},
        {agent, "agent"},
        {agent, "user_agent.original"},
        {agent, "request.headers.User-Agent"},
        {agent, "req.headers.user-agent"},
        {logger, "logger"},
        {request_id, "upstream_http_x_amzn_requestid"},
        {request_id, "upstream_http_x_amz_request_id"},
        {request_id, "upstream_http_x_ms_request_id"},
        {request_id, "upstream_http_x_request_id"},
        {request_id, "upstream_request_id"},
        {request_id, "x_amzn_requestid"}}}};
  return known;
}

std::optional<JsonField> named_field(std::string_view name) {
  constexpr std::array<JsonField, kFieldNames.size()> kFields{
      time, status, request, method, path, request_id, duration, peer, agent, error};
  const auto found = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (found == kFieldNames.end()) return std::nullopt;
  return kFields[static_cast<std::size_t>(found - kFieldNames.begin())];
}

int unit_of(std::string_view path) {
  if (path.ends_with("_ms")) return kMillis;
  if (path.ends_with("_us")) return kMicros;
  if (path.ends_with("_ns")) return kNanos;
  return kSeconds;
}

}  // namespace

JsonPresets::JsonPresets(const FormatOptions& options) {
  std::vector<Key> said;
  for (const auto& [name, path] : options.fields) {
    if (const auto field = named_field(name)) said.push_back({*field, path, unit_of(path)});
  }
  const bool is_own_kind = options.fields.contains("time") || options.fields.contains("status");
  for (const Preset& known : known_presets()) {
    // Where the user says where time or status is, it is no log that is known.
    if (is_own_kind && &known != &known_presets().back()) continue;
    JsonPreset preset{known.traits, {}, {}, {}};
    for (const std::string_view mark : known.marks) preset.marks[keys_.add(mark)] = true;
    const auto add = [&](const Key& key) {
      const JsonKeys::Slot slot = keys_.add(key.path);
      if (slot == JsonKeys::kNone) return;
      preset.places[static_cast<std::size_t>(key.field)].push_back({slot, key.to_millis});
      if (key.field == status) preset.statuses[slot] = true;
    };
    for (const Key& key : said) add(key);
    for (const Key& key : known.keys) {
      const bool is_said = std::any_of(said.begin(), said.end(), [&](const Key& one) {
        return one.field == key.field || (one.field == time && key.field == date);
      });
      if (!is_said) add(key);
    }
    presets_.push_back(std::move(preset));
  }
  for (const std::string_view key : {"level", "severity", "log.level", "msg", "message"}) {
    said_[keys_.add(key)] = true;
  }
}

const JsonPreset* JsonPresets::of(const JsonKeys::Set& filled) const {
  for (const JsonPreset& preset : presets_) {
    const bool is_marked = preset.marks.none() || (preset.marks & filled).any();
    if (is_marked && (preset.statuses & filled).any()) return &preset;
  }
  return nullptr;
}

}  // namespace recoup::sources
