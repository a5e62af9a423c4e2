#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

#include "support/catch.h"
#include "support/places.h"

namespace recoup::test {

// Whether a test can run that needs `what`, by `there`: without it the test is to return at once,
// and ctest calls it skipped (by these words, see tests/CMakeLists.txt). Where
// RECOUP_NOTHING_MISSING is set, as in CI, it fails instead.
inline bool have(bool there, const std::string& what) {
  if (there) return true;
  if (std::getenv("RECOUP_NOTHING_MISSING") != nullptr) FAIL("expected " << what << ", got none");
  WARN("this test is skipped for want of " << what);
  return false;
}

// A file of the real logs and bills, which lie beside the checkout and not in it: nobody can be
// asked for them where the whole folder is not there.
inline bool have_data(const std::filesystem::path& path) {
  if (std::filesystem::exists(SHARED_DATA)) {
    return have(std::filesystem::exists(path), path.string());
  }
  WARN("this test is skipped for want of " << path.string());
  return false;
}

// A program of this name in PATH.
inline bool have_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + '/' + name).c_str(), X_OK) == 0) return true;
  }
  return have(false, name);
}

// Node.js, and the packages of the checks in a folder: `npm ci` fetches them, ./dev test calls it.
inline bool have_checks(const std::string& folder) {
  if (!have_program("node")) return false;
  if (!std::filesystem::exists(folder + "/node_modules")) {
    FAIL("expected the checks' packages; run: npm ci --prefix " << folder);
  }
  return true;
}

}  // namespace recoup::test
