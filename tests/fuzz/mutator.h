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

// How many broken inputs a parser is fed with.
inline int rounds() {
  const char* asked = std::getenv("RECOUP_FUZZ_ROUNDS");
  return asked == nullptr ? 3000 : std::stoi(asked);
}

// Feeds the seeds, and then broken copies of them.
inline void fuzz(const std::vector<std::string>& seeds,
                 const std::function<void(const std::string&)>& parse) {
  REQUIRE_FALSE(seeds.empty());
  Mutator mutate(42);
  for (const std::string& seed : seeds) parse(seed);
  for (int i = 0; i < rounds(); ++i)
    parse(mutate(seeds[static_cast<std::size_t>(i) % seeds.size()]));
  SUCCEED();
}

}  // namespace recoup::test
