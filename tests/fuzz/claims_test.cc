// What a reviewer is handed by somebody who may have made it up.

#include <algorithm>

#include "claim/folder.h"
#include "claim/verify/read_back.h"
#include "fuzz/fuzz.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

test::ClaimWorld breach() {
  test::ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.fail({601, 60, 20, 18});
  world.fail({8927, 60, 1, 1});
  world.seal_it();
  return world;
}

}  // namespace

TEST_CASE("no claim.json breaks its reader", "[claim-json]") {
  const test::ClaimFolder folder(breach());
  fuzz({folder.read("claim.json")}, [](const std::string& text) {
    const auto stated = claim::parse_claim_json(text);
    if (!stated) REQUIRE_FALSE(stated.error().message.empty());
  });
}

// The first line is the name of a file, the rest what is in it.
TEST_CASE("no file of a claim breaks its check", "[claim-folder]") {
  const test::ClaimWorld world = breach();
  const test::ClaimFolder folder(world);
  const claim::Known known = test::known_of(world);
  std::vector<std::string> names = test::kSummed;
  names.push_back("SHA256SUMS");
  std::vector<std::string> seeds;
  for (const std::string& name : names) seeds.push_back(name + '\n' + folder.read(name));
  fuzz(
      seeds,
      [&](const std::string& text) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string name = text.substr(0, end);
        if (std::find(names.begin(), names.end(), name) == names.end()) return;
        const std::string before = folder.read(name);
        folder.write(name, text.substr(std::min(end + 1, text.size())));
        const bool spoiled = folder.read(name) != before;
        const auto found = claim::verify_claim(folder.path(), known);
        folder.write(name, before);
        if (spoiled && found) REQUIRE_FALSE(found->differs.empty());
      },
      test::kSlow);
}

TEST_CASE("no line of a claim's logs breaks its reader", "[claim-lines]") {
  const test::ClaimFolder folder(breach());
  std::vector<std::string> seeds;
  for (const char* name : {"intervals.log", "requests.log"}) {
    const std::string text = folder.read(name);
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
      seeds.push_back(text.substr(at, end - at));
    }
  }
  fuzz(seeds, [](const std::string& line) {
    for (const bool by_resource : {false, true}) {
      (void)claim::parse_interval_line(line, by_resource);
      (void)claim::parse_request_line(line, by_resource);
    }
  });
}
