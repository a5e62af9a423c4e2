// Which files a path, a folder or a pattern names.
#include "documents/named_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support/catch.h"
#include "support/temp_dir.h"

namespace fs = std::filesystem;
using recoup::documents::named_files;

namespace {

struct Tree {
  recoup::test::TempDir dir;

  Tree() {
    fs::create_directories(dir.file("logs/a/deep"));
    fs::create_directories(dir.file("logs/b"));
    for (const char* name : {"logs/1.gz", "logs/2.log", "logs/.hidden.gz", "logs/a/3.gz",
                             "logs/a/deep/4.gz", "logs/a/deep/5.log", "logs/b/6.gz"}) {
      dir.write(name, "x");
    }
  }

  // Without the folder that all are in.
  std::vector<std::string> named(const std::string& path) const {
    const auto files = named_files(dir.file(path));
    INFO((files ? "" : files.error().message));
    REQUIRE(files.ok());
    std::vector<std::string> names;
    for (const std::string& file : *files) names.push_back(fs::relative(file, dir.path()));
    return names;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a path names itself, and a folder all files in it and below") {
  const Tree tree;
  CHECK(tree.named("logs/1.gz") == Names{"logs/1.gz"});
  CHECK(tree.named("logs/none.gz") == Names{"logs/none.gz"});
  CHECK(tree.named("logs/a") == Names{"logs/a/3.gz", "logs/a/deep/4.gz", "logs/a/deep/5.log"});
}

TEST_CASE("a pattern names what fits it, and ** any folders") {
  const Tree tree;
  CHECK(tree.named("logs/*.gz") == Names{"logs/1.gz"});
  CHECK(tree.named("logs/?.*") == Names{"logs/1.gz", "logs/2.log"});
  CHECK(tree.named("logs/[a-b]/*.gz") == Names{"logs/a/3.gz", "logs/b/6.gz"});
  CHECK(tree.named("logs/**/*.gz") ==
        Names{"logs/1.gz", "logs/a/3.gz", "logs/a/deep/4.gz", "logs/b/6.gz"});
  CHECK(tree.named("**/deep/*.log") == Names{"logs/a/deep/5.log"});
  CHECK(tree.named("logs/a/**") == Names{"logs/a/3.gz", "logs/a/deep/4.gz", "logs/a/deep/5.log"});
  // A folder that fits stands for what is in it.
  CHECK(tree.named("logs/a*") == Names{"logs/a/3.gz", "logs/a/deep/4.gz", "logs/a/deep/5.log"});
}

TEST_CASE("what is called like a pattern is itself, and links lead nowhere in a circle") {
  const Tree tree;
  tree.dir.write("logs/[1].gz", "x");
  CHECK(tree.named("logs/[1].gz") == Names{"logs/[1].gz"});
  fs::create_directory_symlink(tree.dir.file("logs"), tree.dir.file("logs/b/around"));
  CHECK(tree.named("logs/**/6.gz") == Names{"logs/b/6.gz"});
}

TEST_CASE("a pattern that nothing fits, and a folder without files, are errors") {
  const Tree tree;
  fs::create_directory(tree.dir.file("logs/empty"));
  const auto none = named_files(tree.dir.file("logs/*.zst"));
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message == "expected files that fit the pattern, got none");
  CHECK(none.error().where == tree.dir.file("logs/*.zst"));
  CHECK(named_files(tree.dir.file("logs/empty")).error().message ==
        "expected files in the folder, got none");
}

TEST_CASE("a folder that may not be read is an error, not nothing") {
  if (geteuid() == 0) return;  // root reads everything
  const Tree tree;
  chmod(tree.dir.file("logs/a").c_str(), 0);
  for (const char* path : {"logs", "logs/**/*.gz"}) {
    CHECK(named_files(tree.dir.file(path)).error().message ==
          "could not read the folder: permission denied");
  }
  chmod(tree.dir.file("logs/a").c_str(), 0700);
}
