#include "sources/probe/probe_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/near.h"
#include "rules/error_reader.h"
#include "rules/probe_tls.h"
#include "rules/providers.h"
#include "sources/probe/signer.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {
namespace {

using Values = std::map<std::string, std::string>;

const rules::ProbeTemplate* find_template(const documents::Value& use,
                                          const rules::RuleFile* rule) {
  const auto name = use.text();
  if (!name || rule == nullptr) return nullptr;
  const auto found = rule->probes.find(*name);
  if (found != rule->probes.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [known, probe] : rule->probes) names.push_back(known);
  use.complain(
      fmt::format("expected a probe template of {}, got '{}'", rule->rule.id, *name),
      documents::did_you_mean(*name, names,
                              names.empty() ? "it has none: write url, method and so on"
                                            : fmt::format("it has {}", fmt::join(names, ", "))));
  return nullptr;
}

// What a template's `with` may hold. A quote or a backslash could break out of the JSON text that
// the value is put in.
bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\';
  });
}

Values read_with(const documents::Value& value, const rules::ProbeTemplate* used) {
  Values values;
  const auto table = value.table();
  if (!table) return values;
  if (used == nullptr) {
    value.complain("expected 'with' beside the template that needs it, got no template");
    (void)table->entries();
    return values;
  }
  for (const std::string& name : used->needs) {
    const documents::Value entry = table->optional(name);
    const auto text = entry.text();
    if (!text) continue;
    if (!is_plain(*text)) {
      entry.complain("expected text without quotes, backslashes and line breaks, got some");
    }
    values[name] = *text;
  }
  return values;
}

// Every placeholder that the probe's text holds and somebody knows has a value.
void check_values(const documents::Table& table, const rules::ProbeKeys& keys,
                  const rules::ProbeTemplate* used, const Values& values) {
  std::vector<std::string> known{"region", "account"};
  if (used != nullptr) known.insert(known.end(), used->needs.begin(), used->needs.end());
  for (const std::string& name : rules::placeholders(keys)) {
    if (std::find(known.begin(), known.end(), name) == known.end()) continue;
    if (values.contains(name)) continue;
    const bool own = name != "region" && name != "account";
    table.complain(fmt::format("expected a value for '{{{}}}', got none", name),
                   own ? fmt::format("write with = {{ {} = \"…\" }}", name)
                       : fmt::format("write {} = \"…\" in the agreement", name));
  }
}

// Whether the agreement lacks a part of its rule's scope: it was complained about there.
bool lacks_scope(const ProbeContext& context) {
  if (context.rule == nullptr) return false;
  const auto& scope = context.rule->rule.scope;
  const auto lacks = [&](const char* part, const std::string& value) {
    return value.empty() && std::find(scope.begin(), scope.end(), part) != scope.end();
  };
  return lacks("region", context.agreement.region) || lacks("account", context.agreement.account);
}

// A value in the URL's host could end the host there, and a request, signed perhaps, would be sent
// to another one.
void check_host(const documents::Table& table, const rules::ProbeKeys& keys, const Values& values) {
  if (!keys.url) return;
  const auto scheme = keys.url->find("://");
  if (scheme == std::string::npos) return;
  const auto begin = scheme + 3;
  const std::string host = keys.url->substr(begin, keys.url->find_first_of("/?#", begin) - begin);
  for (const std::string& name : rules::placeholders(host)) {
    const auto value = values.find(name);
    if (value == values.end()) continue;
    const auto at = value->second.find_first_of("/?#@\\ ");
    if (at == std::string::npos) continue;
    table.complain(
        fmt::format("expected a value of '{{{}}}' that can stand in a host, got one with "
                    "'{}'",
                    name, value->second[at]));
  }
}

// Complains at the probe's own key, or about the probe where its template has that key.
void complain_at(const documents::Table& table, const char* key, std::string message,
                 std::string help = {}) {
  if (const documents::Value own = table.optional(key)) {
    own.complain(std::move(message), std::move(help));
  } else {
    table.complain(std::move(message), std::move(help));
  }
}

void check_url(const documents::Table& table, const rules::ProbeKeys& keys) {
  if (!keys.url) return;
  const std::string mistake = url_mistake(*keys.url);
  if (mistake.empty()) return;
  std::string help;
  if (mistake.find("password") != std::string::npos) {
    help = "write headers = { Authorization = { env = \"NAME\" } }";
  } else if (keys.url->find('{') != std::string::npos) {
    help = "the placeholders are {region} and {account}";
  }
  complain_at(table, "url", mistake, help);
}

// Of a list's probe, whose URLs are made of its targets and checked then.
void check_pattern(const documents::Table& table, const rules::ProbeKeys& keys) {
  if (!keys.url || rules::placeholders(*keys.url).contains("target")) return;
  complain_at(table, "url",
              "expected '{target}' in the URL of a probe of several targets, got none",
              "write url = \"https://{target}/…\"; a target with a scheme is a URL of its own");
}

// Which files have the probe's targets; null where it has none.
std::shared_ptr<const ProbeList> read_list(const documents::Table& table, const Values& values,
                                           const std::filesystem::path& folder) {
  const documents::Value targets = table.optional("targets");
  const documents::Value by_target = table.optional("by_target");
  if (!targets && by_target) {
    by_target.complain("expected 'targets' beside 'by_target', got none");
    (void)by_target.boolean();
  }
  if (!targets) return nullptr;
  auto list = std::make_shared<ProbeList>();
  std::vector<std::string> paths;
  if (targets.is_array()) {
    paths = targets.texts();
    if (targets.items().empty())
      targets.complain("expected at least one file of targets, got none");
  } else if (const auto path = targets.text()) {
    paths.push_back(*path);
  }
  for (const std::string& path : paths) {
    list->paths.push_back((folder / rules::filled(path, values)).string());
  }
  list->by_target = by_target.boolean().value_or(false);
  return list;
}

bool authorizes_itself(const rules::ProbeKeys& keys) {
  return std::any_of(keys.headers.begin(), keys.headers.end(), [](const rules::Header& header) {
    return core::equal_but_for_case(header.name, "Authorization");
  });
}

// A signer is told what it takes, and all that it needs.
void check_signing_keys(const documents::Table& table, const rules::Signing& sign,
                        const SignerKind& kind) {
  const auto& says = kind.says;
  for (const std::string_view key : says.needs) {
    if (sign.says.contains(std::string(key))) continue;
    complain_at(table, "sign",
                fmt::format("expected the key '{}' to sign by {}, got none", key, kind.name));
  }
  const auto takes = [&](const std::string& key) {
    const auto has = [&](const auto& list) {
      return std::find(list.begin(), list.end(), key) != list.end();
    };
    return has(says.needs) || has(says.takes);
  };
  const auto refuse = [&](const std::string& key) {
    const documents::Value own = table.optional("sign").member(key.c_str());
    const std::string message =
        fmt::format("expected a key that the signer {} takes, got '{}'", kind.name, key);
    own ? own.complain(message) : table.complain(message);
  };
  for (const auto& [key, text] : sign.says) {
    if (!takes(key)) refuse(key);
  }
  if (!sign.secret_key.empty() && sign.secret_key != says.secret) refuse(sign.secret_key);
  if (sign.secret_key.empty() && says.needs_secret) {
    complain_at(
        table, "sign",
        fmt::format("expected the key '{}' to sign by {}, got none", says.secret, kind.name),
        fmt::format("write {} = {{ env = \"NAME\" }} or {{ file = \"PATH\" }}", says.secret));
  }
}

void check_signing(const documents::Table& table, const rules::ProbeKeys& keys) {
  if (!keys.sign) return;
  const SignerKind* kind = find_signer(keys.sign->by);
  if (kind == nullptr) {
    if (const documents::Value own = table.optional("sign").member("by")) {
      (void)own.word(signer_names());
    } else {
      table.complain(fmt::format("expected a probe that is signed by {}, got one by '{}'",
                                 fmt::join(signer_names(), " or "), keys.sign->by));
    }
    return;
  }
  check_signing_keys(table, *keys.sign, *kind);
  if (authorizes_itself(keys)) {
    complain_at(table, "sign",
                "expected a probe that is signed to have no header Authorization, got one");
  }
  if (kind->scope.service && keys.sign->service.empty())
    complain_at(table, "sign", "expected the key 'service', got none");
  if (kind->scope.region && keys.sign->region.empty()) {
    complain_at(table, "sign", "expected a region to sign for, got none",
                "write region = \"…\" in the agreement or the probe");
  }
}

// A probe measures by the contract in force: it waits for an answer as long as the contract does,
// and is not sent more often than Requests count. What it does not say, it takes from there.
void fit_to_contract(const documents::Table& table, const core::Version& version,
                     rules::ProbeKeys& keys) {
  constexpr core::Millis kUsualPeriod = std::chrono::seconds(5);
  if (const auto within = version.error.no_answer_within) {
    const std::string limit = core::to_text(core::Millis(*within));
    if (keys.timeout.value_or(*within) != *within) {
      complain_at(table, "timeout",
                  fmt::format("expected the timeout of the contract, {}, got '{}'", limit,
                              core::to_text(*keys.timeout)),
                  fmt::format("a Request without an answer within {} is an Error: a probe waits as "
                              "long, and no longer",
                              limit));
    }
    keys.timeout = *within;
  }
  if (const auto shortest = version.shortest_period) {
    if (keys.every.value_or(*shortest) < *shortest) {
      complain_at(table, "every",
                  fmt::format("expected the shortest period of the contract, {}, or more, got '{}'",
                              core::to_text(*shortest), core::to_text(*keys.every)),
                  "requests that are repeated sooner do not count under this contract");
    }
    if (!keys.every) keys.every = std::max(kUsualPeriod, *shortest);
  }
}

// The header that the newest version wants to see before it blames the provider.
std::string rules_request_id(const rules::RuleFile* rule) {
  if (rule == nullptr) return {};
  const auto& versions = rule->rule.versions;
  const auto found = std::find_if(versions.rbegin(), versions.rend(), [](const auto& version) {
    return !version.error.needs_request_id.empty();
  });
  return found == versions.rend() ? "" : found->error.needs_request_id;
}

// An answer that the probe does not wait for is no late one.
void check_patience(const documents::Table& table, const core::ErrorRule& error,
                    core::Millis timeout) {
  if (!error.slower_than || error.no_answer_within || timeout > *error.slower_than) return;
  const std::string time = core::to_text(*error.slower_than);
  complain_at(
      table, "timeout",
      fmt::format("expected a timeout of more than {}, got '{}'", time, core::to_text(timeout)),
      fmt::format("an answer after more than {} is an Error under this contract: a probe "
                  "that gives up before sees none",
                  time));
}

ProbeSettings to_settings(std::string id, const rules::ProbeKeys& keys,
                          const rules::RuleFile* rule) {
  ProbeSettings probe;
  probe.id = std::move(id);
  probe.url = keys.url.value_or("");
  probe.method = keys.method.value_or(probe.method);
  probe.headers = keys.headers;
  probe.body = keys.body.value_or("");
  probe.sign = keys.sign;
  probe.answer.request_id_header = keys.request_id_header.value_or(rules_request_id(rule));
  probe.answer.error_name_header = keys.error_name_header.value_or("");
  probe.answer.error_name_json = keys.error_name_json.value_or(rules::AnswerPath{});
  probe.answer.error_name_xml = keys.error_name_xml.value_or(rules::AnswerPath{});
  probe.answer.at_every_status = keys.error_at_every_status.value_or(false);
  probe.expect = keys.expect.value_or(std::vector<int>{});
  probe.every = keys.every.value_or(probe.every);
  probe.timeout = keys.timeout.value_or(probe.timeout);
  probe.keep_alive = keys.keep_alive.value_or(probe.keep_alive);
  probe.tls = keys.tls;
  if (rule != nullptr) probe.late_after = rules::late_after(rule->rule);
  return probe;
}

// By some contracts only what bears a certain name is an Error, or only what bears the provider's
// request id: a probe that cannot tell sees none, and whatever happens counts as served.
void warn_of_blindness(const documents::Table& table, const core::Rule& rule,
                       const rules::AnswerFields& answer) {
  const core::ErrorRule& error = rule.versions.back().error;
  if (!error.names.empty() && answer.error_name_header.empty() && !answer.in_body()) {
    table.warn(fmt::format(
                   "expected a key that says where the name of an error stands, got none: under {} "
                   "an Error is called {}, and no answer to this probe counts as one",
                   rule.id, fmt::join(error.names, " or ")),
               "add error_name_json = \"error.status\", error_name_xml = \"Error.Code\" or "
               "error_name_header = \"…\", by what an error of the provider looks like");
  }
  const documents::Value header = table.optional("request_id_header");
  if (header && !error.needs_request_id.empty() &&
      !core::equal_but_for_case(answer.request_id_header, error.needs_request_id)) {
    header.warn(fmt::format("expected the header {}, by which the provider shows under {} that it "
                            "answered itself, got '{}'",
                            error.needs_request_id, rule.id, answer.request_id_header),
                "without that header of yours no answer counts as an Error");
  }
}

}  // namespace

std::optional<ProbeSettings> read_probe(const documents::Table& table,
                                        const ProbeContext& context) {
  std::string id = rules::read_id(table.required("id")).value_or("");
  const documents::Value targets = table.optional("targets");
  const documents::Value use = table.optional("use");
  const rules::ProbeTemplate* used = find_template(use, context.rule);
  const rules::ProbeKeys own = rules::read_probe_keys(table, &context.secrets);
  const std::string provider = context.rule == nullptr ? "" : context.rule->rule.provider;
  const std::string region =
      rules::read_region(table.optional("region"), provider).value_or(context.agreement.region);
  Values values = read_with(table.optional("with"), used);
  if (!use && !targets && !table.optional("url"))
    table.complain("expected the key 'use' or 'url', got neither");
  if (own.body && !own.method && !use) {
    table.optional("body").complain("expected the key 'method' beside 'body', got none",
                                    "write method = \"POST\"");
  }
  if ((use && used == nullptr) || lacks_scope(context)) {
    (void)read_checks(table.optional("check"), "");
    return std::nullopt;
  }

  if (!region.empty()) values["region"] = region;
  if (!context.agreement.account.empty()) values["account"] = context.agreement.account;
  rules::ProbeKeys keys = rules::overlay(used == nullptr ? rules::ProbeKeys{} : used->keys, own);
  // Whoever brings a token of their own does not want the template's.
  if (!table.optional("sign") && authorizes_itself(keys)) keys.sign.reset();
  check_values(table, keys, used, values);
  check_host(table, keys, values);
  rules::fill(keys, values);
  if (keys.sign && keys.sign->region.empty()) keys.sign->region = region;
  if (targets) {
    check_pattern(table, keys);
  } else {
    check_url(table, keys);
  }
  rules::check_probe_tls(table, targets ? std::nullopt : keys.url);
  check_signing(table, keys);
  if (context.rule != nullptr) fit_to_contract(table, context.rule->rule.versions.back(), keys);
  ProbeSettings probe = to_settings(std::move(id), keys, context.rule);
  probe.list = read_list(table, values, context.secrets.folder);
  probe.checks = read_checks(table.optional("check"), probe.url);
  if (context.rule != nullptr) {
    check_patience(table, context.rule->rule.versions.back().error, probe.timeout);
    warn_of_blindness(table, context.rule->rule, probe.answer);
  }
  return probe;
}

}  // namespace recoup::sources::probe
