#include <atomic>

#include <fmt/format.h>

#include "service/system_world.h"
#include "sources/probe/credentials/aws.h"
#include "sources/probe/credentials/keyring.h"
#include "sources/probe/credentials/profiles.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/probing.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::sources::probe;
using Request = LoopbackServer::Request;
using documents::Environment;
using recoup::test::TempDir;

namespace {

constexpr const char* kId = "AWS_ACCESS_KEY_ID";
constexpr const char* kKey = "AWS_SECRET_ACCESS_KEY";
constexpr const char* kToken = "AWS_SESSION_TOKEN";

// Where there is no instance: nobody listens on the discard port.
Environment at_home(const TempDir& home, Environment more = {}) {
  more.emplace("HOME", home.path().string());
  more.emplace("AWS_EC2_METADATA_DISABLED", "true");
  return more;
}

core::Result<FoundKeys> find(const Environment& environment, const std::string& profile = {}) {
  rules::Signing how;
  how.profile = profile;
  return find_aws_keys(how, environment, service::system_world().clock);
}

// "id/key/token" of what was found, and where.
std::string shown(const core::Result<FoundKeys>& found) {
  if (!found) return "error: " + found.error().message;
  const Credentials keys(found->secrets);
  return keys.of(kId).reveal() + '/' + keys.of(kKey).reveal() + '/' + keys.of(kToken).reveal() +
         " from " + found->from;
}

void write_home(const TempDir& home, const std::string& config, const std::string& credentials) {
  std::filesystem::create_directories(home.path() / ".aws/sso/cache");
  home.write(".aws/config", config);
  home.write(".aws/credentials", credentials);
}

std::string json_keys(const std::string& id, const std::string& ends, const char* token = "Token") {
  return fmt::format(
      R"({{"Version":1,"Code":"Success","AccessKeyId":"{}","SecretAccessKey":"s","{}":"t",)"
      R"("Expiration":"{}"}})",
      id, token, ends);
}

LoopbackServer::Reply answer(std::string body, int status = 200) {
  LoopbackServer::Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

// A token service that lets everybody be the role that they ask for.
LoopbackServer::Reply sts(const Request& request) {
  const std::string action =
      request.body.find("Action=AssumeRoleWithWebIdentity") != std::string::npos
          ? "AssumeRoleWithWebIdentity"
          : "AssumeRole";
  return answer(fmt::format(
      "<{0}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{0}Result><Credentials>"
      "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
      "<SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>"
      "</{0}Result></{0}Response>",
      action));
}

}  // namespace

TEST_CASE("profiles are read as AWS's command line writes them") {
  const auto sections = parse_sections(
      "# a comment\n[default]\nRegion = eu-west-1 # a blank before it\n\n"
      "[profile p]\naws_secret_access_key=a#b=c\ns3 =\n  max_concurrent_requests = 20\n",
      "config");
  REQUIRE(sections.ok());
  CHECK(value_of(sections->at("default"), "region") == "eu-west-1");
  CHECK(value_of(sections->at("profile p"), "aws_secret_access_key") == "a#b=c");
  CHECK(value_of(sections->at("profile p"), "s3").empty());
  CHECK(sections->at("profile p").size() == 2);
  for (const auto& [text, line] : std::vector<std::pair<std::string, int>>{
           {"secret\n", 1}, {"[default]\n\nhunter2", 3}, {"key = hunter2\n", 1}, {"[open\n", 1}}) {
    const auto wrong = parse_sections(text, "config");
    REQUIRE_FALSE(wrong.ok());
    CHECK(wrong.error().where == fmt::format("config:{}", line));
    CHECK(wrong.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("AWS credentials are found in the SDKs' order") {
  const TempDir home;
  write_home(home,
             "[default]\nregion = eu-west-1\n[profile old]\naws_access_key_id = CONFIG\n"
             "aws_secret_access_key = c\n[profile command]\ncredential_process = echo '" +
                 json_keys("COMMAND", "2030-01-01T00:00:00Z", "SessionToken") +
                 "'\n[profile fails]\ncredential_process = echo hunter2; exit 3\n[profile slow]\n"
                 "region = x\n",
             "[default]\naws_access_key_id = FILE\naws_secret_access_key = f\n[prod]\n"
             "aws_access_key_id = PROD\naws_secret_access_key = p\naws_session_token = pt\n"
             "[old]\naws_secret_access_key = shared\n");
  CHECK(shown(find(at_home(home, {{kId, "ENV"}, {kKey, "e"}, {"AWS_PROFILE", "prod"}}))) ==
        "ENV/e/ from the environment");
  CHECK(shown(find(at_home(home, {{kId, "ENV"}}))) == "FILE/f/ from the profile 'default'");
  CHECK(shown(find(at_home(home, {{"AWS_PROFILE", "prod"}}))) ==
        "PROD/p/pt from the profile 'prod'");
  CHECK(shown(find(at_home(home, {{kId, "ENV"}, {kKey, "e"}}), "prod")) ==
        "PROD/p/pt from the profile 'prod'");
  // The keys of the shared file stand over those of the config.
  CHECK(shown(find(at_home(home), "old")) == "CONFIG/shared/ from the profile 'old'");
  const auto command = find(at_home(home), "command");
  CHECK(shown(command) == "COMMAND/s/t from credential_process of the profile 'command'");
  CHECK(core::to_text(*command->life.ends) == "2030-01-01T00:00:00Z");
  CHECK(
      shown(find(at_home(home), "fails")) ==
      "error: expected keys of credential_process of the profile 'fails', got none: it ended with "
      "the status 3");
  CHECK(shown(find(at_home(home), "slow")) ==
        "error: expected a profile 'slow' with keys or a role in the AWS config or credentials, "
        "got none");
  const TempDir nobody;
  const auto none = find(at_home(nobody));
  CHECK(shown(none) == "error: expected AWS credentials, got none");
  CHECK(none.error().help.find("profile = ") != std::string::npos);
  const std::string elsewhere = home.write("elsewhere",
                                           "[default]\naws_access_key_id = ELSEWHERE\n"
                                           "aws_secret_access_key = w\n");
  CHECK(shown(find(at_home(home, {{"AWS_SHARED_CREDENTIALS_FILE", elsewhere}}))) ==
        "ELSEWHERE/w/ from the profile 'default'");
}

TEST_CASE("a role is assumed by the keys of its source, or by a token") {
  LoopbackServer server(sts);
  const TempDir home;
  const std::string token = home.write("token", "web.identity.token\n");
  write_home(home,
             "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n"
             "external_id = x/1\nregion = eu-west-1\nrole_session_name = probes\n"
             "[profile chain]\nrole_arn = arn:aws:iam::123456789012:role/c\n"
             "source_profile = role\n"
             "[profile own]\nrole_arn = arn:aws:iam::123456789012:role/o\nsource_profile = own\n"
             "[profile env]\nrole_arn = arn:aws:iam::123456789012:role/e\n"
             "credential_source = Environment\n"
             "[profile web]\nrole_arn = arn:aws:iam::123456789012:role/w\n"
             "web_identity_token_file = " +
                 token +
                 "\n[profile a]\nrole_arn = a\nsource_profile = b\n"
                 "[profile b]\nrole_arn = b\nsource_profile = a\n"
                 "[profile mfa]\nrole_arn = m\nsource_profile = base\nmfa_serial = m\n",
             "[base]\naws_access_key_id = BASE\naws_secret_access_key = b\n"
             "[own]\naws_access_key_id = OWN\naws_secret_access_key = o\n");
  const Environment with{{"AWS_ENDPOINT_URL_STS", server.url("/")}};
  CHECK(shown(find(at_home(home, with), "role")) ==
        "ASIAROLE/s/t from the role arn:aws:iam::123456789012:role/r, by the profile 'base'");
  const Request asked = server.requests().back();
  CHECK(asked.body ==
        "Version=2011-06-15&Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr"
        "&RoleSessionName=probes&ExternalId=x%2F1");
  CHECK(asked.header("Authorization").starts_with("AWS4-HMAC-SHA256 Credential=BASE/"));
  CHECK(asked.header("Authorization").find("/eu-west-1/sts/aws4_request") != std::string::npos);
  CHECK(shown(find(at_home(home, with), "chain")).starts_with("ASIAROLE/s/t from the role "));
  CHECK(server.requests().back().header("X-Amz-Security-Token") == "t");
  CHECK(shown(find(at_home(home, with), "own")).ends_with(", by the profile 'own'"));
  Environment env = with;
  env.insert({{kId, "ENV"}, {kKey, "e"}});
  CHECK(shown(find(at_home(home, env), "env")).ends_with(", by the environment"));
  CHECK(shown(find(at_home(home, with), "web")) ==
        "ASIAROLE/s/t from the role arn:aws:iam::123456789012:role/w");
  CHECK(server.requests().back().body.ends_with("&WebIdentityToken=web.identity.token"));
  CHECK(server.requests().back().header("Authorization").empty());
  Environment pod = with;
  pod.insert({{"AWS_WEB_IDENTITY_TOKEN_FILE", token}, {"AWS_ROLE_ARN", "arn:pod"}});
  CHECK(shown(find(at_home(home, pod))) == "ASIAROLE/s/t from the role arn:pod");
  CHECK(shown(find(at_home(home, with), "a")).find("circle at 'a'") != std::string::npos);
  CHECK(shown(find(at_home(home, with), "mfa")).find("mfa_serial") != std::string::npos);
}

TEST_CASE("what STS refuses is said with its reason") {
  LoopbackServer server([](const Request&) {
    return answer("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", 403);
  });
  const TempDir home;
  write_home(home, "[profile r]\nrole_arn = arn:r\nsource_profile = base\n",
             "[base]\naws_access_key_id = BASE\naws_secret_access_key = hunter2\n");
  const auto found = find(at_home(home, {{"AWS_ENDPOINT_URL_STS", server.url("/")}}), "r");
  CHECK(shown(found) ==
        "error: expected STS to let us be the role arn:r, got status 403 AccessDenied");
}

TEST_CASE("containers, pods and instances give their own keys") {
  LoopbackServer server([](const Request& request) {
    if (request.target == "/pod" && request.header("Authorization") == "pod token") {
      return answer(json_keys("POD", "2030-01-01T00:00:00Z"));
    }
    if (request.target == "/latest/api/token") {
      const bool v2 = request.method == "PUT" &&
                      request.header("X-aws-ec2-metadata-token-ttl-seconds") == "21600";
      return answer(v2 ? "imds" : "", v2 ? 200 : 400);
    }
    if (request.header("X-aws-ec2-metadata-token") != "imds") return answer("", 401);
    const std::string at = "/latest/meta-data/iam/security-credentials/";
    if (request.target == at) return answer("probe-role");
    if (request.target == at + "probe-role") {
      return answer(json_keys("INSTANCE", "2030-01-01T00:00:00Z"));
    }
    return answer("", 404);
  });
  const TempDir home;
  const std::string token = home.write("token", "pod token\n");
  CHECK(shown(find({{"HOME", home.path().string()},
                    {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url("")}})) ==
        "INSTANCE/s/t from the instance's role 'probe-role'");
  const Environment pod{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/pod")},
                        {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token}};
  CHECK(shown(find(at_home(home, pod))) == "POD/s/t from the container's identity");
  CHECK(shown(find(at_home(home, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/no")}}))) ==
        "error: expected keys of the container, got status 401");
  // A token is not sent to whoever a variable names.
  CHECK(shown(find(at_home(home, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://a.example/"}})))
            .find("an address of this machine") != std::string::npos);
  CHECK(shown(find({{"HOME", home.path().string()},
                    {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9"}})) ==
        "error: expected AWS credentials, got none");
}

TEST_CASE("a session of the command line gives keys, and one that ended says what to do") {
  LoopbackServer server([](const Request& request) {
    CHECK(request.target == "/federation/credentials?role_name=Probe&account_id=123456789012");
    CHECK(request.header("x-amz-sso_bearer_token") == "bearer");
    return answer(R"({"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s",)"
                  R"("sessionToken":"t","expiration":1893456000000}})");
  });
  const TempDir home;
  write_home(home,
             "[profile p]\nsso_session = corp\nsso_account_id = 123456789012\n"
             "sso_role_name = Probe\n[sso-session corp]\nsso_region = eu-west-1\n"
             "sso_start_url = https://corp.awsapps.com/start\n",
             "");
  const Environment with{{"AWS_ENDPOINT_URL_SSO", server.url("")}};
  // The SHA-1 of "corp".
  const std::string cached = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
  const auto none = find(at_home(home, with), "p");
  CHECK(shown(none) ==
        "error: expected a session of `aws sso login` for the profile 'p', got none");
  CHECK(none.error().help.find("credential_process = aws configure export-credentials") !=
        std::string::npos);
  home.write(cached, R"({"accessToken":"bearer","expiresAt":"2020-01-01T00:00:00Z"})");
  CHECK(shown(find(at_home(home, with), "p")).find("one that ended at 2020") != std::string::npos);
  home.write(cached, R"({"accessToken":"bearer","expiresAt":"2099-01-01T00:00:00Z"})");
  const auto found = find(at_home(home, with), "p");
  CHECK(shown(found) == "SSO/s/t from the sso session of the profile 'p'");
  CHECK(core::to_text(*found->life.ends) == "2030-01-01T00:00:00Z");
}

TEST_CASE("keys that end are replaced in time, and without any no probe is sent, which is said") {
  const core::World world = service::system_world();
  std::atomic<int> given{0};
  std::atomic<bool> gives{true};
  LoopbackServer machine([&](const Request&) {
    if (!gives) return answer("", 500);
    const auto ends =
        std::chrono::floor<std::chrono::seconds>(world.clock.wall()) + std::chrono::seconds(2);
    return answer(json_keys(fmt::format("KEY{}", ++given), core::to_text(core::Instant(ends))));
  });
  LoopbackServer provider([](const Request&) { return answer("{}"); });
  const TempDir home;
  ProbeSettings settings;
  settings.id = "p";
  settings.url = provider.url("/");
  settings.every = core::Millis(20);
  settings.sign = rules::Signing{"", "kms", "us-east-1"};
  std::vector<std::string> said;
  std::mutex saying;
  Probing probing({settings},
                  at_home(home, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", machine.url("/")}}),
                  nullptr, [&](const std::string& line) {
                    const std::lock_guard lock(saying);
                    said.push_back(line);
                  });
  const auto seen = [&](const std::string& key) {
    const auto requests = provider.requests();
    return std::any_of(requests.begin(), requests.end(), [&](const Request& request) {
      return request.header("Authorization").find("Credential=" + key + '/') != std::string::npos;
    });
  };
  CHECK(eventually([&] { return seen("KEY1") && seen("KEY2") && seen("KEY3"); }));
  CHECK(probing.outcomes()["missed/credentials"] == 0);
  gives = false;
  CHECK(eventually([&] { return probing.outcomes()["missed/credentials"] > 10; }));
  const auto sent = provider.requests().size();
  probing.stop();
  CHECK(provider.requests().size() <= sent + 1);
  const std::lock_guard lock(saying);
  REQUIRE(said.size() == 1);
  CHECK(
      said[0].starts_with("credentials to sign by sigv4: expected keys of the container, got "
                          "status 500; those that are here end at "));
}

TEST_CASE("keys of an instance, a role and a web identity are replaced in time, too") {
  const core::World world = service::system_world();
  std::atomic<int> given{0};
  const auto next_end = [&] {
    return core::to_text(core::Instant(
        std::chrono::floor<std::chrono::seconds>(world.clock.wall() + std::chrono::seconds(2))));
  };
  // STS and the metadata of an instance, as they are documented. Each key is of two seconds.
  LoopbackServer places([&](const Request& request) {
    const std::string base = "/latest/meta-data/iam/security-credentials/";
    if (request.method == "PUT" && request.target == "/latest/api/token") {
      const bool good = request.header("X-aws-ec2-metadata-token-ttl-seconds") == "21600";
      return good ? answer("token") : answer("", 400);
    }
    if (request.method == "GET") {
      if (request.header("X-aws-ec2-metadata-token") != "token") return answer("", 401);
      if (request.target == base) return answer("probes");
      if (request.target != base + "probes") return answer("", 404);
      return answer(json_keys(fmt::format("KEY{}", ++given), next_end()));
    }
    const bool by_token =
        request.body.find("Action=AssumeRoleWithWebIdentity") != std::string::npos;
    if (by_token == (request.body.find("WebIdentityToken=web") == std::string::npos) ||
        by_token != request.header("Authorization").empty()) {
      return answer("", 400);
    }
    return answer(fmt::format(
        "<{0}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{0}Result><Credentials>"
        "<AccessKeyId>KEY{1}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        "<SessionToken>t{1}</SessionToken><Expiration>{2}</Expiration></Credentials></{0}Result>"
        "</{0}Response>",
        by_token ? "AssumeRoleWithWebIdentity" : "AssumeRole", ++given, next_end()));
  });
  LoopbackServer provider([](const Request&) { return answer("{}"); });
  const TempDir home;
  write_home(home, "[profile role]\nrole_arn = arn:aws:iam::1:role/p\nsource_profile = keys\n",
             "[keys]\naws_access_key_id = OWN\naws_secret_access_key = s\n");
  const std::string web = home.write("web", "web\n");
  struct Row {
    const char* id;
    Environment environment;
  };
  for (const Row& row :
       std::vector<Row>{{"instance",
                         {{"AWS_EC2_METADATA_DISABLED", "false"},
                          {"AWS_EC2_METADATA_SERVICE_ENDPOINT", places.url("")}}},
                        {"role", {{"AWS_PROFILE", "role"}, {"AWS_ENDPOINT_URL_STS", places.url()}}},
                        {"web",
                         {{"AWS_WEB_IDENTITY_TOKEN_FILE", web},
                          {"AWS_ROLE_ARN", "arn:aws:iam::1:role/w"},
                          {"AWS_ENDPOINT_URL_STS", places.url()}}}}) {
    INFO(row.id);
    given = 0;
    ProbeSettings settings;
    settings.id = row.id;
    settings.url = provider.url(std::string("/") + row.id);
    settings.every = core::Millis(20);
    settings.sign = rules::Signing{"", "kms", "us-east-1"};
    Probing probing({settings}, at_home(home, row.environment));
    const auto seen = [&](const std::string& key) {
      const auto requests = provider.requests();
      return std::any_of(requests.begin(), requests.end(), [&](const Request& request) {
        return request.target == std::string("/") + row.id &&
               request.header("Authorization").find("Credential=" + key + '/') != std::string::npos;
      });
    };
    CHECK(eventually([&] { return seen("KEY1") && seen("KEY2") && seen("KEY3"); }));
    CHECK(probing.outcomes()["missed/credentials"] == 0);
    probing.stop();
  }
}

TEST_CASE("STS is asked in the Region, and where the environment wants so by FIPS 140") {
  // Nobody resolves the names of tests: the error says who was to be asked.
  const TempDir home;
  const std::string web = home.write("web", "web");
  const auto asked = [&](Environment more) {
    more.insert({{"AWS_WEB_IDENTITY_TOKEN_FILE", web}, {"AWS_ROLE_ARN", "arn:aws:iam::1:role/w"}});
    const auto found = find(at_home(home, more));
    return shown(found);
  };
  // A Region that there is not has no host.
  CHECK(asked({{"AWS_REGION", "xx-none-1"}}).find("sts.xx-none-1.amazonaws.com") !=
        std::string::npos);
  CHECK(asked({{"AWS_REGION", "cn-none-1"}}).find("sts.cn-none-1.amazonaws.com.cn") !=
        std::string::npos);
  CHECK(asked({{"AWS_REGION", "xx-none-1"}, {"AWS_USE_FIPS_ENDPOINT", "true"}})
            .find("sts-fips.xx-none-1.amazonaws.com") != std::string::npos);
}
