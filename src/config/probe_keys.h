#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/document.h"
#include "config/settings.h"

namespace recoup::config {

// ProbeKeys is what a probe block says, in a rule's template or in recoup.toml; what it does not
// say is absent. Text may hold placeholders: "{region}", "{account}" and a template's own.
struct ProbeKeys {
  std::optional<std::string> url;
  std::optional<std::string> method;
  std::vector<Header> headers;
  std::optional<std::string> body;
  std::optional<Signing> sign;  // the region may be empty: the probe's
  std::optional<std::string> request_id_header;
  std::optional<std::string> error_name_header;
  std::optional<AnswerPath> error_name_json;
  std::optional<AnswerPath> error_name_xml;
  std::optional<std::vector<int>> expect;
  std::optional<core::Millis> every;
  std::optional<core::Millis> timeout;
  std::optional<bool> keep_alive;
  std::shared_ptr<const ProbeTls> tls;  // the user's own: a template has none
};

// ProbeTemplate is a [probe.NAME] of a rule.
struct ProbeTemplate {
  ProbeKeys keys;
  std::vector<std::string> needs;  // placeholders whose value the user gives
};

// Secrets is where a header's value, and what TLS needs, may come from, beside the file itself.
struct Secrets {
  const Environment& environment;
  std::filesystem::path folder;  // of relative paths
  // What was found of files of certificates and keys, by what was asked.
  mutable std::map<std::string, core::Result<void>> asked = {};
};

// Reads a probe's keys; without `secrets` a header's value can only be text, and no file is named.
ProbeKeys read_probe_keys(const Table& table, const Secrets* secrets);

// Reads a rule's [probe.NAME].
ProbeTemplate read_template(const Table& table);

// The template's keys with the user's over them; headers of the same name are replaced.
ProbeKeys overlay(ProbeKeys base, const ProbeKeys& own);

// The placeholders in a text, and all of them in what the probe sends.
std::set<std::string> placeholders(const std::string& text);
std::set<std::string> placeholders(const ProbeKeys& keys);

// Puts the values in their placeholders' places.
void fill(ProbeKeys& keys, const std::map<std::string, std::string>& values);

// Whether two header names are the same: without regard to case.
bool same_header(std::string_view a, std::string_view b);

}  // namespace recoup::config
