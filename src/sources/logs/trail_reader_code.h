// The reader itself, compiled once for each kind of processor: simdjson decides when it is compiled
// which instructions it uses, and parses with those of an x86-64 of 2003 at a fifth of the speed.
// No #pragma once: whoever includes it has simdjson and RECOUP_MAKE_TRAIL_READER, the function that
// it becomes, set up before.
namespace recoup::sources {
namespace {

namespace json = simdjson::ondemand;
using simdjson::error_code;

constexpr std::size_t kLongestExcerpt = 400;

// The text of a string; empty for null. False for anything else.
bool text_of(json::value& value, std::string_view& text) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == json::json_type::null) {
    text = {};
    return true;
  }
  return value.get_string().get(text) == simdjson::SUCCESS;
}

// A key of an object as it is written, without escapes: all that is looked for has none.
template <typename Field>
std::string_view key_of(Field& field) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"') end += *end == '\\' ? 2 : 1;
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Gives each field of the object to `each`, which returns false where it is not what it must be. An
// error of the JSON itself, or what `each` refused as INCORRECT_TYPE.
template <typename Each>
error_code for_each_field(json::object object, Each each) {
  for (auto got : object) {
    json::field field;
    if (const error_code error = std::move(got).get(field)) return error;
    const std::string_view key = key_of(field);
    json::value value = field.value();
    if (!each(key, value)) return simdjson::INCORRECT_TYPE;
  }
  return simdjson::SUCCESS;
}

// The same of a value that may be null.
template <typename Each>
bool object_of(json::value& value, Each each) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == json::json_type::null) return true;
  json::object object;
  return value.get_object().get(object) == simdjson::SUCCESS &&
         for_each_field(object, each) == simdjson::SUCCESS;
}

bool read_identity(json::value& value, TrailRecord& record) {
  return object_of(value, [&](std::string_view key, json::value& one) {
    if (key == "accountId") return text_of(one, record.caller);
    if (key == "invokedBy") return text_of(one, record.invoked_by);
    if (key == "type") return text_of(one, record.caller_type);
    return true;
  });
}

bool read_addendum(json::value& value, TrailRecord& record) {
  return object_of(value, [&](std::string_view key, json::value& one) {
    if (key == "reason") return text_of(one, record.addendum);
    if (key == "originalEventID") return text_of(one, record.corrects);
    return true;
  });
}

bool add_key(json::value& value, TrailRecord& record) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  // What a request of another service calls so may be anything.
  if (type != json::json_type::string || record.key_count == record.keys.size()) return true;
  return text_of(value, record.keys[record.key_count++]);
}

bool read_parameters(json::value& value, TrailRecord& record) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type != json::json_type::object) return true;
  return object_of(value, [&](std::string_view key, json::value& one) {
    return key == "keyId" ? add_key(one, record) : true;
  });
}

bool read_resources(json::value& value, TrailRecord& record) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type != json::json_type::array) return true;
  json::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto got : array) {
    json::value item;
    if (std::move(got).get(item) != simdjson::SUCCESS) return false;
    const bool is_read = object_of(item, [&](std::string_view key, json::value& one) {
      return key == "ARN" ? add_key(one, record) : true;
    });
    if (!is_read) return false;
  }
  return true;
}

// What one field is to the record; false where it is not what it must be.
bool read_field(std::string_view key, json::value& value, bool keys, TrailRecord& record,
                std::string_view& time) {
  switch (key.empty() ? '\0' : key.front()) {
    case 'a':
      if (key == "awsRegion") return text_of(value, record.region);
      if (key == "addendum") return read_addendum(value, record);
      return true;
    case 'e':
      if (key == "eventTime") return text_of(value, time);
      if (key == "eventSource") return text_of(value, record.event_source);
      if (key == "eventName") return text_of(value, record.event_name);
      if (key == "eventID") return text_of(value, record.event_id);
      if (key == "eventType") return text_of(value, record.event_type);
      if (key == "eventCategory") return text_of(value, record.category);
      if (key == "errorCode") return text_of(value, record.error_code);
      return true;
    case 'r':
      if (key == "recipientAccountId") return text_of(value, record.recipient);
      if (key == "requestID") return text_of(value, record.request_id);
      if (keys && key == "requestParameters") return read_parameters(value, record);
      if (keys && key == "resources") return read_resources(value, record);
      return true;
    case 's': return key == "sourceIPAddress" ? text_of(value, record.source_address) : true;
    case 'u':
      if (key == "userIdentity") return read_identity(value, record);
      if (key == "userAgent") return text_of(value, record.user_agent);
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
    error_code error = simdjson::SUCCESS;
    if (is_list(piece)) {
      error = for_each_field(object, [&](std::string_view key, json::value& value) {
        return key == "Records" ? records(value) : true;
      });
    } else {
      error = record(object, piece);
    }
    if (error) return wrong(error);
    if (const char* rest = nullptr; document.current_location().get(rest) == simdjson::SUCCESS) {
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
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto got : array) {
      json::value item;
      if (std::move(got).get(item) != simdjson::SUCCESS) return false;
      const char* place = begin_;
      if (item.current_location().get(place) != simdjson::SUCCESS) return false;
      const std::string_view text(place, static_cast<std::size_t>(end_ - place));
      json::json_type type{};
      if (item.type().get(type) != simdjson::SUCCESS) return false;
      if (type != json::json_type::object) {
        takes_.malformed("expected a record, a JSON object", beginning(text));
        continue;
      }
      json::object object;
      if (item.get_object().get(object) != simdjson::SUCCESS) return false;
      if (record(object, text) != simdjson::SUCCESS) return false;
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
      json::value value = field.value();
      if (!read_field(key_of(field), value, keys_, record, time) && expected.empty()) {
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
    return simdjson::SUCCESS;
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
