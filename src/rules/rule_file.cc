#include "rules/rule_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/digest.h"
#include "rules/version_reader.h"

namespace recoup::rules {
namespace {

constexpr int kSchema = 1;

void read_schema(const documents::Table& root) {
  const documents::Value schema = root.required("schema");
  const auto number = schema.integer(1, 1'000'000);
  if (!number || *number == kSchema) return;
  schema.complain(fmt::format("expected schema {}, got {}", kSchema, *number),
                  "this file was written for a newer recoup");
}

std::vector<core::Version> read_versions(const documents::Table& root) {
  std::vector<core::Version> versions;
  const documents::Value list = root.required("version");
  for (const documents::Table& table : list.tables()) {
    core::Version version = read_version(table);
    const bool twice = std::any_of(versions.begin(), versions.end(), [&](const auto& other) {
      return other.date() == version.date();
    });
    if (twice && version.date().ok()) {
      table.optional(version.read ? "read" : "effective")
          .complain(fmt::format("expected a date of its own, got {} a second time",
                                core::to_text(version.date())));
    }
    versions.push_back(std::move(version));
  }
  if (list.is_array() && list.items().empty())
    list.complain("expected at least one version, got none");
  core::in_order(versions);
  return versions;
}

std::vector<std::string> read_scope(const documents::Table& root) {
  static const std::vector<std::string> kWords{"account", "region", "resource"};
  std::vector<std::string> scope;
  for (const documents::Value& item : root.required("scope").items()) {
    if (const auto word = item.word(kWords)) scope.push_back(kWords[*word]);
  }
  return scope;
}

}  // namespace

bool is_id(std::string_view text) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kRest = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && kFirst.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kRest) == std::string_view::npos;
}

std::optional<std::string> read_id(const documents::Value& value) {
  auto id = value.text();
  if (!id || is_id(*id)) return id;
  value.complain(fmt::format("expected a name of a-z, 0-9, '.', '_' and '-', got '{}'", *id));
  return std::nullopt;
}

RuleFile read_rule_file(documents::Document& document) {
  RuleFile file;
  const documents::Table root = document.root();
  read_schema(root);
  file.rule.id = read_id(root.required("id")).value_or("");
  file.rule.provider = root.required("provider").text().value_or("");
  file.rule.service = root.required("service").text().value_or("");
  file.rule.scope = read_scope(root);
  file.rule.sdk_services = root.optional("sdk_services").texts();
  file.rule.event_sources = root.optional("event_sources").texts();
  if (const documents::Value instance = root.optional("instance")) {
    if (instance.word({"dedicated"})) file.rule.instance = "dedicated";
  }
  file.rule.versions = read_versions(root);
  if (const auto probes = root.optional("probe").table()) {
    for (const documents::Value& entry : probes->entries()) {
      if (const auto table = entry.table()) file.probes.emplace(entry.key(), read_template(*table));
    }
  }
  return file;
}

core::Result<RuleFile> parse_rule_file(const std::string& text, const std::string& path) {
  documents::Document document(path, text);
  RuleFile file;
  if (document.is_sound()) file = read_rule_file(document);
  if (const auto done = document.finish(); !done) return done.error();
  for (core::Version& version : file.rule.versions) version.digest = record::sha256_hex(text);
  return file;
}

core::Result<core::Rule> parse_rule(const std::string& text, const std::string& path) {
  auto file = parse_rule_file(text, path);
  if (!file) return file.error();
  return std::move(file->rule);
}

}  // namespace recoup::rules
