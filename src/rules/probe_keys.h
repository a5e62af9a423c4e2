#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/time.h"
#include "documents/document.h"
#include "record/secret.h"
#include "rules/answer_path.h"
#include "rules/outside_text.h"
#include "rules/probe_tls.h"

namespace recoup::rules {

// Where an answer carries what the provider calls itself and its errors. Empty: not looked for.
struct AnswerFields {
  std::string request_id_header;
  std::string error_name_header;
  AnswerPath error_name_json;    // of a text or a whole number in a JSON body
  AnswerPath error_name_xml;     // of an element in an XML body
  bool at_every_status = false;  // answers of 200 may be errors, too

  // Whether the body of an error is looked at.
  bool in_body() const { return !error_name_json.empty() || !error_name_xml.empty(); }
};

struct Header {
  std::string name;
  std::string value;
  // The value, where it came from the environment or a file, or where the header's name looks like
  // a secret's; `value` is empty then.
  record::Secret secret;
  // The file that `secret` was read from, which may change; nothing: it does not stand in one.
  std::shared_ptr<const OutsideText> file = {};
};

// How a probe's requests are signed, and for what. Which signers there are, and what each of them
// takes, is the probes' to know.
struct Signing {
  std::string by;  // the signer's name; empty: the usual one
  std::string service;
  std::string region;
  std::string profile = {};  // whose credentials sign: the agreement's; empty: those that there are
  // What else is said, by key: scope, file, tenant, client_id, authority, user. Paths are whole.
  std::map<std::string, std::string> says = {};
  std::string secret_key = {};  // under which its secret is said: secret, password, token; or empty
  std::shared_ptr<const OutsideText> secret = {};  // nothing: there is none that can be read
};

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
  std::optional<bool> error_at_every_status;
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

// The headers of a table, each a text, or where its value comes from: { env = "NAME" }, { file =
// "NAME" }. Without `secrets` a text alone.
std::vector<Header> read_headers(const documents::Value& value, const Secrets* secrets);

// A text that is shown to nobody, as it stands or as such a table says.
std::optional<record::Secret> read_secret(const documents::Value& value, const Secrets& secrets);

// Reads a probe's keys; without `secrets` a header's value can only be text, and no file is named.
ProbeKeys read_probe_keys(const documents::Table& table, const Secrets* secrets);

// Reads a rule's [probe.NAME].
ProbeTemplate read_template(const documents::Table& table);

// The template's keys with the user's over them; headers of the same name are replaced.
ProbeKeys overlay(ProbeKeys base, const ProbeKeys& own);

// The placeholders in a text, and all of them in what the probe sends.
std::set<std::string> placeholders(const std::string& text);
std::set<std::string> placeholders(const ProbeKeys& keys);

// The text, or all that the probe sends, with the values in their placeholders' places.
std::string filled(const std::string& text, const std::map<std::string, std::string>& values);
void fill(ProbeKeys& keys, const std::map<std::string, std::string>& values);

}  // namespace recoup::rules
