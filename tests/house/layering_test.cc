// The picture of src/README.md, kept: an include goes only along an edge that CMakeLists.txt lists,
// and every listed edge is used.

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "support/catch.h"
#include "support/places.h"

namespace fs = std::filesystem;

namespace {

using Edges = std::map<std::string, std::set<std::string>>;

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// As CMake wrote them: "claim: core".
Edges listed_edges() {
  Edges edges;
  std::istringstream lines(read(BINARY_DIR "/edges.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string folder;
    words >> folder;
    folder.pop_back();
    edges[folder];
    for (std::string needed; words >> needed;) edges[folder].insert(needed);
  }
  return edges;
}

Edges used_edges() {
  static const std::regex include("#include \"([a-z_]+)/");
  Edges edges;
  for (const auto& entry : fs::recursive_directory_iterator(SOURCE_DIR "/src")) {
    const auto extension = entry.path().extension();
    if (extension != ".cc" && extension != ".h") continue;
    const std::string folder = *fs::relative(entry.path(), SOURCE_DIR "/src").begin();
    const std::string text = read(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at) {
      if ((*at)[1] != folder) edges[folder].insert((*at)[1]);
    }
  }
  return edges;
}

}  // namespace

TEST_CASE("every include goes along a listed edge, and every listed edge is used") {
  const Edges listed = listed_edges();
  Edges used = used_edges();
  REQUIRE(listed.size() >= 9);
  used.erase("cli");  // the top: it may include every folder
  for (const auto& [folder, needs] : listed) {
    INFO(folder);
    CHECK(used[folder] == needs);
  }
}

TEST_CASE("the list of edges has no cycle") {
  Edges edges = listed_edges();
  for (bool progress = true; progress && !edges.empty();) {
    progress = false;
    for (auto at = edges.begin(); at != edges.end(); ++at) {
      if (!at->second.empty()) continue;
      const std::string leaf = at->first;
      edges.erase(at);
      for (auto& [folder, needs] : edges) needs.erase(leaf);
      progress = true;
      break;
    }
  }
  CHECK(edges.empty());
}

TEST_CASE("the system's clocks are read in one file") {
  std::set<std::string> readers;
  for (const auto& entry : fs::recursive_directory_iterator(SOURCE_DIR "/src")) {
    if (!entry.is_regular_file()) continue;
    if (read(entry.path()).find("::now()") != std::string::npos)
      readers.insert(entry.path().filename());
  }
  CHECK(readers == std::set<std::string>{"system_clock.cc"});
}

TEST_CASE("nothing that decides about money uses binary floating point") {
  static const std::regex floating("\\b(double|float)\\b");
  for (const char* folder : {"core", "billing", "claim"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(SOURCE_DIR "/src") / folder)) {
      std::istringstream lines(read(entry.path()));
      for (std::string line; std::getline(lines, line);) {
        const bool comment = line.find("//") != std::string::npos;
        INFO(entry.path().filename() << ": " << line);
        CHECK((comment || line.find("to_double") != std::string::npos ||
               !std::regex_search(line, floating)));
      }
    }
  }
}

TEST_CASE("the top level is as designed") {
  const std::set<std::string> designed{"CMakeLists.txt", "README.md",  "src", "rules",
                                       "tests",          "dashboards", "dev"};
  for (const auto& entry : fs::directory_iterator(SOURCE_DIR)) {
    const std::string name = entry.path().filename();
    if (name.front() == '.' || name.starts_with("build") || name == "recoup-demo") continue;
    INFO(name);
    CHECK(designed.count(name) == 1);
  }
}
