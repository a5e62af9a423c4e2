#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/places.h"
#include "support/process.h"

namespace recoup::test {

// The texts of the folder's files whose names begin and end so: what the tests and the rules have
// is where the fuzzing begins.
inline std::vector<std::string> files(const std::string& folder, const std::string& prefix,
                                      const std::string& extension = ".toml") {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(prefix) && entry.path().extension() == extension) {
      texts.push_back(read_text(entry.path()));
    }
  }
  return texts;
}

}  // namespace recoup::test
