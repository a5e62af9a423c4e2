#pragma once

#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "support/catch.h"

namespace recoup::test {

// Mutator breaks a text in a few places, by a seeded generator.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string operator()(std::string text) {
    for (int left = pick(1, 6); left > 0; --left) change(text);
    return text;
  }

 private:
  void change(std::string& text) {
    static constexpr char kCharacters[] =
        "\0\n\r\t\"'\\[]{}()#=,.:/-+%*\x7f\x80\xff"
        "0919eExX";
    static const std::string kSpecial(kCharacters, sizeof kCharacters - 1);
    if (text.empty()) text = "x";
    const auto at = static_cast<std::size_t>(pick(0, static_cast<int>(text.size()) - 1));
    const auto length = static_cast<std::size_t>(pick(1, 16));
    switch (pick(0, 6)) {
      case 0: text[at] = static_cast<char>(pick(0, 255)); break;
      case 1:
        text.insert(
            at, 1,
            kSpecial[static_cast<std::size_t>(pick(0, static_cast<int>(kSpecial.size()) - 1))]);
        break;
      case 2: text.erase(at, length); break;
      case 3: text.resize(at); break;
      case 4: text.insert(at, text.substr(at / 2, length * 4)); break;
      case 5: text.insert(at, length * 20, text[at]); break;
      case 6: text[at] = static_cast<char>(text[at] ^ (1 << pick(0, 7))); break;
    }
  }

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  std::mt19937 random_;
};

// How many broken inputs a parser is fed with where tests run; RECOUP_FUZZ_ROUNDS asks for more.
inline int rounds() {
  const char* asked = std::getenv("RECOUP_FUZZ_ROUNDS");
  return asked == nullptr ? 2000 : std::stoi(asked);
}

using Parse = std::function<void(const std::string&)>;

// Feeds the seeds, and then broken copies of them: the same ones each time. A parser that takes
// milliseconds gets a part of the rounds.
inline constexpr int kSlow = 20;
inline void replay(const std::vector<std::string>& seeds, const Parse& parse, int part = 1) {
  REQUIRE_FALSE(seeds.empty());
  Mutator mutate(42);
  for (const std::string& seed : seeds) parse(seed);
  for (int i = 0; i < rounds() / part; ++i)
    parse(mutate(seeds[static_cast<std::size_t>(i) % seeds.size()]));
  SUCCEED();
}

// What feeds the parsers: replay() in the tests, libFuzzer in its own program (driver/main.cc).
using Engine = void (*)(const std::vector<std::string>& seeds, const Parse& parse, int part);
inline Engine feed = replay;

// A target: one parser of what comes from outside, which no bytes may break. It stands alone in a
// test case, whose tag is its name for `./dev fuzz`. A finding is a crash, a hang, a sanitizer's
// report, or what REQUIRE finds; each is mended with a test of its own.
inline void fuzz(const std::vector<std::string>& seeds, const Parse& parse, int part = 1) {
  feed(seeds, parse, part);
}

}  // namespace recoup::test
