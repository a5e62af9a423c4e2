// What a service cost, by the bill and by the price book, as users of the program see it.

#include <filesystem>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

Finished ran(std::vector<std::string> words) {
  const TempDir dir;
  words.insert(words.begin(), recoup_binary());
  return run(words, dir.path().string());
}

std::string done(std::vector<std::string> words) {
  const Finished finished = ran(std::move(words));
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  return finished.out;
}

json estimate(std::vector<std::string> words) {
  words.insert(words.begin(), {"estimate", "--json"});
  return json::parse(done(std::move(words)));
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A settings file whose charges for August 2026 come from where the text says.
std::string settings(const std::string& charges) {
  return "ledger = \"sqlite:recoup.db\"\n[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\n"
         "account = \"123456789012\"\nregion = \"us-east-1\"\n[agreement.charges]\n" +
         charges;
}

constexpr const char* kBill =
    "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargeClass,"
    "ProviderName,ServiceName,RegionId,SubAccountId,BillingAccountId\n"
    "40.00,USD,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,Usage,,AWS,AWS Key Management Service,"
    "us-east-1,123456789012,1\n"
    "35.2E-7,USD,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,Usage,,AWS,AWS Key Management Service,"
    "us-east-1,123456789012,1\n"
    "3.20,USD,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,Tax,,AWS,AWS Key Management Service,"
    "us-east-1,123456789012,1\n"
    "7.00,USD,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,Usage,,AWS,AWS Key Management Service,,"
    "123456789012,1\n"
    "9.00,USD,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,Usage,,AWS,AWS Key Management Service,"
    "eu-west-1,123456789012,1\n";

}  // namespace

TEST_CASE("an estimate shows each line and its total, in the published form") {
  const json kms = estimate({"alibaba-kms-subscription", "instance=software", "zones=multi",
                             "qps=2000", "keys=2000", "secrets=200", "access=2"});
  CHECK(kms["book"] == "alibaba-kms-subscription");
  CHECK(kms["total"] == "1845.00");
  CHECK(kms["currency"] == "USD");
  REQUIRE(kms["lines"].size() == 6);
  for (const json& line : kms["lines"]) {
    CHECK(line["item"].is_string());
    CHECK_FALSE(line["calculation"].get<std::string>().empty());
    CHECK(line["amount"].is_string());
  }
  CHECK(kms["notes"].is_array());
}

TEST_CASE("the published examples come out by the tables, and a wrong one is named") {
  const json api = estimate({"alibaba-api-gateway", "instance=shared", "calls=12_000_000",
                             "first_year=true", "region=cn-hongkong", "traffic_gb=100"});
  CHECK(api["total"] == "25.20");
  CHECK(has(api["notes"].dump(), "22.50"));
  CHECK(estimate({"alibaba-api-gateway", "instance=api.s1.small", "plan=hourly", "hours=9.5",
                  "region=ap-southeast-1", "traffic_gb=10"})["total"] == "10.47");
  CHECK(estimate({"alibaba-api-gateway", "instance=api.s1.small", "plan=monthly",
                  "region=ap-southeast-1", "traffic_gb=10"})["total"] == "561.17");
  CHECK(estimate({"aws-kms", "region=us-east-1", "keys=40", "requests=12_000_000",
                  "free_tier=false"})["total"] == "76.00");
}

TEST_CASE("what cannot be bought is refused with what can be") {
  const Finished qps = ran({"estimate", "alibaba-kms-subscription", "qps=1500"});
  CHECK(qps.status == 2);
  CHECK(has(qps.err, "1,500"));
  CHECK(has(qps.err, "2,000"));
  const Finished word = ran({"estimate", "aws-kms", "key=1"});
  CHECK(word.status == 2);
  CHECK(has(word.err, "did you mean 'keys'?"));
  const Finished book = ran({"estimate", "aws-kmz"});
  CHECK(book.status == 2);
  CHECK(has(book.err, "did you mean 'aws-kms'?"));
  CHECK(ran({"estimate", "aws-kms", "keys"}).status == 2);
}

TEST_CASE("the price books and their keys can be looked up") {
  const std::string books = done({"estimate"});
  for (const char* book : {"aws-kms", "alibaba-kms-subscription", "alibaba-api-gateway"}) {
    CHECK(has(books, book));
  }
  CHECK(has(done({"estimate", "aws-kms", "--keys"}), "free_tier"));
}

TEST_CASE("the bill decides over the estimate, and the difference is shown") {
  const TempDir dir;
  const std::string folder = dir.path().string();
  write_text(dir.file("recoup.toml"), settings("bill = { path = \"bill.csv\" }\nbook = "
                                               "\"aws-kms\"\nkeys = 41\n"));
  write_text(dir.file("bill.csv"), kBill);
  const json charge = json::parse(done({"charges", "--config", dir.file("recoup.toml"),
                                        "--agreement", "kms", "--month", "2026-08", "--json"}));
  CHECK(charge["amount"] == "40.00000352");
  CHECK(charge["from"] == "bill");
  REQUIRE(charge["others"].size() == 1);
  CHECK(charge["others"][0]["from"] == "estimate");
  CHECK(charge["others"][0]["amount"] == "41.00");
  const std::string text = done(
      {"charges", "--config", dir.file("recoup.toml"), "--agreement", "kms", "--month", "2026-08"});
  INFO(text);
  CHECK(has(text, "40.00000352 USD"));
  CHECK(has(text, "estimate 41.00 USD: 0.99999648 USD more"));
  CHECK(has(text, "3.20"));  // the tax that was seen
  CHECK(has(text, "7.00"));  // the row without a Region
}

TEST_CASE("a month that the bill does not have is estimated, and the reader is told") {
  const TempDir dir;
  write_text(dir.file("recoup.toml"), settings("bill = { path = \"bill.csv\" }\nbook = "
                                               "\"aws-kms\"\nkeys = 41\n"));
  write_text(dir.file("bill.csv"), kBill);
  const json charge = json::parse(done({"charges", "--config", dir.file("recoup.toml"),
                                        "--agreement", "kms", "--month", "2026-09", "--json"}));
  CHECK(charge["from"] == "estimate");
  CHECK(charge["amount"] == "41.00");
  CHECK(has(charge["remarks"].dump(), "2026-09"));
}

TEST_CASE("a claim rests on the bill, and a bill that cannot be read is no charge") {
  const TempDir dir;
  const std::string config = dir.file("recoup.toml");
  write_text(config, settings("bill = { path = \"bill.csv\" }\n"));
  write_text(dir.file("bill.csv"), kBill);
  write_text(dir.file("counts.csv"),
             "minute,outcome,count\n2026-08-03T02:00:00Z,200,20\n2026-08-03T02:01:00Z,503,4\n");
  done({"import", "--config", config, "--agreement", "kms", "--format", "counts",
        dir.file("counts.csv")});
  const auto credit = [&] {
    return json::parse(done({"assess", "--config", config, "--month", "2026-08", "--json"}))[0].at(
        "credit");
  };
  CHECK(credit()["charges"]["from"] == "bill");
  CHECK(credit()["amount"] == "4.00");
  CHECK(credit()["eligible"] == true);

  write_text(dir.file("bill.csv"),
             std::string(kBill).replace(std::string(kBill).find("40.00"), 5, "\"1,000.00\""));
  const json without = credit();
  CHECK(without["charges"].is_null());
  CHECK(has(without["reason"], "bill.csv:2:1: error: expected"));
  const Finished claim = ran({"claim", "--config", config, "--agreement", "kms", "--month",
                              "2026-08", "--out", dir.file("claim")});
  CHECK(claim.status == 1);
  CHECK(has(claim.err, "1,000.00"));
}

TEST_CASE("the FOCUS sample adds up to the last digit, by provider, service and Region") {
  const std::string sample = SHARED_DATA "/bills/focus-1.0-sample.csv";
  if (!have_data(sample)) return;
  const json all = json::parse(done({"charges", "--json", sample}));
  const auto total = [&](const std::string& provider, const std::string& period) -> json {
    for (const json& one : all["totals"]) {
      if (one["provider"] == provider && one["period"] == period) return one;
    }
    return {};
  };
  CHECK(total("AWS", "2024-09")["amount"] == "18.0066386184");
  CHECK(total("AWS", "2024-09")["rows"] == 942);
  CHECK(total("Microsoft", "2024-09")["amount"] == "1.97651418586");
  CHECK(total("Oracle", "2024-09")["amount"] == "0.29707392473");
  CHECK(total("Oracle", "2024-10")["amount"] == "0.24");

  const json kms =
      json::parse(done({"charges", "--json", "--service", "AWS Key Management Service", sample}));
  REQUIRE(kms["totals"].size() == 1);
  CHECK(kms["totals"][0]["amount"] == "0.0041666667");
  CHECK(kms["totals"][0]["rows"] == 4);
}

TEST_CASE("what an expired instance or an overdue account causes is excluded, with the timeline") {
  const TempDir dir;
  const std::string config = dir.file("recoup.toml");
  write_text(config,
             "[[agreement]]\nid = \"kms\"\nsla = \"alibaba-kms\"\naccount = \"5123456789012345\"\n"
             "region = \"ap-southeast-1\"\n[agreement.charges]\nbook = "
             "\"alibaba-kms-subscription\"\n[[agreement.expiry]]\ndate = 2026-08-30\nrenewed = "
             "2026-08-31\n");
  const std::string text =
      done({"charges", "--config", config, "--agreement", "kms", "--month", "2026-08"});
  INFO(text);
  CHECK(has(text, "500.00 USD, estimate"));
  CHECK(has(text, "2026-08-29T16:00:00Z"));  // expired
  CHECK(has(text, "2026-09-13T16:00:00Z"));  // suspended
  CHECK(has(text, "2026-09-29T16:00:00Z"));  // released
  CHECK(has(text, "released: keys and secrets are gone, back them up before"));
  CHECK(has(text, "- back up keys and secrets before the expiry"));
  CHECK(has(text, "only for an instance in the state Enabled or Disabled"));
  CHECK(has(text, "never pro-rated by calendar month"));
  write_text(dir.file("counts.csv"), "minute,outcome,count\n2026-08-03T02:00:00Z,200,20\n");
  done({"import", "--config", config, "--agreement", "kms", "--format", "counts",
        dir.file("counts.csv")});
  const json verdict =
      json::parse(done({"assess", "--config", config, "--month", "2026-08", "--json"}))[0];
  REQUIRE(verdict["exclusions"].size() == 1);
  CHECK(verdict["exclusions"][0]["from"] == "2026-08-29T16:00:00Z");
  CHECK(verdict["exclusions"][0]["to"] == "2026-08-30T16:00:00Z");
  CHECK(has(verdict["exclusions"][0]["reason"], "past its expiry of 2026-08-30"));
  CHECK(verdict["intervals"]["excluded"] == 288);
}
