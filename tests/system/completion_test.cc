// What shells complete and man shows, written from the tables that read the command line.

#include <sstream>

#include "support/catch.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup::test;

namespace {

Finished in_shell(const std::vector<std::string>& shell, const std::string& script) {
  const TempDir folder;
  std::vector<std::string> words = shell;
  words.push_back(script);
  return run(
      words, folder.path().string(),
      {{"PATH", getenv("PATH")}, {"HOME", folder.path().string()}, {"RECOUP", recoup_binary()}});
}

// What bash offers for the words, the last of which is not complete.
std::string offered_by_bash(const std::string& words) {
  const Finished done = in_shell({"bash", "-c"},
                                 "source <(\"$RECOUP\" completion bash)\n"
                                 "COMP_WORDS=(recoup " +
                                     words +
                                     ")\n"
                                     "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                     "_recoup\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
  INFO(done.err);
  CHECK(done.status == 0);
  CHECK(done.err.empty());
  return done.out;
}

std::string offered_by_fish(const std::string& words) {
  const Finished done = in_shell({"fish", "--no-config", "-c"},
                                 "$RECOUP completion fish | source\n"
                                 "complete -C 'recoup " +
                                     words + "'\n");
  INFO(done.err);
  CHECK(done.status == 0);
  return done.out;
}

// The functions that zsh's own completion has, as far as they are asked.
std::string offered_by_zsh(const std::string& words, const std::string& prefix) {
  const Finished done = in_shell({"zsh", "-f", "-c"},
                                 "_describe() { print -l -- ${(P)2} }\n_files() { print files }\n"
                                 "words=(recoup " +
                                     words + " '" + prefix + "')\nCURRENT=$#words\nPREFIX='" +
                                     prefix + "'\nsource =(\"$RECOUP\" completion zsh)\n");
  INFO(done.err);
  CHECK(done.status == 0);
  CHECK(done.err.empty());
  return done.out;
}

// The commands that the help lists, by their names.
std::vector<std::string> listed_commands() {
  std::vector<std::string> names;
  std::istringstream help(in_shell({"sh", "-c"}, "\"$RECOUP\" help").out);
  for (std::string line; std::getline(help, line);) {
    if (line.size() > 3 && line.starts_with("  ") && line[2] >= 'a' && line[2] <= 'z' &&
        !line.starts_with("  recoup")) {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
  }
  return names;
}

}  // namespace

TEST_CASE("bash completes commands, and the options of the command that was chosen") {
  CHECK(offered_by_bash("verif") == "verify\n");
  CHECK(offered_by_bash("claims m") == "mark\n");
  CHECK(offered_by_bash("claims mark --cas") == "--case\n");
  CHECK(offered_by_bash("assess --agreement x --mon") == "--month\n");
  CHECK(offered_by_bash("verify ''").find("--key") != std::string::npos);
  CHECK(offered_by_bash("claim nothing") == "\n");
}

TEST_CASE("fish completes commands with what they are for") {
  CHECK(offered_by_fish("verif").starts_with("verify\tRecomputes a claim"));
  CHECK(offered_by_fish("claims mar").starts_with("mark\t"));
  CHECK(offered_by_fish("claims mark --cas").starts_with("--case"));
}

TEST_CASE("zsh completes commands with what they are for, and options behind a dash") {
  CHECK_HAS(offered_by_zsh("", "v"), "verify:Recomputes a claim");
  CHECK_HAS(offered_by_zsh("claims", ""), "mark:Notes");
  CHECK_HAS(offered_by_zsh("claims mark", "-"), "--case:");
  CHECK(offered_by_zsh("verify", "") == "files\n");
}

TEST_CASE("the man page has every command that the help lists") {
  const Finished page = in_shell({"sh", "-c"}, "\"$RECOUP\" help --man");
  CHECK(page.status == 0);
  const auto commands = listed_commands();
  CHECK(commands.size() > 20);
  for (const std::string& command : commands) {
    INFO(command);
    CHECK_HAS(page.out, ".SS \"recoup " + command + "\"");
    CHECK_HAS(offered_by_bash("''"), command + "\n");
  }
  CHECK_HAS(page.out, ".SS \"recoup claims mark\"");
  CHECK_HAS(page.out, "recoup verify claim \\-\\-key 64_HEX_DIGITS");
}

TEST_CASE("a shell that nobody completes for is refused") {
  const Finished refused = in_shell({"sh", "-c"}, "\"$RECOUP\" completion csh");
  CHECK(refused.status == 2);
  CHECK_HAS(refused.err, "bash");
}
