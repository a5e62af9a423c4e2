#include "documents/unpack.h"
#include "fuzz/fuzz.h"
#include "support/packed.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no packed data breaks what unpacks it", "[unpack]") {
  const std::string text = "192.0.2.1 - - [10/Oct/2026:13:55:36 -0700] \"GET / HTTP/1.1\" 503 2\n";
  std::vector<std::string> seeds;
  for (const std::string& how : test::kPackings) {
    seeds.push_back(test::packed(how, text));
    seeds.push_back(test::packed(how, text) + test::packed(how, ""));
  }
  fuzz(seeds, [](const std::string& bytes) {
    const auto unpacker =
        documents::Unpacker::for_content(bytes.substr(0, documents::Unpacker::kFirstBytes));
    if (!unpacker) return;
    std::string_view in = bytes;
    std::string out(1000, '\0');
    // A few bytes may well come to gigabytes: whoever reads has a limit, and so has this.
    for (std::size_t all = 0; all < 1'000'000;) {
      const bool ended = in.empty();
      const auto made = unpacker->run(in, out.data(), out.size());
      if (!made || (ended && *made == 0)) break;
      REQUIRE(*made <= out.size());
      all += *made;
    }
  });
}
