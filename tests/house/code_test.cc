// What no compiler keeps: floating point out of what decides about money, clocks in one place, no
// declaration without use, and no test that nothing runs.

#include <map>
#include <regex>

#include "house/code_of.h"
#include "support/catch.h"

using namespace recoup::test;
namespace fs = std::filesystem;

namespace {

using Lines = std::set<std::string>;

Lines lines_below(const std::string& folder, const std::regex& pattern) {
  Lines out;
  for (const fs::path& file : sources_below(folder)) {
    out.merge(lines_with(file, [&](const auto& line) { return std::regex_search(line, pattern); }));
  }
  return out;
}

// "using core::Ratio;" names Ratio.
std::string used_name(const std::string& line) {
  static const std::regex declaration("^using (?:[A-Za-z_0-9]*::)+([A-Za-z_0-9]+);");
  std::smatch match;
  return std::regex_search(line, match, declaration) ? match[1].str() : std::string();
}

// The names that the file declares to use, and never does.
Lines unused_names(const std::string& code) {
  static const std::regex word("[A-Za-z_][A-Za-z_0-9]*");
  std::map<std::string, int> times;
  for (std::sregex_iterator at(code.begin(), code.end(), word), end; at != end; ++at) {
    ++times[at->str()];
  }
  Lines out;
  std::istringstream lines(code);
  for (std::string line; std::getline(lines, line);) {
    if (const std::string name = used_name(line); !name.empty() && times[name] == 1) {
      out.insert(name);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("code is told from comments, texts and characters") {
  CHECK(code_of("int a;  // double\nfloat b;") == "int a;           \nfloat b;");
  CHECK(code_of("a /* double\n */ b") == "a          \n    b");
  CHECK(code_of("say(\"a double // \\\" b\"); c") == "say(                  ); c");
  CHECK(code_of("x = '\"'; double y = 10'000;") == "x =    ; double y = 10'000;");
  CHECK(code_of("a = R\"x(\" // )\" )x\"; double") == "a =                ; double");
  CHECK(code_of("http://double") == "http:        ");
  CHECK(code_of("\"not closed") == "           ");
}

TEST_CASE("a name that is declared to be used and is not is found") {
  CHECK(unused_names("using core::Ratio;\nusing core::Money;\nMoney m;") == Lines{"Ratio"});
  CHECK(unused_names("using namespace recoup;\nusing Lines = std::set<int>;") == Lines{});
}

TEST_CASE("each name that a file declares to use is used in it") {
  for (const char* folder : {"src", "tests"}) {
    for (const fs::path& file : sources_below(folder)) {
      if (file.extension() != ".cc")
        continue;  // a header's declaration is for those who include it
      INFO(file.string());
      CHECK(unused_names(code_of(text_of(file))) == Lines{});
    }
  }
}

TEST_CASE("the time is read and waited for, and threads are started, in one file") {
  // Whatever else could: of these words each file may only have those of its row.
  static const std::regex words(
      "::now\\(\\)|clock_gettime|gettimeofday|\\btime\\((nullptr|NULL|0)\\)|wait_for|wait_until|"
      "sleep_for|sleep_until|\\b(u|nano)?sleep\\(|\\bp?poll\\(|p?select\\(|epoll_p?wait|condition_"
      "variable|"
      "std::j?thread|std::async|pthread_create|sigwait|sigtimedwait");
  const std::map<std::string, Lines> allowed{
      {"core/clock.h", {"condition_variable"}},  // a Condition, which only a Clock waits for
      {"service/system_world.cc", {"::now()", "clock_gettime", "std::jthread", "wait_until"}},
      {"service/signals.cc", {"sigtimedwait", "sigwait"}},
      {"sources/probe/loop.cc", {"epoll_wait"}},
      {"sources/query/postgresql.cc", {"poll("}},  // libpq's own socket, as libcurl waits for its
      {"sources/sdk/udp.cc", {"poll("}}};
  std::map<std::string, Lines> found;
  for (const fs::path& file : sources_below("src")) {
    const std::string code = code_of(text_of(file));
    for (std::sregex_iterator at(code.begin(), code.end(), words), end; at != end; ++at) {
      found[fs::relative(file, SOURCE_DIR "/src")].insert(at->str());
    }
  }
  for (const auto& [file, uses] : found) {
    INFO(file);
    CHECK(uses == (allowed.contains(file) ? allowed.at(file) : Lines{}));
  }
  CHECK(found.size() == allowed.size());
}

TEST_CASE("nothing that decides about money uses binary floating point") {
  // A ratio says its nearest double to whoever draws or scrapes it, and computes with none.
  static const std::regex said("\\bto_double\\(\\)");
  static const std::regex floating("\\b(double|float)\\b");
  for (const char* folder : {"src/core", "src/billing", "src/judge", "src/claim"}) {
    Lines found = lines_below(folder, floating);
    std::erase_if(found, [](const auto& line) { return std::regex_search(line, said); });
    CHECK(found == Lines{});
  }
}

TEST_CASE("what core and ledger take for granted is looked at in the builds that people run") {
  static const std::regex debug_only("\\bassert\\(|\\bNDEBUG\\b");
  for (const char* folder : {"src/core", "src/ledger"}) {
    INFO(folder);
    CHECK(lines_below(folder, debug_only) == Lines{});
  }
}

TEST_CASE("no test is hidden from those who run all tests") {
  static const std::regex hidden("TEST_CASE\\(\"([^\"\\\\]|\\\\.)*\",\\s*\"[^\"]*\\[[.!]");
  for (const fs::path& file : sources_below("tests")) {
    INFO(file.string());
    CHECK_FALSE(std::regex_search(text_of(file), hidden));
  }
}
