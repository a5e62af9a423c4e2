// Lists of targets, in the form of Prometheus' file_sd.
#include "sources/probe/target_file.h"

#include "sources/probe/probe_list.h"
#include "support/catch.h"
#include "support/process.h"
#include "support/temp_dir.h"

using namespace recoup;
using sources::probe::ProbeList;
using sources::probe::ProbeSettings;
using sources::probe::Target;

namespace {

struct World {
  test::TempDir dir;

  std::string write(const std::string& name, const std::string& text) {
    test::write_text(dir.file(name), text);
    return dir.file(name);
  }

  // "name label=value …" of each target, or the complaints without the folder.
  std::string read(const std::vector<std::string>& paths) {
    const auto targets = sources::probe::read_target_files(paths);
    if (!targets) return without_folder(targets.error().message);
    std::string text;
    for (const Target& one : *targets) {
      text += one.name;
      for (const auto& [label, value] : *one.labels) text += ' ' + label + '=' + value;
      text += '\n';
    }
    return text;
  }

  std::string without_folder(std::string text) {
    const std::string folder = dir.path().string() + '/';
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return text;
  }
};

std::shared_ptr<ProbeList> list(const std::string& url) {
  auto made = std::make_shared<ProbeList>();
  made->pattern.id = "web";
  made->pattern.url = url;
  return made;
}

}  // namespace

TEST_CASE("a list is JSON or YAML, of one file or of those that fit a pattern") {
  World world;
  const std::string json = world.write(
      "a.json",
      R"([{"targets": ["one.example:443", "https://two.example/x"], "labels": {"zone": "a"}},
          {"labels": {"zone": "b", "__meta": "prometheus' own"}, "targets": ["three.example"]}])");
  CHECK(world.read({json}) ==
        "one.example:443 zone=a\nhttps://two.example/x zone=a\nthree.example zone=b\n");
  const std::string yaml =
      world.write("b.yml",
                  "# more\n- targets: [four.example, 'five.example:8443']\n  labels:\n"
                  "    zone: c\n- targets:\n  - six.example\n");
  CHECK(world.read({yaml}) == "four.example zone=c\nfive.example:8443 zone=c\nsix.example\n");
  CHECK(world.read({world.dir.file("*.json"), yaml, json}) ==
        world.read({json}) + world.read({yaml}));
}

TEST_CASE("what is wrong with a list is said with its place, all of it at once") {
  World world;
  const std::string form =
      "\nhelp: a list is [{ \"targets\": [\"db1.example:443\"], \"labels\": { \"zone\": \"a\" } }]";
  CHECK(world.read({world.write("a.json", "{}")}) ==
        "a.json:1:1: error: expected a list of groups" + form);
  CHECK(world.read({world.write("a.json", "[]")}) ==
        "a.json: error: expected at least one target, got none" + form);
  CHECK(world.read({world.write("a.json", "[{\"targets\": [\"x\"]},\n {\"target\": [\"y\"]}]")}) ==
        "a.json:2:13: error: expected 'targets' or 'labels', got 'target'" + form +
            "\na.json:2:2: error: expected the key 'targets', got none" + form);
  CHECK(world.read({world.write("a.json", R"([{"targets": ["é", 7, "a b", "é"]}])")}) ==
        "a.json:1:20: error: expected a target's name as text, got something else" + form +
            "\na.json:1:23: error: expected a target without blanks, quotes, backslashes and line "
            "breaks\na.json:1:30: error: expected each target once, got 'é' a second time\n"
            "help: it stands at a.json:1:15 too");
  CHECK(world.read({world.write("a.yml", "- targets: [x]\n  labels: {zone: [1]}\n")}) ==
        "a.yml:2:18: error: expected text for the label 'zone', got something else");
  CHECK(world.read({world.write("a.yml", "- targets: [&x y]\n")})
            .starts_with("a.yml:1:13: error: expected a value, got an anchor"));
  CHECK(world.read({world.write("a.json", "[{\"targets\": [\"x\",]}]")})
            .starts_with("a.json:1:19: error: expected JSON, got something else here"));
  CHECK(world.read({world.dir.file("none.json")}).starts_with("none.json: error: "));
  const std::string secret = world.read(
      {world.write("a.json", R"([{"targets": ["https://x.example/?token=s3cr3tvalue"]}])")});
  CHECK(secret.find("got one with a secret in it") != std::string::npos);
  CHECK(secret.find("s3cr3t") == std::string::npos);
}

TEST_CASE("a target is a URL, or goes into the pattern's with the labels of its group") {
  World world;
  const auto made = list("https://{target}/{zone}/health");
  made->pattern.headers.push_back({"X-Zone", "{zone}", {}});
  made->pattern.body = "{\"zone\": \"{zone}\"}";
  made->paths = {world.write(
      "a.json",
      R"([{"targets": ["one.example:443", "http://two.example/x"], "labels": {"zone": "a"}}])")};
  const auto probes = sources::probe::probes_of(made);
  REQUIRE(probes.ok());
  REQUIRE(probes->size() == 2);
  const ProbeSettings& one = probes->front();
  CHECK(one.id == "web");
  CHECK(one.target == "one.example:443");
  CHECK(one.url == "https://one.example:443/a/health");
  CHECK(one.headers.front().value == "a");
  CHECK(one.body == "{\"zone\": \"a\"}");
  CHECK(probes->back().url == "http://two.example/x");

  made->by_target = true;
  CHECK(sources::probe::probes_of(made)->front().id == "web/one.example:443");
}

TEST_CASE("a target that makes no URL is complained of where it stands") {
  World world;
  const auto complaint = [&](const std::string& url, const std::string& text) {
    const auto made = list(url);
    made->paths = {world.write("a.json", text)};
    const auto probes = sources::probe::probes_of(made);
    return probes ? "" : world.without_folder(probes.error().message);
  };
  CHECK(complaint("", R"([{"targets": ["one.example"]}])") ==
        "a.json:1:15: error: expected a target with a scheme, or a 'url' in the probe, got "
        "'one.example'\nhelp: write url = \"https://{target}/\" in the probe");
  CHECK(complaint("https://{target}/{zone}", R"([{"targets": ["one.example"]}])") ==
        "a.json:1:15: error: expected the label 'zone' for '{zone}', got none\n"
        "help: write \"labels\": { \"zone\": \"…\" } in its group");
  CHECK(complaint("https://{target}/", R"([{"targets": ["evil.example/?"]}])") ==
        "a.json:1:15: error: expected a value of '{target}' that can stand in a host, got "
        "'evil.example/?'");
  CHECK(complaint("", R"([{"targets": ["ftp://one.example"]}])") ==
        "a.json:1:15: error: expected a URL of http or https, got 'ftp'");
}

TEST_CASE("a hundred thousand targets of one line are read in a second or so") {
  World world;
  std::string text = "[{\"targets\": [\"t0.example\"";
  for (int i = 1; i < 100'000; ++i) text += ", \"t" + std::to_string(i) + ".example\"";
  const std::string file = world.write("a.json", text + "]}]");
  const auto targets = sources::probe::read_target_files({file});
  REQUIRE(targets.ok());
  CHECK(targets->size() == 100'000);
  CHECK(targets->back().name == "t99999.example");
}
