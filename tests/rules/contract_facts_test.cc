// The rules against the facts that were collected of their contracts, with the words they stand in:
// a folder beside the checkout, one file a contract. RECOUP_CONTRACTS names another place of it.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "core/text.h"
#include "documents/files.h"
#include "rules/catalog.h"
#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"

namespace fs = std::filesystem;
using namespace recoup;
using core::Ratio;

namespace {

fs::path facts_folder() {
  const char* own = std::getenv("RECOUP_CONTRACTS");
  return own != nullptr ? fs::path(own) : fs::path(SOURCE_DIR "/../shared/reference/contracts");
}

// What is in the part of the file that quotes the contract; of a few contracts, which state a
// number in words that were not kept, the whole file.
std::string words_of(const std::string& id, const std::string& text) {
  static const std::set<std::string> kNotQuoted{
      "aws-cloudfront",      "aws-dax-multi-az",
      "aws-dax-single-az",   "azure-cn-cdn",
      "azure-cn-storage",    "byteplus-dataagent",
      "byteplus-functions",  "byteplus-torch-log-service",
      "digitalocean-spaces", "azure-cn-storage-read-access",
      "twcc-object-storage", "wasabi-hot-cloud-storage"};
  const auto quoted = text.find("\n## Quote");
  REQUIRE(quoted != std::string::npos);
  return kNotQuoted.contains(id) ? text : text.substr(quoted);
}

// The file of a contract; of a plan its own where it has one, else its contract's. Empty: there is
// none.
fs::path facts_of(const fs::path& folder, const std::string& id) {
  std::string own = id;
  std::replace(own.begin(), own.end(), '/', '-');
  for (const std::string& name : {own, rules::contract_id(id)}) {
    if (fs::exists(folder / (name + ".md"))) return folder / (name + ".md");
  }
  return {};
}

std::optional<int> number_word(const std::string& word) {
  static const std::map<std::string, int> kWords{{"one", 1},    {"two", 2},      {"second", 2},
                                                 {"three", 3},  {"ten", 10},     {"thirty", 30},
                                                 {"sixty", 60}, {"sixtieth", 60}};
  const auto found = kWords.find(word);
  return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

// "99.95", "99,95", "1,000": a comma before three digits sets thousands off, before fewer it is a
// decimal one.
std::optional<Ratio> parse_number(std::string digits) {
  while (!digits.empty() && !std::isdigit(static_cast<unsigned char>(digits.back())))
    digits.pop_back();
  const auto comma = digits.find(',');
  if (comma != std::string::npos && digits.size() - comma != 4) digits[comma] = '.';
  std::erase(digits, ',');
  const auto number = Ratio::parse(digits);
  return number ? std::optional(*number) : std::nullopt;
}

// All numbers of a text, in digits and in words.
std::set<std::string> numbers_in(const std::string& text) {
  std::set<std::string> all;
  const auto keep = [&](const Ratio& number) { all.insert(number.to_shortest(12)); };
  for (std::size_t at = 0; at < text.size();) {
    const auto is = [&](int (*kind)(int)) {
      return kind(static_cast<unsigned char>(text[at])) != 0;
    };
    std::string token;
    if (is(std::isdigit)) {
      while (at < text.size() && (is(std::isdigit) || text[at] == '.' || text[at] == ','))
        token += text[at++];
      if (const auto number = parse_number(token)) keep(*number);
    } else if (is(std::isalpha)) {
      while (at < text.size() && is(std::isalpha)) token += text[at++];
      if (const auto number = number_word(core::lower_case(token))) keep(Ratio::whole(*number));
    } else {
      ++at;
    }
  }
  return all;
}

std::vector<Ratio> numbers_of(const core::Version& version) {
  const auto percent = [](const Ratio& share) { return share * Ratio::whole(100); };
  std::vector<Ratio> numbers{percent(version.commitment)};
  for (const core::Tier& tier : version.credits) {
    numbers.push_back(percent(tier.below));
    if (tier.credit > Ratio()) numbers.push_back(percent(tier.credit));
    if (tier.at_least) numbers.push_back(percent(*tier.at_least));
  }
  const core::ClaimTerms& claim = version.claim;
  if (claim.not_before) numbers.push_back(Ratio(claim.not_before->count, 1));
  if (claim.automatic) numbers.push_back(Ratio(claim.automatic->within_days, 1));
  if (claim.automatic && claim.automatic->disputed_days) {
    numbers.push_back(Ratio(*claim.automatic->disputed_days, 1));
  }
  if (version.claim.deadline) numbers.push_back(Ratio::whole(version.claim.deadline->literal));
  if (version.minimum_credit) numbers.push_back(version.minimum_credit->amount);
  return numbers;
}

}  // namespace

TEST_CASE("every number of a rule stands in the words of its contract") {
  const fs::path folder = facts_folder();
  if (!fs::exists(folder)) {
    WARN("this test is skipped for want of " << folder.string());
    return;
  }
  const rules::Catalog catalog;
  int compared = 0;
  for (const std::string& id : catalog.all_rule_ids()) {
    const fs::path path = facts_of(folder, id);
    if (path.empty()) continue;
    ++compared;
    const auto stated = numbers_in(words_of(path.stem().string(), *documents::read_file(path)));
    for (const core::Version& version : catalog.find_rule(id)->rule.versions) {
      for (const Ratio& number : numbers_of(version)) {
        INFO(id << '@' << core::to_text(version.date()) << ": " << number.to_shortest(12));
        CHECK(stated.contains(number.to_shortest(12)));
      }
    }
  }
  CHECK(compared >= 159);
}

TEST_CASE("numbers are found in digits and in words, however decimals are written") {
  CHECK(numbers_in("below 99.90% and 99,5 %, sixty (60) days, 1,000 of them, 4.") ==
        std::set<std::string>{"99.9", "99.5", "60", "1000", "4"});
}

TEST_CASE("the catalog has as many rules and complete versions as it is said to have") {
  const rules::Catalog catalog;
  std::size_t complete = 0;
  std::size_t undated = 0;
  for (const std::string& id : catalog.all_rule_ids()) {
    const auto& versions = catalog.find_rule(id)->rule.versions;
    complete += versions.back().status == core::Status::complete ? 1 : 0;
    undated += versions.back().effective ? 0 : 1;
  }
  const std::size_t rules = catalog.all_rule_ids().size();
  WARN(rules << " rules, " << complete << " of them complete, " << undated
             << " of which nobody knows when they came into force");
  CHECK(rules >= 211);
  CHECK(complete >= 50);
}
