#include "cli/first_settings.h"

#include "rules/catalog.h"
#include "support/catch.h"

using namespace recoup;

TEST_CASE("the machine's own settings have their ledger where the package has it") {
  for (const char* folder : {"/etc/recoup", "/etc/recoup/", "/etc/./recoup"}) {
    CHECK(cli::ledger_for(folder) == "sqlite:/var/lib/recoup/recoup.db");
  }
  for (const char* folder : {".", "etc/recoup", "/etc/recoup/berlin", "/etc"}) {
    CHECK(cli::ledger_for(folder) == "sqlite:recoup.db");
  }
}

TEST_CASE("after the machine's own settings the service is what is started, and nothing by hand") {
  const rules::Catalog catalog;
  const auto kms = catalog.find_rule("aws-kms");
  CHECK(
      cli::next_steps(*kms, "/etc/recoup/") ==
      "Next:\n"
      "  1. set account and region in it\n"
      "  2. put AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY into /etc/default/recoup (mode 0600)\n"
      "  3. systemctl restart recoup\n"
      "  4. systemctl status recoup");
  CHECK(cli::next_steps(*kms, "here") ==
        "Next:\n"
        "  1. set account and region in it\n"
        "  2. export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"
        "  3. recoup check --config here/recoup.toml\n"
        "  4. recoup run --config here/recoup.toml");
}

TEST_CASE("every start has a contract of the catalog, and its settings name it") {
  const rules::Catalog catalog;
  for (const cli::ProviderStart& start : cli::provider_starts()) {
    INFO(start.name);
    const auto contract = catalog.find_rule(std::string(start.rule));
    REQUIRE(contract != nullptr);
    const std::string text =
        cli::first_settings(*contract, billing::PriceShelf(), "sqlite:here.db", &start);
    CHECK(text.find("sla     = \"" + std::string(start.rule) + "\"") != std::string::npos);
    CHECK(text.find("ledger = \"sqlite:here.db\"") != std::string::npos);
    CHECK(text.find("\n  [[agreement.probe]]\n") != std::string::npos);
    CHECK(&start == cli::find_start(start.name));
  }
  CHECK(cli::find_start("tencent") == nullptr);
  CHECK(cli::start_names() == "aws, alibaba, google, azure or http");
}
