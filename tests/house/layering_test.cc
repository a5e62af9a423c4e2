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

// The longest listed room that the file lies in: "web/http" rather than "web".
std::string room_of(const std::string& path, const Edges& listed) {
  std::string found;
  for (const auto& [room, needs] : listed) {
    if (path.starts_with(room + '/') && room.size() > found.size()) found = room;
  }
  return found;
}

// What each file of src includes of src, by path.
Edges includes() {
  static const std::regex include("#include \"([a-z_]+/[^\"]+)\"");
  Edges found;
  for (const auto& entry : fs::recursive_directory_iterator(SOURCE_DIR "/src")) {
    const auto extension = entry.path().extension();
    if (extension != ".cc" && extension != ".h") continue;
    auto& of = found[fs::relative(entry.path(), SOURCE_DIR "/src")];
    const std::string text = read(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at) {
      of.insert((*at)[1]);
    }
  }
  return found;
}

Edges used_edges(const Edges& listed) {
  Edges edges;
  for (const auto& [file, needs] : includes()) {
    const std::string room = room_of(file, listed);
    INFO(file << " lies in no room of CMakeLists.txt");
    REQUIRE(!room.empty());
    for (const std::string& needed : needs) {
      const std::string other = room_of(needed, listed);
      if (other != room) edges[room].insert(other);
    }
  }
  return edges;
}

// What is left of the graph when those that need nothing are taken away again and again: the
// circles, and whatever needs them.
Edges circles_in(Edges edges) {
  for (bool progress = true; progress;) {
    progress = false;
    for (auto at = edges.begin(); at != edges.end();) {
      if (!at->second.empty()) {
        ++at;
        continue;
      }
      for (auto& [name, needs] : edges) needs.erase(at->first);
      at = edges.erase(at);
      progress = true;
    }
  }
  return edges;
}

}  // namespace

TEST_CASE("every include goes along a listed edge, and every listed edge is used") {
  const Edges listed = listed_edges();
  Edges used = used_edges(listed);
  REQUIRE(listed.size() >= 16);
  for (const auto& [room, needs] : listed) {
    INFO(room);
    CHECK(used[room] == needs);
  }
}

TEST_CASE("the HTTP server knows nothing of Recoup") {
  const std::set<std::string> vocabulary{"core/clock.h",
                                         "core/result.h",
                                         "core/text.h",
                                         "core/time.h",
                                         "core/world.h",
                                         "record/digest.h",
                                         "record/percent_encoding.h",
                                         "record/secret.h"};
  for (const auto& [file, needs] : includes()) {
    if (!file.starts_with("web/http/")) continue;
    for (const std::string& needed : needs) {
      INFO(file << " includes " << needed);
      CHECK((needed.starts_with("web/http/") || vocabulary.contains(needed)));
    }
  }
}

TEST_CASE("no include goes up, between rooms or between the files of one") {
  CHECK(circles_in(listed_edges()).empty());
  // A header and its source are one: what either includes, both stand on.
  Edges files;
  const auto unit = [](const std::string& path) { return path.substr(0, path.rfind('.')); };
  for (const auto& [file, needs] : includes()) {
    auto& of = files[unit(file)];
    for (const std::string& needed : needs) {
      if (unit(needed) != unit(file)) of.insert(unit(needed));
    }
  }
  for (const auto& [file, needs] : circles_in(files)) {
    INFO(file);
    CHECK(needs == std::set<std::string>{});
  }
}

TEST_CASE("the top level is as designed") {
  const std::set<std::string> designed{"CMakeLists.txt", "README.md", "src", "rules", "tests",
                                       "dashboards",     "debian",    "dev", "docs"};
  for (const auto& entry : fs::directory_iterator(SOURCE_DIR)) {
    const std::string name = entry.path().filename();
    if (name.front() == '.' || name.starts_with("build") || name == "recoup-demo") continue;
    INFO(name);
    CHECK(designed.count(name) == 1);
  }
}
