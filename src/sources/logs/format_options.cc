#include "sources/logs/format_options.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/zones.h"

namespace recoup::sources {
namespace {

// "response..code" and the like name nothing.
bool is_key(std::string_view path) {
  return !path.empty() && path.front() != '.' && path.back() != '.' &&
         path.find("..") == std::string_view::npos;
}

}  // namespace

core::Result<void> add_field(FormatOptions& options, const std::string& text) {
  const auto equals = std::min(text.find('='), text.size());
  const std::string name = text.substr(0, equals);
  const std::string path = text.substr(std::min(equals + 1, text.size()));
  if (std::find(kFieldNames.begin(), kFieldNames.end(), name) == kFieldNames.end()) {
    return core::Error{fmt::format("expected a field and its key like time=ts, got '{}'", text), "",
                       fmt::format("the fields are {}", fmt::join(kFieldNames, ", "))};
  }
  if (!is_key(path)) {
    return core::Error{fmt::format("expected a key behind {}=, got '{}'", name, path), "",
                       "a key inside another one is written with a dot: status=response.code"};
  }
  if (!options.fields.emplace(name, path).second) {
    return core::Error{fmt::format("expected the field {} once, got it twice", name)};
  }
  return {};
}

core::Result<void> set_time_zone(FormatOptions& options, const std::string& name) {
  const auto zone = rules::find_zone(name);
  if (!zone) return zone.error();
  options.time_zone = *zone;
  return {};
}

}  // namespace recoup::sources
