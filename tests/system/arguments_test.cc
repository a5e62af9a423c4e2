// Words that the program does not know, and those that every program should.

#include "support/catch.h"
#include "system/folder.h"

using namespace recoup::test;

TEST_CASE("a mistyped command or option is met with the one that is near, and is exit 2") {
  const TempDir empty;
  struct Row {
    std::vector<std::string> words;
    const char* complaint;
    const char* help;
  };
  for (const Row& row : std::vector<Row>{
           {{"chek"}, "expected a command behind 'recoup', got 'chek'", "did you mean 'check'?"},
           {{"--bogus"}, "expected an option of 'recoup', got '--bogus'", "it takes --help"},
           {{"resolution", "bash"}, "got 'resolution'", "the commands there are demo, init"},
           {{"rules", "lst"}, "a command behind 'recoup rules', got 'lst'", "did you mean 'list'?"},
           {{"rules"}, "expected a command behind 'recoup rules', got none", "list, show, check"},
           {{"claims", "mrk"}, "behind 'recoup claims', got 'mrk'", "did you mean 'mark'?"},
           {{"check", "--confg", "x"}, "of 'recoup check', got '--confg'", "'--config'?"},
           {{"check", "--bogus=1"},
            "of 'recoup check', got '--bogus'",
            "it takes --help, --config"},
           {{"claim", "--agrement", "x"}, "got '--agrement'", "did you mean '--agreement'?"},
           {{"claims", "mark", "--cas", "x"}, "of 'recoup claims mark'", "did you mean '--case'?"},
           {{"check", "-x"}, "of 'recoup check', got '-x'", "it takes --help"},
           {{"help", "chek"}, "got 'chek'", "did you mean 'check'?"},
           {{"--config"}, "expected a file behind '--config', got none", ""},
           {{"--log-level"}, "expected a level behind '--log-level', got none", ""},
           {{"--log-format", "json", "check"}, "of 'recoup check', got '--log-format'", "--config"},
           {{"help", "config", "zzqq"}, "a part of a key of recoup.toml", "`recoup help config`"},
           {{"--config", "x", "init"}, "of 'recoup init', got '--config'", "it takes --help"},
           {{"--wide"}, "expected a command, got none", "`recoup help` lists them"}}) {
    INFO(row.complaint);
    const Finished refused = recoup_in(empty, row.words);
    CHECK(refused.status == 2);
    CHECK(refused.out.empty());
    CHECK_HAS(refused.err, "recoup: error: expected ");
    CHECK_HAS(refused.err, row.complaint);
    CHECK_HAS(refused.err, row.help);
  }
}

TEST_CASE("words that are missing or mean nothing are complained of as all else is") {
  const TempDir empty;
  struct Row {
    std::vector<std::string> words;
    const char* complaint;
  };
  for (const Row& row : std::vector<Row>{
           {{"claims", "mark", "submitted"},
            "recoup: error: --agreement is required\nhelp: `recoup claims mark --help` shows "
            "all\n"},
           {{"imports", "remove"},
            "recoup: error: DIGEST is required\nhelp: `recoup imports remove --help` shows all\n"},
           {{"assess", "--month", "x"},
            "recoup: error: --month: expected a month like 2026-10, or now or last, got 'x'\n"},
           {{"init", "--for", "x"},
            "recoup: error: expected what a service is used for, got 'x'\nhelp: it is one of "}}) {
    INFO(row.complaint);
    const Finished refused = recoup_in(empty, row.words);
    CHECK(refused.status == 2);
    CHECK(refused.out.empty());
    CHECK(refused.err.rfind(row.complaint, 0) == 0);
  }
}

TEST_CASE("what an option takes is not read as an option") {
  const Folder folder;
  folder.import();
  const Finished refused = folder.exclude("2026-06-03T02:00:00Z", "2026-06-04T00:00:00Z",
                                          {"--reason", "--planned work"});
  INFO(refused.err);
  CHECK(refused.status == 0);
  CHECK_HAS(refused.out, "--planned work");
}

TEST_CASE("help and the version are commands and options") {
  const TempDir empty;
  const auto out = [&](const std::vector<std::string>& words) {
    const Finished finished = recoup_in(empty, words);
    INFO(finished.err);
    CHECK(finished.status == 0);
    return finished.out;
  };
  const std::string version = out({"--version"});
  CHECK(version.starts_with("recoup "));
  CHECK(out({"-V"}) == version);
  CHECK(out({"version"}) == version);
  CHECK(out({"help"}) == out({"--help"}));
  CHECK(out({}) == out({"help"}));
  CHECK_HAS(out({}), "--color");
  CHECK_HAS(out({}), "Exit status: 0 where it was done");
  CHECK(out({"help", "claim"}) == out({"claim", "--help"}));
  CHECK(out({"help", "claims", "mark"}) == out({"claims", "mark", "--help"}));
  for (const char* command : {"help", "version"}) {
    CHECK_HAS(out({command, "--help"}), std::string("  recoup ") + command);
  }
}

TEST_CASE("settings can be named before the command") {
  const Folder folder;
  folder.import();
  const TempDir& dir = folder.dir;
  write_text(dir.file("other.toml"), agreement());
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--config", "other.toml", "check"},
           {"--config=other.toml", "check"},
           {"check", "--config", "other.toml"},
           {"--config", "other.toml", "rules", "show", "aws-kms"},
           {"--config", "other.toml", "assess", "--agreement", "web"}}) {
    const Finished done = recoup_in(dir, words);
    INFO(done.err);
    CHECK(done.status == 0);
  }
  const Finished twice = recoup_in(dir, {"--config", "a", "check", "--config", "b"});
  CHECK(twice.status == 2);
  const Finished none = recoup_in(dir, {"--config", "none.toml", "check"});
  CHECK(none.status == 2);
  CHECK_HAS(none.err, "none.toml");
}

TEST_CASE("the environment names the settings where the command line names none") {
  const Folder folder;
  const TempDir elsewhere;
  const std::map<std::string, std::string> named{{"RECOUP_CONFIG", folder.dir.file("recoup.toml")}};
  CHECK(recoup_in(elsewhere, {"check"}, named).status == 0);
  CHECK(recoup_in(elsewhere, {"check"}).status == 2);
  CHECK_HAS(recoup_in(elsewhere, {"check", "--config", "other.toml"}, named).err, "other.toml");
}

TEST_CASE("every key of recoup.toml is told, and those that have a word in them") {
  const TempDir empty;
  const std::string all = recoup_in(empty, {"help", "config"}).out;
  CHECK_HAS(all, "At the top of the file");
  CHECK_HAS(all, "[[agreement.probe]]");
  const std::string some = recoup_in(empty, {"help", "config", "silent"}).out;
  CHECK_HAS(some, "silent_after = ");
  CHECK_FALSE(has(some, "listen"));
  CHECK_HAS(recoup_in(empty, {"help", "--markdown"}).out, "# recoup.toml");
}
