#include "rules/providers.h"

#include <algorithm>

#include "config/settings.h"
#include "rules/builtin_rules.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::config;
using namespace recoup::rules;
using recoup::test::TempDir;

namespace {

// Settings that the reader takes, of one agreement with these keys.
Settings settings_of(const std::string& sla, const std::string& account, const std::string& more) {
  const TempDir folder;
  auto settings = parse_settings(
      "[[agreement]]\nid = \"a\"\nsla = \"" + sla + "\"\naccount = \"" + account + "\"\n" + more,
      "recoup.toml", {});
  if (!settings) FAIL(settings.error().message);
  return *std::move(settings);
}

std::string warnings_of(const std::string& sla, const std::string& account,
                        const std::string& more = "") {
  return settings_of(sla, account, more).warnings;
}

}  // namespace

TEST_CASE("every file of rules/providers is read, and names itself") {
  CHECK(builtin_providers().size() == 4);
  for (const BuiltinFile& file : builtin_providers()) {
    INFO(file.path);
    const auto provider = parse_provider(std::string(file.text), std::string(file.path));
    if (!provider) FAIL(provider.error().message);
    CHECK(provider->id == file.id);
    CHECK_FALSE(provider->account_words.empty());
    const auto& regions = provider->regions;
    CHECK(std::adjacent_find(regions.begin(), regions.end()) == regions.end());
  }
}

TEST_CASE("a file of rules/providers without what it needs is refused") {
  CHECK_FALSE(parse_provider("schema = 1\n", "p").ok());
  const std::string head = "schema = 1\nid = \"p\"\naccount_words = \"one\"\n";
  CHECK_FALSE(parse_provider(head + "account = \"[\"\n", "p").ok());
  CHECK_FALSE(parse_provider(head + "account = \"x\"\nregions = [\"a\"]\n", "p").ok());
  CHECK(parse_provider(head + "account = \"x\"\n", "p").ok());
}

TEST_CASE("a Region that the provider does not have is warned of with the date of the list") {
  CHECK(warnings_of("aws-kms", "123456789012", "region = \"us-east-1\"\n").empty());
  CHECK(warnings_of("aws-kms", "123456789012", "region = \"us-gov-west-1\"\n").empty());
  CHECK(warnings_of("aws-kms", "123456789012", "region = \"us-east-99\"\n") ==
        "recoup.toml:5:10: warning: expected a Region of aws, got 'us-east-99'\n"
        "    5 | region = \"us-east-99\"\n"
        "      |          ^^^^^^^^^^^^\n"
        "help: did you mean 'us-east-1'? the list is of 2026-11-21: a newer Region is right all "
        "the same");
  CHECK(warnings_of("aws-kms", "123456789012", "region = \"atlantis-1\"\n")
            .find("expected a Region of aws, got 'atlantis-1'") != std::string::npos);
  CHECK(warnings_of("aws-cn-firehose", "123456789012", "region = \"cn-north-1\"\n").empty());
  CHECK_FALSE(warnings_of("aws-cn-firehose", "123456789012", "region = \"us-east-1\"\n").empty());
  // No list of Alibaba's Regions is held.
  CHECK(warnings_of("alibaba-kms", "5123456789012345", "region = \"cn-atlantis\"\n").empty());
}

TEST_CASE("an account of the wrong shape is warned of, as far as the provider says what it is") {
  const std::string region = "region = \"us-east-1\"\n";
  const std::string google = "google-vertex-ai-search-commerce";
  CHECK(warnings_of("aws-kms", "1234", region) ==
        "recoup.toml:4:11: warning: expected an account id of 12 digits, got '1234'\n"
        "    4 | account = \"1234\"\n"
        "      |           ^^^^^^");
  for (const char* account : {"12345678901", "1234567890123", "12345678901a", " 123456789012"}) {
    INFO(account);
    CHECK_FALSE(warnings_of("aws-kms", account, region).empty());
  }
  for (const char* account : {"project-1", "123456", "example.com:project-1"}) {
    INFO(account);
    CHECK(warnings_of(google, account, "region = \"us-central1\"\n").empty());
  }
  CHECK_FALSE(warnings_of(google, "My Project", "region = \"us-central1\"\n").empty());
  CHECK(warnings_of("azure-api-for-fhir", "291bba3f-e0a5-47bc-a099-3bdcb2a50a05").empty());
  CHECK_FALSE(warnings_of("azure-api-for-fhir", "Pay-As-You-Go").empty());
  CHECK(warnings_of("stedi-healthcare", "whatever you call it").empty());
}
