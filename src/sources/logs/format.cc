#include "sources/logs/format.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"

namespace recoup::sources {

// Each is in formats/NAME.cc.
extern const Format kAlb;
extern const Format kCloudFront;
extern const Format kCombined;
extern const Format kCounts;
extern const Format kCsm;
extern const Format kElb;
extern const Format kJson;
extern const Format kS3;

const std::vector<const Format*>& formats() {
  static const std::vector<const Format*> all{&kAlb, &kElb,  &kCloudFront, &kS3,
                                              &kCsm, &kJson, &kCombined,   &kCounts};
  return all;
}

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(formats().begin(), formats().end(),
                                  [&](const Format* each) { return each->name == name; });
  return found == formats().end() ? nullptr : *found;
}

core::Result<void> check_options(const Format& format, const FormatOptions& options) {
  const auto refuse = [&](std::string_view option, bool Format::*has) {
    std::vector<std::string> names;
    for (const Format* each : formats()) {
      if (each->*has) names.emplace_back(each->name);
    }
    return core::Error{
        fmt::format("expected no {} for the format {}, got one", option, format.name), "",
        fmt::format("it is of the format {}", core::listed(names, "or"))};
  };
  if (options.request_id != 0 && !format.has_numbered_fields) {
    return refuse("number of the request id's field", &Format::has_numbered_fields);
  }
  if (!options.fields.empty() && !format.has_named_fields) {
    return refuse("key of a field", &Format::has_named_fields);
  }
  if (options.time_zone && !format.has_named_fields) {
    return refuse("time zone", &Format::has_named_fields);
  }
  return {};
}

std::string format_names() {
  std::vector<std::string_view> names;
  for (const Format* each : formats()) names.push_back(each->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string formats_in_words() {
  std::vector<std::string> words;
  for (const Format* each : formats()) {
    words.push_back(fmt::format("{} ({})", each->name, each->help));
  }
  return core::listed(words, "or");
}

}  // namespace recoup::sources
