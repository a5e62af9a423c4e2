#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "documents/document.h"
#include "record/secret.h"
#include "rules/probe_keys.h"

namespace recoup::config {

// NotifySettings is whom the service tells what its user has to know: an address that takes JSON,
// or a program that reads it. Neither: nobody.
struct NotifySettings {
  record::Secret webhook;              // a URL, which often is the secret itself
  std::string webhook_host;            // what of it may be shown: "https://hooks.example.com"
  std::vector<rules::Header> headers;  // of its requests
  std::vector<std::string> command;    // a program and its words
  core::Millis timeout{std::chrono::seconds(10)};

  bool empty() const { return webhook.empty() && command.empty(); }

  // What it is called in logs and pages, without a secret.
  std::string shown() const { return command.empty() ? webhook_host : command.front(); }
};

// Reads [notify] of recoup.toml.
NotifySettings read_notify(const documents::Value& value, const rules::Secrets& secrets);

}  // namespace recoup::config
