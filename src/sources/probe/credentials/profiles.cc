#include "sources/probe/credentials/profiles.h"

#include <filesystem>

#include <fmt/format.h>

#include "core/text.h"

namespace recoup::sources::probe {
namespace {

// Settings and keys are short; whatever is longer is no such file.
constexpr std::size_t kLongestFile = std::size_t{1} << 20;

// A comment begins the line, or stands behind a blank: a "#" may be part of a key.
std::string_view without_comment(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '#' && line[at] != ';') continue;
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
  }
  return line;
}

core::Result<Sections> read_sections(const std::string& path) {
  std::error_code none;
  if (path.empty() || !std::filesystem::exists(path, none)) return Sections{};
  const auto text = documents::read_file(path, kLongestFile);
  if (!text) return text.error();
  return parse_sections(*text, path);
}

std::string path_of(const documents::Environment& environment, const std::string& variable,
                    const std::string& usual) {
  const std::string named = value_of(environment, variable);
  if (named.starts_with("~/")) return home_of(environment) + named.substr(1);
  if (!named.empty()) return named;
  const std::string home = home_of(environment);
  return home.empty() ? "" : home + "/.aws/" + usual;
}

}  // namespace

std::string value_of(const documents::Environment& environment, const std::string& variable) {
  const auto found = environment.find(variable);
  return found == environment.end() ? "" : found->second;
}

std::string value_of(const Section& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() ? "" : found->second;
}

std::string home_of(const documents::Environment& environment) {
  std::string home = value_of(environment, "HOME");
  while (home.ends_with('/')) home.pop_back();
  return home;
}

core::Result<Sections> parse_sections(std::string_view text, const std::string& name) {
  Sections sections;
  Section* section = nullptr;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = core::trimmed(without_comment(whole));
    if (line.empty()) continue;
    const auto wrong = [&](const char* expected) {
      return core::Error{fmt::format("expected {}, got something else", expected),
                         fmt::format("{}:{}", name, number)};
    };
    if (line.front() == '[') {
      if (line.back() != ']') return wrong("a section's name in brackets");
      section = &sections[std::string(core::trimmed(line.substr(1, line.size() - 2)))];
      continue;
    }
    if (whole.front() == ' ' || whole.front() == '\t') continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return wrong("key = value");
    if (section == nullptr) return wrong("a section before the first key");
    (*section)[core::lower_case(core::trimmed(line.substr(0, equals)))] =
        core::trimmed(line.substr(equals + 1));
  }
  return sections;
}

Section Profiles::of(const std::string& profile) const {
  Section all;
  const auto add = [&](const Sections& from, const std::string& name) {
    const auto found = from.find(name);
    if (found == from.end()) return;
    for (const auto& [key, value] : found->second) all.insert_or_assign(key, value);
  };
  if (profile == "default") add(config, "default");
  add(config, "profile " + profile);
  add(credentials, profile);
  return all;
}

core::Result<Profiles> read_profiles(const documents::Environment& environment) {
  auto config = read_sections(path_of(environment, "AWS_CONFIG_FILE", "config"));
  if (!config) return config.error();
  auto credentials =
      read_sections(path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  if (!credentials) return credentials.error();
  return Profiles{*std::move(config), *std::move(credentials)};
}

}  // namespace recoup::sources::probe
