// Credentials that AWS gives for others: roles by STS, sessions of IAM Identity Center.
#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/text.h"
#include "record/hex.h"
#include "record/percent_encoding.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/credentials/ask.h"
#include "sources/probe/credentials/aws_sources.h"
#include "sources/probe/credentials/oauth.h"

namespace recoup::sources::probe {
namespace {

std::string text_at(const std::string& xml, const std::string& path) {
  const auto parsed = rules::parse_xml_path(path);
  return parsed ? text_in_xml(xml, *parsed) : "";
}

std::string sts_of(const AwsWorld& world, const std::string& region) {
  const std::string own = world.of("AWS_ENDPOINT_URL_STS");
  if (!own.empty()) return own;
  if (region.empty()) return "https://sts.amazonaws.com/";
  // The endpoints of FIPS 140 where the environment asks SDKs to use them.
  const bool fips = core::equal_but_for_case(world.of("AWS_USE_FIPS_ENDPOINT"), "true");
  return fmt::format("https://sts{}.{}.amazonaws.com{}/", fips ? "-fips" : "", region,
                     region.starts_with("cn-") ? ".cn" : "");
}

// What STS answers, under the name of what was asked: "AssumeRole".
core::Result<FoundKeys> answer_of(const core::Result<errand::Answer>& reply,
                                  const std::string& action, const Role& role) {
  if (!reply) return reply.error();
  if (reply->status != 200) {
    const std::string code = text_at(reply->body, "ErrorResponse.Error.Code");
    return core::Error{fmt::format("expected STS to let us be the role {}, got status {}{}",
                                   role.arn, reply->status, code.empty() ? "" : ' ' + code)};
  }
  const std::string at = fmt::format("{0}Response.{0}Result.Credentials.", action);
  FoundKeys found;
  found.from = "the role " + role.arn;
  const auto put = [&](const char* variable, const char* name) {
    found.secrets.emplace(variable, record::Secret(text_at(reply->body, at + name)));
  };
  put("AWS_ACCESS_KEY_ID", "AccessKeyId");
  put("AWS_SECRET_ACCESS_KEY", "SecretAccessKey");
  put("AWS_SESSION_TOKEN", "SessionToken");
  const auto ends = core::parse_instant(text_at(reply->body, at + "Expiration"));
  if (!ends || found.secrets.begin()->second.empty()) {
    return core::Error{
        fmt::format("expected keys of the role {} in STS's answer, got none", role.arn)};
  }
  found.life.ends = *ends;
  return found;
}

std::string session_of(const Role& role) { return role.session.empty() ? "recoup" : role.session; }

}  // namespace

core::Result<FoundKeys> assume_role(const AwsWorld& world, const Role& role, const FoundKeys& by) {
  const Credentials keys(by.secrets);
  errand::Request question;
  question.method = "POST";
  question.url = sts_of(world, role.region);
  question.body = form_of({{"Version", "2011-06-15"},
                           {"Action", "AssumeRole"},
                           {"RoleArn", role.arn},
                           {"RoleSessionName", session_of(role)},
                           {"DurationSeconds", role.seconds},
                           {"ExternalId", role.external_id}});
  question.signed_for =
      fmt::format("aws:amz:{}:sts", role.region.empty() ? "us-east-1" : role.region);
  question.key_id = keys.of("AWS_ACCESS_KEY_ID");
  question.key = keys.of("AWS_SECRET_ACCESS_KEY");
  if (const record::Secret& token = keys.of("AWS_SESSION_TOKEN"); !token.empty()) {
    question.headers = {"X-Amz-Security-Token: " + token.reveal()};
  }
  return answer_of(ask(question), "AssumeRole", role);
}

core::Result<FoundKeys> assume_role_by_token(const AwsWorld& world, const Role& role,
                                             const std::string& token_file) {
  const auto token = documents::read_file(token_file, 1 << 16);
  if (!token) return token.error();
  errand::Request question;
  question.method = "POST";
  question.url = sts_of(world, role.region);
  question.body = form_of({{"Version", "2011-06-15"},
                           {"Action", "AssumeRoleWithWebIdentity"},
                           {"RoleArn", role.arn},
                           {"RoleSessionName", session_of(role)},
                           {"DurationSeconds", role.seconds},
                           {"WebIdentityToken", std::string(core::trimmed(*token))}});
  return answer_of(ask(question), "AssumeRoleWithWebIdentity", role);
}

namespace {

// Where a user can get keys that we cannot.
std::string sso_help(const std::string& session, const std::string& profile) {
  return fmt::format(
      "sign in with `aws sso login{}`, or let the command line give the keys: in another profile, "
      "credential_process = aws configure export-credentials --profile {} --format process",
      session.empty() ? " --profile " + profile : " --sso-session " + session, profile);
}

// As the command line names its files; nothing is kept secret by it.
std::string sha1_hex(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
    return {};
  return record::to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

// The token that the command line keeps; the file is called by the SHA-1 of session or start URL.
core::Result<std::string> sso_token(const AwsWorld& world, const std::string& session,
                                    const std::string& start_url, const std::string& profile) {
  const std::string name = sha1_hex(session.empty() ? start_url : session);
  const auto text = documents::read_file(
      home_of(world.environment) + "/.aws/sso/cache/" + name + ".json", 1 << 20);
  const auto field = [&](const char* key) {
    const auto path = rules::parse_json_path(key);
    return text ? text_in_json(*text, *path) : "";
  };
  const auto ends = core::parse_instant(field("expiresAt"));
  if (!text || !ends || field("accessToken").empty()) {
    return core::Error{fmt::format("expected a session of `aws sso login` for the profile '{}', "
                                   "got none",
                                   profile),
                       "", sso_help(session, profile)};
  }
  if (*ends <= world.clock.wall()) {
    return core::Error{fmt::format("expected a session of `aws sso login` for the profile '{}', "
                                   "got one that ended at {}",
                                   profile, core::to_text(*ends)),
                       "", sso_help(session, profile)};
  }
  return field("accessToken");
}

}  // namespace

core::Result<FoundKeys> from_sso(const AwsWorld& world, const Profiles& profiles,
                                 const std::string& profile) {
  const Section own = profiles.of(profile);
  const std::string session = value_of(own, "sso_session");
  Section of_session = own;
  if (!session.empty()) {
    const auto found = profiles.config.find("sso-session " + session);
    if (found == profiles.config.end()) {
      return core::Error{
          fmt::format("expected a section [sso-session {}] in the AWS config, got "
                      "none",
                      session)};
    }
    of_session = found->second;
  }
  const std::string region = value_of(of_session, "sso_region");
  const auto token = sso_token(world, session, value_of(of_session, "sso_start_url"), profile);
  if (!token) return token.error();
  std::string base = world.of("AWS_ENDPOINT_URL_SSO");
  if (base.empty()) base = fmt::format("https://portal.sso.{}.amazonaws.com", region);
  const auto reply =
      ask({.url = fmt::format("{}/federation/credentials?role_name={}&account_id={}", base,
                              record::percent_encoded(value_of(own, "sso_role_name")),
                              record::percent_encoded(value_of(own, "sso_account_id"))),
           .headers = {"x-amz-sso_bearer_token: " + *token}});
  if (!reply) return reply.error();
  if (reply->status != 200) {
    return core::Error{fmt::format("expected keys of the role '{}' by AWS IAM Identity Center, got "
                                   "status {}",
                                   value_of(own, "sso_role_name"), reply->status),
                       "", sso_help(session, profile)};
  }
  auto found = keys_in_json(reply->body,
                            {"roleCredentials.accessKeyId", "roleCredentials.secretAccessKey",
                             "roleCredentials.sessionToken", ""},
                            fmt::format("the sso session of the profile '{}'", profile));
  if (!found) return found.error();
  // Milliseconds since 1970.
  const auto path = rules::parse_json_path("roleCredentials.expiration");
  const std::string ends = text_in_json(reply->body, *path);
  if (!ends.empty()) found->life.ends = core::Instant(core::Millis(std::atoll(ends.c_str())));
  return found;
}

}  // namespace recoup::sources::probe
