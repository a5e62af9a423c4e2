#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recoup::config {

// SettingsKey is one key of recoup.toml as people are told of it. That none is missing, and none is
// of a reader that is gone, tests/config/reference_test.cc asks the readers themselves.
struct SettingsKey {
  std::string_view key;
  std::string_view type;     // what may stand there: "text", "duration", "list of texts"
  std::string_view initial;  // what holds without it; "needed" where nothing does
  std::string_view example;  // as it stands behind the "="; empty: a table of its own follows
  std::string_view text;     // what it is for, in one sentence or two
};

// SettingsSection is one table of recoup.toml.
struct SettingsSection {
  std::string_view header;  // "[[agreement.probe]]"; empty: the top of the file
  std::string_view text;
  std::vector<SettingsKey> keys;
};

// All of them, in the order in which people write them.
const std::vector<SettingsSection>& settings_reference();

// The reference for a terminal: all of it, or what has the word in a section's header or a key.
// Empty where nothing has.
std::string reference_text(std::string_view word);

// The same as one page of Markdown.
std::string reference_page();

}  // namespace recoup::config
