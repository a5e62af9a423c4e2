// docs/security.md names a test for each way in that was tried: it must be there.

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "house/code_of.h"
#include "support/catch.h"
#include "support/places.h"

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The names of all tests; those that the source has on several lines are one.
std::set<std::string> test_names() {
  static const std::regex kCase(R"~(TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+))~");
  static const std::regex kSeam(R"~("\s*")~");
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TESTS_DIR)) {
    if (entry.path().extension() != ".cc") continue;
    const std::string text = text_of(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), kCase), end; at != end; ++at) {
      std::string name = std::regex_replace((*at)[1].str(), kSeam, "");
      name = name.substr(1, name.rfind('"') - 1);
      names.insert(name);
    }
  }
  return names;
}

}  // namespace

TEST_CASE("every way in that was tried is kept by a test of that name") {
  const std::string text = text_of(SOURCE_DIR "/docs/security.md");
  const std::set<std::string> names = test_names();
  REQUIRE(names.size() > 1000);
  static const std::regex kNamed(R"~(\| "([^"]+)" \|)~");
  int named = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), kNamed), end; at != end; ++at) {
    INFO((*at)[1].str());
    CHECK(names.contains((*at)[1].str()));
    ++named;
  }
  CHECK(named >= 25);
}
