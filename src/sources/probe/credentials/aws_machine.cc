// Credentials that the machine itself has: a container's or pod's, an instance's.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/credentials/ask.h"
#include "sources/probe/credentials/aws_sources.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {
namespace {

std::string field_of(const std::string& json, const char* name) {
  const auto path = rules::parse_json_path(name);
  return path ? text_in_json(json, *path) : "";
}

// A token goes there: to the machine itself, to the addresses of ECS and EKS, or encrypted.
bool may_have_a_token(const Url& url) {
  static constexpr std::array<std::string_view, 6> kHosts{
      "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "127.0.0.1", "[::1]"};
  return url.scheme == "https" || std::find(kHosts.begin(), kHosts.end(), url.host) != kHosts.end();
}

core::Error refused(const std::string& who, const errand::Answer& reply) {
  return core::Error{fmt::format("expected keys of {}, got status {}", who, reply.status)};
}

}  // namespace

core::Result<FoundKeys> keys_in_json(const std::string& json, const KeyFields& fields,
                                     std::string from) {
  FoundKeys found;
  found.from = std::move(from);
  const auto put = [&](const char* variable, const char* field) {
    std::string text = field_of(json, field);
    if (!text.empty()) found.secrets.emplace(variable, record::Secret(std::move(text)));
  };
  put("AWS_ACCESS_KEY_ID", fields.id);
  put("AWS_SECRET_ACCESS_KEY", fields.key);
  put("AWS_SESSION_TOKEN", fields.token);
  if (!found.secrets.contains("AWS_ACCESS_KEY_ID") ||
      !found.secrets.contains("AWS_SECRET_ACCESS_KEY")) {
    return core::Error{fmt::format("expected JSON with {} and {} of {}, got none", fields.id,
                                   fields.key, found.from)};
  }
  const std::string ends = field_of(json, fields.ends);
  if (ends.empty()) return found;
  const auto at = core::parse_instant(ends);
  if (!at) {
    return core::Error{
        fmt::format("expected a time in {} of {}, got '{}'", fields.ends, found.from, ends)};
  }
  found.life.ends = *at;
  return found;
}

Found from_container(const AwsWorld& world) {
  const std::string relative = world.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string full = world.of("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) return std::optional<FoundKeys>{};
  errand::Request question;
  question.within = kNear;
  question.url = relative.empty() ? full : "http://169.254.170.2" + relative;
  const auto url = Url::parse(question.url);
  if (!url || !may_have_a_token(*url)) {
    return core::Error{
        "expected AWS_CONTAINER_CREDENTIALS_FULL_URI to be https or an address of this machine, "
        "got another one"};
  }
  std::string token = world.of("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = world.of("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    auto text = documents::read_file(file, 1 << 16);
    if (!text) return text.error();
    token = core::trimmed(*text);
  }
  if (!token.empty()) question.headers = {"Authorization: " + token};
  const auto reply = ask(question);
  if (!reply) return reply.error();
  if (reply->status != 200) return refused("the container", *reply);
  auto found = keys_in_json(reply->body, {}, "the container's identity");
  if (!found) return found.error();
  return std::optional(*std::move(found));
}

Found from_instance(const AwsWorld& world) {
  if (core::equal_but_for_case(world.of("AWS_EC2_METADATA_DISABLED"), "true")) {
    return std::optional<FoundKeys>{};
  }
  std::string base = world.of("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (base.empty()) base = "http://169.254.169.254";
  while (base.ends_with('/')) base.pop_back();
  const auto token = ask({.method = "PUT",
                          .url = base + "/latest/api/token",
                          .headers = {"X-aws-ec2-metadata-token-ttl-seconds: 21600"},
                          .within = kNear});
  // Nobody there, or somebody who has no such thing: this is no instance of AWS.
  if (!token || token->status == 403 || token->status == 404 || token->status == 405) {
    return std::optional<FoundKeys>{};
  }
  if (token->status != 200) return refused("the instance's metadata (IMDSv2)", *token);
  const auto get = [&](const std::string& path) {
    return ask({.url = base + "/latest/meta-data/iam/security-credentials/" + path,
                .headers = {"X-aws-ec2-metadata-token: " + token->body},
                .within = kNear});
  };
  const auto role = get("");
  if (!role) return role.error();
  if (role->status == 404) return std::optional<FoundKeys>{};  // the instance has no role
  if (role->status != 200) return refused("the instance's role", *role);
  const std::string name(core::trimmed(role->body.substr(0, role->body.find('\n'))));
  const auto keys = get(name);
  if (!keys) return keys.error();
  if (keys->status != 200) return refused("the instance's role", *keys);
  auto found = keys_in_json(keys->body, {}, fmt::format("the instance's role '{}'", name));
  if (!found) return found.error();
  return std::optional(*std::move(found));
}

}  // namespace recoup::sources::probe
