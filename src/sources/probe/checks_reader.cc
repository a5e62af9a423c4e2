#include <fmt/format.h>

#include "sources/probe/checks.h"

namespace recoup::sources::probe {
namespace {

using namespace std::chrono_literals;

std::optional<Pattern> read_pattern(const documents::Value& value) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  std::string why;
  auto pattern = Pattern::compile(*text, why);
  if (!pattern) {
    value.complain(
        fmt::format("expected a regular expression of RE2, got one with a mistake: {}", why),
        "github.com/google/re2/wiki/Syntax has what one may hold; in TOML write it in "
        "'single quotes', in which a backslash is one");
  }
  return pattern;
}

// `json = { "status.state" = "ok", replicas = 3 }`.
std::vector<Checks::OfJson> read_json(const documents::Value& value) {
  std::vector<Checks::OfJson> all;
  const auto table = value.table();
  if (!table) return all;
  for (const documents::Value& entry : table->entries()) {
    const auto path = rules::parse_json_path(entry.key());
    if (!path) entry.complain(path.error());
    const auto expected = entry.written();
    if (path && expected) all.push_back({entry.key(), *path, *expected});
  }
  return all;
}

std::vector<std::pair<std::string, Pattern>> read_headers(const documents::Value& value) {
  std::vector<std::pair<std::string, Pattern>> all;
  const auto table = value.table();
  if (!table) return all;
  for (const documents::Value& entry : table->entries()) {
    if (auto pattern = read_pattern(entry)) all.emplace_back(entry.key(), *std::move(pattern));
  }
  return all;
}

}  // namespace

std::shared_ptr<const Checks> read_checks(const documents::Value& value, const std::string& url) {
  const auto table = value.table();
  if (!table) return nullptr;
  auto checks = std::make_shared<Checks>();
  if (const auto status = table->optional("status")) checks->statuses = status.integers(100, 999);
  checks->body = table->optional("body").text().value_or("");
  checks->matches = read_pattern(table->optional("matches"));
  checks->lacks = read_pattern(table->optional("lacks"));
  checks->json = read_json(table->optional("json"));
  checks->headers = read_headers(table->optional("headers"));
  checks->within = table->optional("within").duration(1ms, 2min);
  const documents::Value certificate = table->optional("certificate");
  checks->certificate = certificate.duration(1min, std::chrono::days(366));
  if (certificate && url.starts_with("http://")) {
    certificate.complain("expected a probe of https, got one of http, which shows no certificate",
                         "write url = \"https://…\", or leave 'certificate' out");
  }
  if (table->empty()) {
    table->complain("expected something to check, got nothing",
                    "write status = [200], body = \"…\", matches = '…', lacks = '…', json = { … }, "
                    "headers = { … }, within = \"2s\" or certificate = \"14d\"");
  }
  return checks;
}

}  // namespace recoup::sources::probe
