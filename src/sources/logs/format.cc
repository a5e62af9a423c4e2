#include "sources/logs/format.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::sources {

// Each is in formats/NAME.cc.
extern const Format kCombined;
extern const Format kCounts;

const std::vector<const Format*>& formats() {
  static const std::vector<const Format*> all{&kCombined, &kCounts};
  return all;
}

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(formats().begin(), formats().end(),
                                  [&](const Format* each) { return each->name == name; });
  return found == formats().end() ? nullptr : *found;
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
  return fmt::format("{}", fmt::join(words, " or "));
}

}  // namespace recoup::sources
