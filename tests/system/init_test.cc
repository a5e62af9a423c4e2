// The settings that `recoup init --provider` writes, with the credentials of each there.

#include <filesystem>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

// A provider's service that gives tokens to whoever asks.
LoopbackServer token_service() {
  return LoopbackServer([](const LoopbackServer::Request&) {
    LoopbackServer::Reply reply;
    reply.body = R"({"access_token":"a-token","expires_in":3600,"token_type":"Bearer"})";
    return reply;
  });
}

}  // namespace

TEST_CASE(
    "init writes settings for each provider that check accepts once the credentials are there") {
  const LoopbackServer tokens = token_service();
  const TempDir dir;
  const Finished made = run({"openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt",
                             "rsa_keygen_bits:2048", "-out", dir.file("key.pem")},
                            dir.path().string());
  REQUIRE(made.status == 0);
  std::string key;
  for (const char c : read_text(dir.file("key.pem")))
    key += c == '\n' ? std::string("\\n") : std::string(1, c);
  write_text(dir.file("account.json"),
             fmt::format(
                 R"({{"type":"service_account","project_id":"my-project","private_key_id":"1",)"
                 R"("private_key":"{}","client_email":"probes@my-project.iam.gserviceaccount.com",)"
                 R"("token_uri":"{}"}})",
                 key, tokens.url("/token")));
  struct Row {
    const char* provider;
    const char* rule;
    const char* probe;
    std::map<std::string, std::string> environment;
  };
  for (const Row& row : std::vector<Row>{
           {"aws",
            "aws-kms",
            "generate-random",
            {{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "secret"}}},
           {"alibaba",
            "alibaba-kms",
            "https://kms.eu-central-1.aliyuncs.com/",
            {{"ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI"},
             {"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"}}},
           {"google",
            "google-kms-direct",
            "/keyRings/my-key-ring/cryptoKeys/my-key:encrypt",
            {{"GOOGLE_APPLICATION_CREDENTIALS", dir.file("account.json")}}},
           {"azure",
            "azure-key-vault",
            "https://my-vault.vault.azure.net/keys/my-key",
            {{"AZURE_TENANT_ID", "tenant"},
             {"AZURE_CLIENT_ID", "client"},
             {"AZURE_CLIENT_SECRET", "secret"},
             {"AZURE_AUTHORITY_HOST", tokens.url("/")}}},
           {"http",
            "cloudflare-workers",
            "https://api.example.com/healthz",
            {{"PROBE_TOKEN", "secret"}}}}) {
    INFO(row.provider);
    const std::string own = dir.file(row.provider);
    const Finished init = recoup_in(dir, {"init", "--provider", row.provider, own});
    REQUIRE(init.status == 0);
    CHECK_HAS(init.out, fmt::format("({})", row.rule));
    const std::string text = read_text(own + "/recoup.toml");
    for (const auto& [name, value] : row.environment) {
      INFO(name);
      CHECK((name == "AZURE_AUTHORITY_HOST" || has(text, name)));
      CHECK((name == "AZURE_AUTHORITY_HOST" || has(init.out, name)));
    }
    auto environment = row.environment;
    environment.emplace("AWS_EC2_METADATA_DISABLED", "true");
    const Finished checked =
        recoup_in(dir, {"check", "--config", own + "/recoup.toml"}, environment);
    INFO(checked.out << checked.err);
    CHECK(checked.status == 0);
    CHECK_HAS(checked.out, row.probe);
  }
}

TEST_CASE("init --provider of another one, or with a use, shows the contracts as before") {
  const TempDir dir;
  const Finished listed = recoup_in(dir, {"init", "--provider", "backblaze"});
  CHECK(listed.status == 0);
  CHECK_HAS(listed.out, "(backblaze-b2)");
  const Finished use = recoup_in(dir, {"init", "--for", "storage", "--provider", "azure"});
  CHECK(use.status == 0);
  CHECK_HAS(use.out, "Next: recoup init --sla ");
  CHECK_FALSE(std::filesystem::exists(dir.path() / "azure"));
}
