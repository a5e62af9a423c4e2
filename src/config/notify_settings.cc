#include "config/notify_settings.h"

#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

#include "config/listen.h"
#include "sources/probe/url.h"

namespace recoup::config {
namespace {

using sources::probe::Url;
using namespace std::chrono_literals;

// The URL is not shown: who knows it can send to it.
void read_webhook(const documents::Value& value, const rules::Secrets& secrets,
                  NotifySettings& out) {
  auto address = rules::read_secret(value, secrets);
  if (!address) return;
  const auto url = Url::parse(address->reveal());
  if (!url || (url->scheme != "https" && url->scheme != "http")) {
    value.complain("expected a URL of http or https, got something else",
                   "like \"https://hooks.example.com/recoup\", or { env = \"NAME\" }");
    return;
  }
  if (url->has_login) {
    value.complain("expected a URL without a user and a password, got one with them",
                   "send them as a header: headers = { Authorization = { env = \"NAME\" } }");
    return;
  }
  if (url->scheme == "http" && !is_loopback(url->host)) {
    value.warn("expected a URL of https, got one of http",
               "what is sent to it can be read and changed on its way");
  }
  out.webhook = *std::move(address);
  out.webhook_host = url->scheme + "://" + url->authority();
}

// A name without a slash is looked for as a shell does, when it is started.
void read_command(const documents::Value& value, const rules::Secrets& secrets,
                  NotifySettings& out) {
  std::vector<std::string> words = value.texts();
  if (words.empty()) {
    if (value.is_array() && value.items().empty()) {
      value.complain("expected a program and its words, got none");
    }
    return;
  }
  if (words.front().find('/') != std::string::npos) {
    std::error_code code;
    const auto path = std::filesystem::absolute(secrets.folder / words.front(), code);
    if (!std::filesystem::is_regular_file(path, code) || access(path.c_str(), X_OK) != 0) {
      value.complain(fmt::format("expected a program that can be run, got '{}'", words.front()),
                     "a path is taken from the folder of recoup.toml; chmod +x makes it a program");
    }
    words.front() = path.lexically_normal().string();
  }
  out.command = std::move(words);
}

}  // namespace

NotifySettings read_notify(const documents::Value& value, const rules::Secrets& secrets) {
  NotifySettings out;
  const auto table = value.table();
  if (!table) return out;
  const documents::Value webhook = table->optional("webhook");
  const documents::Value command = table->optional("command");
  const documents::Value headers = table->optional("headers");
  if (bool(webhook) == bool(command)) {
    table->complain(fmt::format("expected one of the keys 'webhook' and 'command', got {}",
                                webhook ? "both" : "neither"));
  }
  if (headers && !webhook && command) {
    headers.complain("expected no 'headers' beside 'command', got some",
                     "a program is given its words and the environment");
  }
  if (webhook) read_webhook(webhook, secrets, out);
  if (command) read_command(command, secrets, out);
  out.headers = rules::read_headers(headers, &secrets);
  out.timeout = table->optional("timeout").duration(1s, 2min).value_or(out.timeout);
  return out;
}

}  // namespace recoup::config
