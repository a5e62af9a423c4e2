// The reader itself, compiled once for each kind of processor: simdjson decides when it is compiled
// which instructions it uses, and parses with those of an x86-64 of 2003 at a fifth of the speed.
// No #pragma once: whoever includes it has simdjson and RECOUP_MAKE_TRAIL_READER, the function that
// it becomes, set up before.
namespace recoup::sources {
namespace {

namespace json = simdjson::ondemand;
using simdjson::error_code;

constexpr error_code kSuccess = simdjson::SUCCESS;

constexpr std::size_t kLongestExcerpt = 400;

// Whether a text without its quotes has an escape in it. Eight bytes at a time: up to seven more
// are read behind it, as TrailReader::kPadding allows.
bool has_escape(const char* p, std::size_t size) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  for (std::size_t i = 0; i < size; i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, p + i, sizeof word);
    word ^= kOnes * '\\';
    if (((word - kOnes) & ~word & kOnes << 7) != 0) return true;
  }
  return false;
}

// The text of a string; empty for null. False for anything else. It lies in the piece where nothing
// in it is escaped, as nearly always, and nothing is copied.
bool text_of(json::value& value, std::string_view& text) {
  std::string_view token = value.raw_json_token();
  text = {};
  if (token.front() == 'n') return true;
  if (token.front() != '"') return false;
  const std::size_t end = token.rfind('"');  // there may be white space behind it
  if (end == 0) return false;
  token = token.substr(1, end - 1);
  if (has_escape(token.data(), token.size())) return value.get_string().get(text) == kSuccess;
  text = token;
  return true;
}

// Whether a key of an object, as it is written, is this one: all that is looked for has no escapes.
// What follows a key is read with it, as TrailReader::kPadding allows.
template <std::size_t kSize>
bool is(const char* key, const char (&wanted)[kSize]) {
  return std::memcmp(key, wanted, kSize - 1) == 0 && key[kSize - 1] == '"';
}

// Gives each field of the object to `each`, which returns false where it is not what it must be. An
// error of the JSON itself, or what `each` refused as INCORRECT_TYPE.
template <typename Each>
error_code for_each_field(json::object object, Each each) {
  for (auto got : object) {
    json::field field;
    if (const error_code error = std::move(got).get(field)) return error;
    if (!each(field.key().raw(), field.value())) return simdjson::INCORRECT_TYPE;
  }
  return kSuccess;
}

// The same of a value that may be null.
template <typename Each>
bool object_of(json::value& value, Each each) {
  json::json_type type{};
  if (value.type().get(type) != kSuccess) return false;
  if (type == json::json_type::null) return true;
  json::object object;
  return value.get_object().get(object) == kSuccess && for_each_field(object, each) == kSuccess;
}

bool read_identity(json::value& value, TrailRecord& record) {
  return object_of(value, [&](const char* key, json::value& one) {
    if (is(key, "accountId")) return text_of(one, record.caller);
    if (is(key, "invokedBy")) return text_of(one, record.invoked_by);
    if (is(key, "type")) return text_of(one, record.caller_type);
    return true;
  });
}

bool read_addendum(json::value& value, TrailRecord& record) {
  return object_of(value, [&](const char* key, json::value& one) {
    if (is(key, "reason")) return text_of(one, record.addendum);
    if (is(key, "originalEventID")) return text_of(one, record.corrects);
    return true;
  });
}

bool add_key(json::value& value, TrailRecord& record) {
  json::json_type type{};
  if (value.type().get(type) != kSuccess) return false;
  // What a request of another service calls so may be anything.
  if (type != json::json_type::string || record.key_count == record.keys.size()) return true;
  return text_of(value, record.keys[record.key_count++]);
}

bool read_parameters(json::value& value, TrailRecord& record) {
  json::json_type type{};
  if (value.type().get(type) != kSuccess) return false;
  if (type != json::json_type::object) return true;
  return object_of(value, [&](const char* key, json::value& one) {
    return is(key, "keyId") ? add_key(one, record) : true;
  });
}

bool read_resources(json::value& value, TrailRecord& record) {
  json::json_type type{};
  if (value.type().get(type) != kSuccess) return false;
  if (type != json::json_type::array) return true;
  json::array array;
  if (value.get_array().get(array) != kSuccess) return false;
  for (auto got : array) {
    json::value item;
    if (std::move(got).get(item) != kSuccess) return false;
    const bool is_read = object_of(item, [&](const char* key, json::value& one) {
      return is(key, "ARN") ? add_key(one, record) : true;
    });
    if (!is_read) return false;
  }
  return true;
}

// What one field is to the record; false where it is not what it must be.
bool read_field(const char* key, json::value& value, bool keys, TrailRecord& record,
                std::string_view& time) {
  switch (*key) {
    case 'a':
      if (is(key, "awsRegion")) return text_of(value, record.region);
      if (is(key, "addendum")) return read_addendum(value, record);
      return true;
    case 'e':
      if (is(key, "eventTime")) return text_of(value, time);
      if (is(key, "eventSource")) return text_of(value, record.event_source);
      if (is(key, "eventName")) return text_of(value, record.event_name);
      if (is(key, "eventID")) return text_of(value, record.event_id);
      if (is(key, "eventType")) return text_of(value, record.event_type);
      if (is(key, "eventCategory")) return text_of(value, record.category);
      if (is(key, "errorCode")) return text_of(value, record.error_code);
      return true;
    case 'r':
      if (is(key, "recipientAccountId")) return text_of(value, record.recipient);
      if (is(key, "requestID")) return text_of(value, record.request_id);
      if (keys && is(key, "requestParameters")) return read_parameters(value, record);
      if (keys && is(key, "resources")) return read_resources(value, record);
      return true;
    case 's': return is(key, "sourceIPAddress") ? text_of(value, record.source_address) : true;
    case 'u':
      if (is(key, "userIdentity")) return read_identity(value, record);
      if (is(key, "userAgent")) return text_of(value, record.user_agent);
      return true;
    default: return true;
  }
}

std::string_view what_is_missing(const TrailRecord& record, std::string_view time) {
  if (time.empty()) return "expected a record with the key eventTime";
  if (record.event_id.empty()) return "expected a record with the key eventID";
  if (record.event_source.empty()) return "expected a record with the key eventSource";
  return {};
}

class JsonTrailReader final : public TrailReader {
 public:
  JsonTrailReader(bool keys, Takes takes) : keys_(keys), takes_(std::move(takes)) {}

  core::Result<void> read(std::string_view piece) override {
    json::document document;
    const simdjson::padded_string_view padded(piece.data(), piece.size(), piece.size() + kPadding);
    if (const error_code error = parser_.iterate(padded).get(document)) return wrong(error);
    json::object object;
    if (const error_code error = document.get_object().get(object)) return wrong(error);
    begin_ = piece.data();
    end_ = piece.data() + piece.size();
    error_code error = kSuccess;
    if (is_list(piece)) {
      error = for_each_field(object, [&](const char* key, json::value& value) {
        return is(key, "Records") ? records(value) : true;
      });
    } else {
      error = record(object, piece);
    }
    if (error) return wrong(error);
    if (const char* rest = nullptr; document.current_location().get(rest) == kSuccess) {
      return core::Error{"expected the end of the JSON document, got more behind it"};
    }
    return {};
  }

 private:
  // A record has many keys, and a list of them the one key; it comes first.
  static bool is_list(std::string_view piece) {
    constexpr std::string_view kRecords = "\"Records\"";
    const auto key = piece.find('"');
    return key != std::string_view::npos && piece.substr(key).starts_with(kRecords);
  }

  bool records(json::value& value) {
    json::array array;
    if (value.get_array().get(array) != kSuccess) return false;
    for (auto got : array) {
      json::value item;
      if (std::move(got).get(item) != kSuccess) return false;
      const char* place = begin_;
      if (item.current_location().get(place) != kSuccess) return false;
      const std::string_view text(place, static_cast<std::size_t>(end_ - place));
      json::json_type type{};
      if (item.type().get(type) != kSuccess) return false;
      if (type != json::json_type::object) {
        takes_.malformed("expected a record, a JSON object", beginning(text));
        continue;
      }
      json::object object;
      if (item.get_object().get(object) != kSuccess) return false;
      if (record(object, text) != kSuccess) return false;
    }
    return true;
  }

  // A field of another kind than it must be spoils its record alone, and the JSON as a whole not.
  error_code record(json::object& object, std::string_view text) {
    TrailRecord record;
    std::string_view time;
    std::string_view expected;
    for (auto got : object) {
      json::field field;
      if (const error_code error = std::move(got).get(field)) return error;
      if (!read_field(field.key().raw(), field.value(), keys_, record, time) && expected.empty()) {
        expected = "expected text for what a record says of its request, got something else";
      }
    }
    if (expected.empty()) expected = what_is_missing(record, time);
    if (expected.empty() && !parse_event_time(time, record.at)) {
      expected = "expected an eventTime like 2026-10-03T02:00:00Z";
    }
    if (expected.empty()) {
      takes_.record(record);
    } else {
      takes_.malformed(expected, beginning(text));
    }
    return kSuccess;
  }

  static std::string_view beginning(std::string_view text) {
    return text.substr(0, kLongestExcerpt);
  }

  static core::Error wrong(error_code error) {
    return {fmt::format("expected CloudTrail records as JSON, got what is none: {}",
                        simdjson::error_message(error))};
  }

  bool keys_;
  Takes takes_;
  json::parser parser_;
  const char* begin_ = nullptr;  // of the piece
  const char* end_ = nullptr;
};

}  // namespace

std::unique_ptr<TrailReader> RECOUP_MAKE_TRAIL_READER(bool keys, TrailReader::Takes takes) {
  return std::make_unique<JsonTrailReader>(keys, std::move(takes));
}

}  // namespace recoup::sources
