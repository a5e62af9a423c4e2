#include "rules/probe_keys.h"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/near.h"
#include "documents/secret_lines.h"
#include "rules/probe_tls.h"
#include "rules/providers.h"

namespace recoup::rules {
namespace {

using namespace std::chrono_literals;

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

std::optional<std::string> header_name(const documents::Value& value) {
  auto name = value.text();
  if (!name || is_token(*name)) return name;
  value.complain(fmt::format("expected a header's name, got '{}'", *name));
  return std::nullopt;
}

std::optional<AnswerPath> answer_path(const documents::Value& value,
                                      core::Result<AnswerPath> (*parse)(std::string_view)) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  auto path = parse(*text);
  if (path) return *std::move(path);
  value.complain(path.error());
  return std::nullopt;
}

std::optional<Header> read_header(const documents::Value& value, const Secrets* secrets) {
  Header header{value.key(), "", {}};
  if (!is_token(header.name)) {
    value.complain(fmt::format("expected a header's name, got '{}'", header.name));
    return std::nullopt;
  }
  if (core::equal_but_for_case(header.name, "user-agent")) {
    value.complain("expected a header that probes do not send already, got their User-Agent",
                   "by it logs leave out the requests of probes, which would count twice");
    return std::nullopt;
  }
  if (secrets != nullptr && value.is_table()) {
    auto outside = read_outside_text(value, *secrets);
    if (!outside) return std::nullopt;
    header.secret = outside->text;
    if (!outside->file.empty()) {
      header.file = std::make_shared<const OutsideText>(*std::move(outside));
    }
    return header;
  }
  auto text = value.text_or_empty();
  if (!text) return std::nullopt;
  if (!is_one_line(*text)) {
    value.complain("expected a header's value of one line, got several");
    return std::nullopt;
  }
  if (secrets != nullptr && documents::looks_secret(header.name)) {
    header.secret = record::Secret(std::move(*text));
  } else {
    header.value = std::move(*text);
  }
  return header;
}

// What signers take beside service and region: as it stands, and from outside the settings. Which
// of them takes what is theirs to know.
constexpr std::array kSigningTexts{"scope", "tenant", "client_id", "authority", "user"};
constexpr std::array kSigningSecrets{"secret", "password", "token"};

void read_signing_secret(const documents::Table& table, const Secrets& secrets, Signing& signing) {
  for (const char* key : kSigningSecrets) {
    const documents::Value value = table.optional(key);
    if (!value) continue;
    signing.secret_key = key;
    if (auto outside = read_outside_text(value, secrets)) {
      signing.secret = std::make_shared<const OutsideText>(*std::move(outside));
    }
  }
}

// `sign = "kms"` or `sign = { by = "sigv4", service = "kms", region = "us-east-1" }`.
std::optional<Signing> read_signing(const documents::Value& value, const Secrets* secrets) {
  if (value.is_text()) {
    auto service = value.text();
    if (!service) return std::nullopt;
    return Signing{"", std::move(*service), ""};
  }
  const auto table = value.table();
  if (!table) return std::nullopt;
  Signing signing{table->optional("by").text().value_or(""),
                  table->optional("service").text().value_or(""),
                  read_region(table->optional("region")).value_or("")};
  for (const char* key : kSigningTexts) {
    if (auto text = table->optional(key).text()) signing.says[key] = *std::move(text);
  }
  if (secrets == nullptr) return signing;
  if (const auto file = table->optional("file").text()) {
    signing.says["file"] = (secrets->folder / *file).string();
  }
  read_signing_secret(*table, *secrets, signing);
  return signing;
}

std::optional<std::string> read_method(const documents::Value& value) {
  static const std::vector<std::string> kMethods{"GET",    "HEAD",  "POST",   "PUT",
                                                 "DELETE", "PATCH", "OPTIONS"};
  const auto index = value.word(kMethods);
  if (!index) return std::nullopt;
  return kMethods[*index];
}

// Calls `see` with each placeholder's name and extent; JSON's own braces are none, since no name
// follows them at once.
void each_placeholder(
    const std::string& text,
    const std::function<void(const std::string&, std::size_t, std::size_t)>& see) {
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyz0123456789_";
  for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const auto end = text.find_first_not_of(kName, at + 1);
    if (end == std::string::npos || text[end] != '}' || end == at + 1) continue;
    see(text.substr(at + 1, end - at - 1), at, end + 1);
  }
}

// Every placeholder is "{region}", "{account}" or declared, and every declared one is used.
void check_placeholders(const documents::Table& table, const ProbeTemplate& probe,
                        const documents::Value& needs) {
  const std::set<std::string> used = placeholders(probe.keys);
  std::vector<std::string> known = probe.needs;
  known.insert(known.end(), {"region", "account"});
  for (const std::string& name : used) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    table.complain(fmt::format("expected a placeholder that 'needs' declares, got '{{{}}}'", name),
                   documents::did_you_mean(name, known));
  }
  for (const std::string& name : probe.needs) {
    if (used.contains(name)) continue;
    needs.complain(fmt::format("expected the placeholder '{{{}}}' to be used, got no use", name));
  }
}

}  // namespace

std::vector<Header> read_headers(const documents::Value& value, const Secrets* secrets) {
  std::vector<Header> headers;
  const auto table = value.table();
  if (!table) return headers;
  for (const documents::Value& entry : table->entries()) {
    if (auto header = read_header(entry, secrets)) headers.push_back(std::move(*header));
  }
  return headers;
}

std::optional<record::Secret> read_secret(const documents::Value& value, const Secrets& secrets) {
  if (value.is_table()) {
    auto outside = read_outside_text(value, secrets);
    if (!outside) return std::nullopt;
    return std::move(outside->text);
  }
  auto text = value.text();
  if (!text) return std::nullopt;
  return record::Secret(*std::move(text));
}

ProbeKeys read_probe_keys(const documents::Table& table, const Secrets* secrets) {
  ProbeKeys keys;
  keys.url = table.optional("url").text();
  keys.method = read_method(table.optional("method"));
  keys.headers = read_headers(table.optional("headers"), secrets);
  keys.body = table.optional("body").text_or_empty();
  keys.sign = read_signing(table.optional("sign"), secrets);
  keys.request_id_header = header_name(table.optional("request_id_header"));
  keys.error_name_header = header_name(table.optional("error_name_header"));
  keys.error_name_json = answer_path(table.optional("error_name_json"), parse_json_path);
  keys.error_name_xml = answer_path(table.optional("error_name_xml"), parse_xml_path);
  keys.error_at_every_status = table.optional("error_at_every_status").boolean();
  if (const documents::Value expect = table.optional("expect"))
    keys.expect = expect.integers(100, 999);
  keys.every = table.optional("every").duration(100ms, 1h);
  keys.timeout = table.optional("timeout").duration(100ms, 2min);
  keys.keep_alive = table.optional("keep_alive").boolean();
  if (secrets != nullptr) keys.tls = read_probe_tls(table, *secrets);
  return keys;
}

ProbeTemplate read_template(const documents::Table& table) {
  ProbeTemplate probe{read_probe_keys(table, nullptr), {}};
  const documents::Value needs = table.optional("needs");
  probe.needs = needs.texts();
  if (table.required("url")) check_placeholders(table, probe, needs);
  return probe;
}

ProbeKeys overlay(ProbeKeys base, const ProbeKeys& own) {
  const auto put = [](auto& under, const auto& over) {
    if (over) under = over;
  };
  put(base.url, own.url);
  put(base.method, own.method);
  put(base.body, own.body);
  put(base.sign, own.sign);
  put(base.request_id_header, own.request_id_header);
  put(base.error_name_header, own.error_name_header);
  put(base.error_name_json, own.error_name_json);
  put(base.error_name_xml, own.error_name_xml);
  put(base.error_at_every_status, own.error_at_every_status);
  put(base.expect, own.expect);
  put(base.every, own.every);
  put(base.timeout, own.timeout);
  put(base.keep_alive, own.keep_alive);
  put(base.tls, own.tls);
  for (const Header& header : own.headers) {
    std::erase_if(base.headers,
                  [&](const Header& h) { return core::equal_but_for_case(h.name, header.name); });
    base.headers.push_back(header);
  }
  return base;
}

std::set<std::string> placeholders(const std::string& text) {
  std::set<std::string> names;
  each_placeholder(text,
                   [&](const std::string& name, std::size_t, std::size_t) { names.insert(name); });
  return names;
}

std::set<std::string> placeholders(const ProbeKeys& keys) {
  std::set<std::string> names = placeholders(keys.url.value_or(""));
  names.merge(placeholders(keys.body.value_or("")));
  for (const Header& header : keys.headers) names.merge(placeholders(header.value));
  if (keys.sign) {
    for (const auto& [key, text] : keys.sign->says) names.merge(placeholders(text));
  }
  return names;
}

std::string filled(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string out;
  std::size_t copied = 0;
  each_placeholder(text, [&](const std::string& name, std::size_t begin, std::size_t end) {
    const auto value = values.find(name);
    if (value == values.end()) return;
    out += text.substr(copied, begin - copied) + value->second;
    copied = end;
  });
  return out + text.substr(copied);
}

void fill(ProbeKeys& keys, const std::map<std::string, std::string>& values) {
  if (keys.url) keys.url = filled(*keys.url, values);
  if (keys.body) keys.body = filled(*keys.body, values);
  for (Header& header : keys.headers) header.value = filled(header.value, values);
  if (!keys.sign) return;
  for (auto& [key, text] : keys.sign->says) text = filled(text, values);
}

}  // namespace recoup::rules
