#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace recoup::cli {

// The log of the process, on standard output. From the first call on for all threads; what is said
// already stays as it was. Times are in UTC with a Z.

// Text for people: "2026-11-28T04:40:55.012Z [info] …", with colour on a terminal. What main()
// begins with.
void log_as_text();

// From here on what standard output does not take, as a file on a full disk does not, is said on
// standard error, and fails nothing: the process runs for long, and the disk has room again.
void stand_in_for_output();

// Says a line on standard output, or there. From any thread.
void say_somewhere(std::string_view line);

// Whether its levels have colours.
void log_with_colours(bool colours);

// An object a line: {"time":"2026-11-28T04:40:55.012Z","level":"info","message":"…"}.
void log_as_json();

// "text" or "json".
core::Result<void> set_log_format(const std::string& name);

// "trace", "debug", "info", "warning", "error" or "off": what is said at least.
core::Result<void> set_log_level(const std::string& name);

}  // namespace recoup::cli
