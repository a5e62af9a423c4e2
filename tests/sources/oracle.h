#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/catch.h"
#include "support/places.h"
#include "support/temp_dir.h"

// The independent reader of logs beside the project's own data.
namespace recoup::test {

inline const std::filesystem::path kSharedData = SHARED_DATA;
inline const std::filesystem::path kOracle = kSharedData / ".." / "oracle";

inline std::vector<std::string> split_lines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What the oracle makes of each line of a file: "blank", "malformed", "skip", or its second since
// 1970 and its status, "other" where that is less than 100. `zone`: of times without one, or empty.
// Years that Python's dates do not have are malformed.
inline std::vector<std::string> ask_oracle(const TempDir& dir, const std::string& format,
                                           const std::string& file, const std::string& zone = {}) {
  const std::string driver = dir.write("driver.py", R"py(
import collections, sys, types
sys.path.insert(0, sys.argv[1])
import oracle
parse = oracle.LINE_PARSERS[sys.argv[2]]
opt = types.SimpleNamespace(fields=None, status="elb", log_zone=None)
if len(sys.argv) > 4:
    opt.log_zone = oracle.parse_zone(sys.argv[4])
lines = oracle.read(sys.argv[3]).decode("latin-1").split("\n")
if lines[-1] == "":
    lines.pop()
for line in lines:
    line = line.rstrip("\r")
    if line.strip() == "":
        print("blank")
        continue
    try:
        at, status = parse(line, opt, collections.Counter())
        print(at, status if status >= 100 else "other")
    except oracle.Skip:
        print("skip")
    except (oracle.Malformed, ValueError, KeyError, OverflowError):
        print("malformed")
)py");
  const std::string out = dir.file("verdicts");
  const std::string command = "python3 -B '" + driver + "' '" + kOracle.string() + "' " + format +
                              " '" + file + "' " + zone + " > '" + out + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  return split_lines(out);
}

}  // namespace recoup::test
