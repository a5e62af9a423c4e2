#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sources/logs/format_options.h"
#include "sources/logs/formats/json_keys.h"

namespace recoup::sources {

// What a line of JSON may say of a request.
enum class JsonField : std::size_t {
  time,
  date,  // the day, where the time has none
  status,
  request,  // "GET /a HTTP/1.1"
  method,
  path,
  request_id,
  duration,
  peer,
  agent,
  error,      // the provider's name for it
  operation,  // of S3
  logger,     // which part of the server says it
};
inline constexpr std::size_t kJsonFields = 13;

// JsonPreset says which keys one kind of server or service writes, by their numbers. What is
// preferred comes first.
struct JsonPreset {
  struct Place {
    JsonKeys::Slot slot;
    int to_millis;  // of a duration: the power of ten that makes milliseconds of it
  };

  // What is particular about a kind.
  enum Trait : unsigned {
    kPlain = 0,
    kZeroIsNoAnswer = 1,  // a status of 0
    kAddsDurations = 2,   // of a request are all there are, and not the first one
    kNamesLoggers = 4,    // only one of which logs requests
  };

  unsigned traits = kPlain;
  JsonKeys::Set marks;     // at least one of these is there; none: it needs no mark
  JsonKeys::Set statuses;  // at least one of these is there
  std::array<std::vector<Place>, kJsonFields> places;

  const std::vector<Place>& of(JsonField field) const {
    return places[static_cast<std::size_t>(field)];
  }
};

// JsonPresets are all of them for one log, what is more particular first; what the user says of the
// log stands in place of what they say.
class JsonPresets {
 public:
  explicit JsonPresets(const FormatOptions& options);

  const JsonKeys& keys() const { return keys_; }

  // The one whose keys a line has; null where there is none.
  const JsonPreset* of(const JsonKeys::Set& filled) const;

  // Whether the line is what a program says of itself: it has a level or a message.
  bool is_said(const JsonKeys::Set& filled) const { return (filled & said_).any(); }

 private:
  JsonKeys keys_;
  JsonKeys::Set said_;
  std::vector<JsonPreset> presets_;
};

}  // namespace recoup::sources
