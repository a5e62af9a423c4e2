#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/zone.h"

namespace recoup::sources {

// What can be named of a record that is keys and values: the fields of FormatOptions.
inline constexpr std::array<std::string_view, 10> kFieldNames{
    "time",       "status",   "request", "method", "path",
    "request_id", "duration", "peer",    "agent",  "error"};

// SdkSubjects is whose attempts are wanted of all that AWS SDKs report (sdk::CountedLog).
struct SdkSubjects {
  std::vector<std::string> services;  // as SDKs call them; empty: none
  std::string region;                 // empty: any
  std::vector<std::string> clients;   // empty: any
};

// FormatOptions is what the user says of how a log is written, beside the name of its format. Not
// every format has each of them: check_options() in format.h.
struct FormatOptions {
  // Which field of a line holds the id that the server behind gave the request, from 1 and over the
  // whole line; a field is a word, a text in quotes or one in brackets. 0: none does.
  std::size_t request_id = 0;

  // Which keys hold what, by kFieldNames: {"time", "ts"}, {"status", "response.code"}. What is not
  // named here is found by the keys themselves. A duration is in seconds, or in what the end of its
  // key says: _ms, _us, _ns.
  std::map<std::string, std::string> fields;

  // Of times that are written without one.
  std::optional<core::Zone> time_zone;

  // Of what AWS SDKs report, by the settings; without any, all of it is wanted.
  std::vector<SdkSubjects> subjects;

  // The times after which an answer is late by the agreement's contract, in order: by its versions.
  std::vector<core::Millis> late_after;
};

// Adds a field as it is written on a command line: "time=ts". Errors: no such field; no key.
core::Result<void> add_field(FormatOptions& options, const std::string& text);

// Sets the zone by its name: "UTC", "+05:30", "Europe/Zurich". Errors: no such zone.
core::Result<void> set_time_zone(FormatOptions& options, const std::string& name);

}  // namespace recoup::sources
