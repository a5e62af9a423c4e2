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

// One text: what its plans have in common, and each of them.
struct Text {
  core::Version common;
  std::map<std::string, core::Version> plans;
};

// The texts of a plan: one that names no plans is every plan's.
std::vector<core::Version> texts_of(const std::string& plan, const std::vector<Text>& texts) {
  std::vector<core::Version> versions;
  for (const Text& text : texts) {
    const auto own = text.plans.find(plan);
    if (own != text.plans.end()) {
      versions.push_back(own->second);
    } else if (text.plans.empty()) {
      versions.push_back(text.common);
    }
  }
  core::in_order(versions);
  return versions;
}

// A plan's name is a part of its rule's id.
void check_plans(const documents::Value& plans, const Text& text) {
  for (const auto& [plan, version] : text.plans) {
    if (is_id(plan)) continue;
    plans.member(plan).complain(
        fmt::format("expected a plan's name of a-z, 0-9, '.', '_' and '-', got '{}'", plan));
  }
}

void read_versions(const documents::Table& root, RuleFile& out) {
  std::vector<core::Version>& versions = out.rule.versions;
  std::vector<Text> texts;
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
    texts.push_back({version, read_plans(table, version)});
    check_plans(table.optional("plan"), texts.back());
    versions.push_back(std::move(version));
  }
  if (list.is_array() && list.items().empty())
    list.complain("expected at least one version, got none");
  core::in_order(versions);
  for (const Text& text : texts) {
    for (const auto& [plan, own] : text.plans) {
      if (!out.plans.contains(plan)) out.plans.emplace(plan, texts_of(plan, texts));
    }
  }
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
  read_versions(root, file);
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
  const std::string digest = record::sha256_hex(text);
  for (core::Version& version : file.rule.versions) version.digest = digest;
  for (auto& [plan, versions] : file.plans) {
    for (core::Version& version : versions) version.digest = digest;
  }
  return file;
}

std::vector<RuleFile> by_plan(RuleFile file) {
  std::vector<RuleFile> files;
  for (auto& [plan, versions] : file.plans) {
    RuleFile& one = files.emplace_back(RuleFile{file.rule, file.probes});
    one.rule.id += '/' + plan;
    one.rule.versions = std::move(versions);
  }
  if (files.empty()) files.push_back(std::move(file));
  return files;
}

std::string contract_id(const std::string& rule_id) { return rule_id.substr(0, rule_id.find('/')); }

core::Result<core::Rule> parse_rule(const std::string& text, const std::string& path) {
  auto file = parse_rule_file(text, path);
  if (!file) return file.error();
  return std::move(file->rule);
}

}  // namespace recoup::rules
