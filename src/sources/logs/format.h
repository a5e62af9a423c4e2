#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sources/logs/format_options.h"
#include "sources/logs/intake.h"
#include "sources/logs/place.h"

namespace recoup::sources {

// Reader makes records of one log's content. It is given bytes and not lines: a log may be one
// document. What reads line by line is a LineReader (formats/lines.h).
class Reader {
 public:
  virtual ~Reader() = default;

  // Takes the next part of the content, of whatever size, and tells the intake what is in it. An
  // error where nothing of the log can be kept.
  virtual core::Result<void> take(std::string_view bytes, Intake& intake) = 0;

  // Takes what is left when the content has ended.
  virtual core::Result<void> finish(Intake& intake) = 0;
};

// Format is one way in which logs are written: a row of the table in format.cc, and a file of its
// own in formats/.
struct Format {
  std::string_view name;  // in settings and on the command line: "combined"
  std::string_view what;  // "an access log of a web server"
  std::string_view help;  // "access logs of web servers"
  // Whether a line, or its beginning, is most likely of it.
  bool (*fits)(std::string_view line, const FormatOptions& options);
  std::unique_ptr<Reader> (*reader)(const FormatOptions& options);  // one for each log
  // What such a log sees, and what it cannot: said beside every uptime that rests on one.
  Sight sight;
  // Its records are sums, of which two hosts may well have the same in the same minutes: they are
  // known again in files of the same log source alone.
  bool sums = false;
  // What it says is the word of local processes about their own requests (record::SeriesKind::sdk).
  bool by_processes = false;
  // Which of the options it has.
  bool has_numbered_fields = false;  // request_id
  bool has_named_fields = false;     // fields and time_zone
  // Whether its lines say how long requests took, so that late answers are told (late_answers.h).
  enum class Durations { no, some, all };
  Durations durations = Durations::no;
};

// What stands for a format's name where the log is to tell its own.
inline constexpr std::string_view kAutoFormat = "auto";

// The name of a format that is no row of the table: trails are read by themselves (trail.h).
inline constexpr char kTrailFormat[] = "cloudtrail";

// All formats that can be read, what is more particular first.
const std::vector<const Format*>& formats();

// The format of that name; null where there is none.
const Format* find_format(std::string_view name);

// Refuses an option that the format does not have.
core::Result<void> check_options(const Format& format, const FormatOptions& options);

// "combined, counts".
std::string format_names();

// "combined (access logs of web servers) or counts (CSV: minute,outcome,count)".
std::string formats_in_words();

}  // namespace recoup::sources
