// The reference of recoup.toml against the readers themselves: of a key that nobody knows they say
// which ones they do.
#include "config/reference.h"

#include <map>
#include <set>
#include <sstream>

#include "config/settings.h"
#include "documents/files.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

using Keys = std::set<std::string>;

// The keys that a reader of this text knows where the key "zzqq" stands.
Keys known(const std::string& text) {
  const test::TempDir dir;
  const auto read = config::parse_settings(text, dir.file("recoup.toml"), {{"HOSTNAME", "test"}});
  REQUIRE_FALSE(read);
  const std::string& said = read.error().message;
  const auto at = said.find("got 'zzqq'");
  INFO(text << "\n" << said);
  REQUIRE(at != std::string::npos);
  const std::string help = "help: the keys known here are ";
  const auto begin = said.find(help, at);
  REQUIRE(begin != std::string::npos);
  const auto first = begin + help.size();
  std::istringstream words(said.substr(first, said.find('\n', first) - first));
  Keys keys;
  for (std::string word; words >> word;) {
    if (word.back() == ',') word.pop_back();
    keys.insert(word);
  }
  return keys;
}

Keys known_of_all(const std::vector<std::string>& texts) {
  Keys keys;
  for (const std::string& text : texts) keys.merge(known(text));
  return keys;
}

const std::string kAgreement =
    "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
    "region = \"us-east-1\"\n";

std::string in(const std::string& table, const std::string& keys = {}) {
  return kAgreement + table + '\n' + keys + "zzqq = 1\n";
}

std::string query(const std::string& keys) { return in("[[agreement.query]]", keys); }

}  // namespace

TEST_CASE("the reference has the keys that the readers know, and no others") {
  const std::string clickhouse = "id = \"q\"\nengine = \"clickhouse\"\n";
  const std::map<std::string, std::vector<std::string>> sections{
      {"", {"zzqq = 1\n" + kAgreement}},
      {"[[agreement]]",
       {kAgreement + "zzqq = 1\n",
        "[[agreement]]\nid = \"z\"\nsla = \"zitadel-cloud\"\nplan = \"pro\"\nzzqq = 1\n"}},
      {"[[agreement.probe]]",
       {in("[[agreement.probe]]", "id = \"p\"\nurl = \"https://a.example\"\n")}},
      {"sign = { … } of [[agreement.probe]]",
       {kAgreement + "[[agreement.probe]]\nid = \"p\"\nurl = \"https://a.example\"\n"
                     "sign = { by = \"azure\", zzqq = 1 }\n"}},
      {"[agreement.probe.check]",
       {kAgreement + "[[agreement.probe]]\nid = \"p\"\nurl = \"https://a.example\"\n"
                     "check = { body = \"a\", zzqq = 1 }\n"}},
      {"[[agreement.log]]", {in("[[agreement.log]]", "id = \"l\"\n")}},
      {"[[agreement.query]]",
       {query(clickhouse + "table = \"t\"\nurl = \"http://127.0.0.1\"\n"),
        query(clickhouse + "query = \"q\"\nurl = \"http://127.0.0.1\"\n"),
        query("id = \"q\"\nengine = \"postgresql\"\nquery = \"q\"\n"),
        query(
            "id = \"q\"\nengine = \"prometheus\"\ncounter = \"c\"\nurl = \"http://127.0.0.1\"\n")}},
      {"[[agreement.exclusion]]", {in("[[agreement.exclusion]]")}},
      {"[[agreement.expiry]]", {in("[[agreement.expiry]]")}},
      {"[[agreement.overdue]]", {in("[[agreement.overdue]]")}},
      {"[agreement.charges]", {in("[agreement.charges]")}},
      {"[[agreement.charges.stated]]", {in("[[agreement.charges.stated]]")}},
      {"[[agreement.charges.bill]]", {in("[[agreement.charges.bill]]")}},
      {"[keep]", {kAgreement + "[keep]\nzzqq = 1\n"}},
      {"[timestamps]", {kAgreement + "[timestamps]\nzzqq = 1\n"}},
      {"[notify]", {kAgreement + "[notify]\nzzqq = 1\n"}},
  };
  CHECK(config::settings_reference().size() == sections.size());
  for (const auto& section : config::settings_reference()) {
    INFO("section " << section.header);
    const auto found = sections.find(std::string(section.header));
    REQUIRE(found != sections.end());
    Keys told, real = known_of_all(found->second);
    for (const auto& key : section.keys) told.emplace(key.key);
    if (section.header == "[[agreement.query]]") real.erase("server_name");  // refused, with help
    CHECK(told == real);
  }
}

TEST_CASE("examples of the reference are TOML, and what a key is called is found") {
  for (const auto& section : config::settings_reference()) {
    for (const auto& key : section.keys) {
      INFO(section.header << ' ' << key.key);
      CHECK_FALSE(key.text.empty());
      if (key.example.empty()) continue;
      documents::Document document("x", std::string(key.key) + " = " + std::string(key.example));
      CHECK(document.is_sound());
    }
  }
  CHECK(config::reference_text("max_requests").find("max_requests_per_month = 500000") !=
        std::string::npos);
  CHECK(config::reference_text("nonsense").empty());
}

TEST_CASE("the reference stands in docs/settings.md as the program writes it") {
  const std::string path = SOURCE_DIR "/docs/settings.md";
  const auto page = documents::read_file(path);
  REQUIRE(page);
  // recoup help config --markdown > docs/settings.md
  CHECK(*page == config::reference_page());
}
