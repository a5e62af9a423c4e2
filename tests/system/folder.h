#pragma once

#include <string>
#include <vector>

#include "support/catch.h"
#include "system/world.h"

namespace recoup::test {

// June 2026 has 8,640 intervals of five minutes. Four of 24 Requests in one of them cost
// 1/6/8640 = 1/51840.
inline constexpr const char* kCounts =
    "minute,outcome,count\n2026-06-03T02:00:00Z,200,20\n2026-06-03T02:01:00Z,503,4\n"
    "2026-06-03T02:02:00Z,timeout,2\n2026-06-03T04:02:00Z,503,2\n";

inline std::string agreement(const std::string& more = {}) {
  return "[[agreement]]\nid = \"web\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
         "region = \"us-east-1\"\n" +
         more;
}

// Runs the program with a folder as its working directory.
inline Finished recoup_in(const TempDir& dir, const std::vector<std::string>& words,
                          const std::map<std::string, std::string>& environment = {}) {
  const std::string path = dir.path().string();
  std::vector<std::string> all{"sh", "-c", "cd \"$0\" && exec \"$@\"", path, recoup_binary()};
  all.insert(all.end(), words.begin(), words.end());
  return run(all, path, environment);
}

// Folder is a settings file with its ledger, and the program run in it.
struct Folder {
  TempDir dir;

  explicit Folder(const std::string& settings = agreement()) {
    write_text(dir.file("recoup.toml"), settings);
  }

  Finished recoup(const std::vector<std::string>& words) const { return recoup_in(dir, words); }

  // The same, which is to succeed; what it printed.
  std::string done(const std::vector<std::string>& words) const {
    const Finished finished = recoup(words);
    INFO(finished.out << finished.err);
    REQUIRE(finished.status == 0);
    return finished.out;
  }

  void import(const std::string& counts = kCounts) const {
    write_text(dir.file("counts.csv"), counts);
    done({"import", "--agreement", "web", "--format", "counts", "counts.csv"});
  }

  Finished exclude(const std::string& from, const std::string& to,
                   std::vector<std::string> more) const {
    more.insert(more.begin(), {"exclude", "--agreement", "web", "--from", from, "--to", to});
    return recoup(more);
  }
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// With one blank for several: what a table says, however wide its columns are.
inline std::string squeezed(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || out.empty() || out.back() != ' ') out += c;
  }
  return out;
}

#define CHECK_HAS(text, part)           \
  do {                                  \
    const std::string looked_at = text; \
    INFO(looked_at);                    \
    INFO("does not have: " << (part));  \
    CHECK(has(looked_at, (part)));      \
  } while (false)

}  // namespace recoup::test
