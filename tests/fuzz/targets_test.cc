#include <sys/stat.h>

#include "fuzz/fuzz.h"
#include "sources/probe/target_file.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

void fuzz_file(const std::string& name, const std::vector<std::string>& seeds) {
  const test::TempDir folder;
  fuzz(seeds, [&](const std::string& text) {
    const auto read = sources::probe::read_target_files({folder.write(name, text)});
    if (!read) {
      REQUIRE_FALSE(read.error().message.empty());
      return;
    }
    for (const sources::probe::Target& target : *read) {
      REQUIRE_FALSE(target.complaint("wrong", "mend it").empty());
    }
  });
}

}  // namespace

TEST_CASE("no list of targets in JSON breaks its reader", "[targets-json]") {
  fuzz_file("targets.json",
            {R"([{"targets":["db1.example:443","https://db2.example/x"],"labels":{"env":"prod",)"
             R"("__meta_x":"y"}},{"targets":["db3.example:443"]}])"});
}

TEST_CASE("no list of targets in YAML breaks its reader", "[targets-yaml]") {
  fuzz_file("targets.yml",
            {"- targets:\n    - db1.example:443\n    - 'https://db2.example/x'\n  labels:\n"
             "    env: prod\n- {targets: [\"db3.example:443\"]}\n"});
}
