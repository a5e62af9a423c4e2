#include "documents/diagnostic.h"

#include "config/settings.h"
#include "documents/document.h"
#include "documents/lines.h"
#include "documents/near.h"
#include "documents/secret_lines.h"
#include "support/catch.h"

using namespace recoup::config;
using namespace recoup::documents;

namespace {

std::string one(const std::string& text, Span at) {
  return lay_out("f.toml", text, {{at, "expected a, got b", ""}});
}

}  // namespace

TEST_CASE("a complaint shows its line, underlined, and its help") {
  CHECK(lay_out("f.toml", "a = 1\nb = 22\n", {{{2, 5, 2, 7}, "expected a, got b", "do c"}}) ==
        "f.toml:2:5: error: expected a, got b\n"
        "    2 | b = 22\n"
        "      |     ^^\n"
        "help: do c");
}

TEST_CASE("complaints stand in the order of the file") {
  const std::string text = lay_out(
      "f", "a\nb\n", {{{2, 1, 2, 2}, "two", ""}, {{1, 1, 1, 2}, "one", ""}, {{}, "whole", ""}});
  CHECK(text.find("whole") < text.find("one"));
  CHECK(text.find("one") < text.find("two"));
}

TEST_CASE("what is read again and again is complained about once") {
  Document document("a.toml", "a = 1\nb = 2\n");
  for (int again = 0; again < 3; ++again) {
    (void)document.root().optional("a").text();
    document.root().optional("b").warn("expected more, got 2");
  }
  CHECK(document.errors() == 3);
  (void)document.root().optional("b").text();
  const auto done = document.finish();
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().message ==
        "a.toml:1:5: error: expected text, got the number 1\n"
        "    1 | a = 1\n"
        "      |     ^\n"
        "help: write \"1\" in quotes\n"
        "a.toml:2:5: error: expected text, got the number 2\n"
        "    2 | b = 2\n"
        "      |     ^\n"
        "help: write \"2\" in quotes");
  CHECK(document.warnings() ==
        "a.toml:2:5: warning: expected more, got 2\n"
        "    2 | b = 2\n"
        "      |     ^");
}

TEST_CASE("a complaint about a file as a whole shows no line") {
  CHECK(one("a = 1\n", {}) == "f.toml:1:1: error: expected a, got b");
}

TEST_CASE("the caret stands under its character after tabs and letters beyond ASCII") {
  CHECK(one("\ta\t= 1\n", {1, 6, 1, 7}) ==
        "f.toml:1:6: error: expected a, got b\n"
        "    1 |     a   = 1\n"
        "      |           ^");
  CHECK(one("\"äö\" = x\n", {1, 8, 1, 9}) ==
        "f.toml:1:8: error: expected a, got b\n"
        "    1 | \"äö\" = x\n"
        "      |        ^");
}

TEST_CASE("a value of several lines is underlined to the end of its first") {
  CHECK(one("a = [1,\n 2]\n", {1, 5, 2, 4}) ==
        "f.toml:1:5: error: expected a, got b\n"
        "    1 | a = [1,\n"
        "      |     ^^^");
}

TEST_CASE("a very long line is cut around the place") {
  const std::string text = std::string(300, 'a') + " = x" + std::string(300, 'b');
  const std::string shown = one(text, {1, 304, 1, 305});
  CHECK(shown.find("…" + std::string(27, 'a') + " = xb") != std::string::npos);
  CHECK(shown.find("\n      | " + std::string(31, ' ') + "^") != std::string::npos);
  CHECK(shown.size() < 250);
}

TEST_CASE("nothing that steers a terminal is shown") {
  const std::string shown =
      lay_out("f", "a = \x1b[2J\xc2\x9b\xff", {{{1, 5, 1, 6}, "got \x1b[2J", ""}});
  CHECK(shown.find('\x1b') == std::string::npos);
  CHECK(shown.find("\xc2\x9b") == std::string::npos);
  CHECK(shown.find('\xff') == std::string::npos);
  CHECK(shown.find("a = ?[2J??") != std::string::npos);
}

TEST_CASE("a line's secret is not shown, wherever the complaint points") {
  const std::vector<std::pair<std::string, int>> cases{
      {"password = \"hunter2\"", 1},
      {"PassWord=hunter2", 1},
      {"\"api key\" = \"hunter2\"", 1},
      {"auth.token = \"hunter2\"", 1},
      {"headers = { X-A = \"b\", Authorization = \"hunter2\" }", 1},
      {"aws_access_key_id = hunter2", 1},
      {"ledger = \"postgresql://me:hunter2@db/recoup\"", 1},
      {"token = \"\"\"\na = hunter2\n\"\"\"", 2},
      {"tokens = [\n  \"hunter2=x\",\n]", 2},
      {"secret = '''\nx\n[hunter2]\n'''", 3},
  };
  for (const auto& [text, line] : cases) {
    INFO(text);
    for (int column : {1, 12, 40, 200}) {
      const std::string shown = one(text, {line, column, line, column + 1});
      CHECK(shown.find("hunter") == std::string::npos);
      CHECK(shown.find("<secret>") != std::string::npos);
    }
  }
}

TEST_CASE("a secret in the text of a harmless key is not shown, nor is it in the words") {
  const std::vector<std::string> lines{
      "url = \"https://host/x?access_token=hunter2&page=1\"",
      "body = '{\"user\":\"u\",\"password\":\"hunter2\"}'",
      "body = \"{\\\"password\\\": \\\"hunter2\\\"}\"",
      "url = \"https://me:hunter2@host/\"",
      "x = \"subscription-key: hunter2\"",
  };
  for (const std::string& line : lines) {
    INFO(line);
    const std::string shown =
        lay_out("f", line, {{{1, 1, 1, 4}, "expected a URL, got " + line, ""}});
    CHECK(shown.find("hunter") == std::string::npos);
    CHECK(shown.find("<secret>") != std::string::npos);
    CHECK(shown.find("****") != std::string::npos);
  }
}

TEST_CASE("what only stands near a secret is shown") {
  for (const char* text : {"key = \"alias/x\"", "id = \"token-probe\"", "url = \"https://a/b@c\"",
                           "token = \"\"\"\nx\n\"\"\"\nb = 1"}) {
    INFO(text);
    const int line = text == std::string_view("token = \"\"\"\nx\n\"\"\"\nb = 1") ? 4 : 1;
    CHECK(hidden_parts(text, line).empty());
  }
}

TEST_CASE("the near word is found and a far one is not") {
  const std::vector<std::string> words{"every", "timeout", "expect", "id"};
  CHECK(nearest("evry", words) == "every");
  CHECK(nearest("TimeOut", words) == "timeout");
  CHECK(nearest("tiemout", words) == "timeout");
  CHECK(nearest("di", words) == "id");
  CHECK_FALSE(nearest("colour", words).has_value());
  CHECK_FALSE(nearest("xy", words).has_value());
  CHECK_FALSE(nearest(std::string(10'000, 'e'), words).has_value());
}

TEST_CASE("a file that would be deeper than the stack is met with a place in it") {
  const auto complaint = [](const std::string& text) {
    const auto settings = parse_settings(text, "deep.toml", {});
    return settings ? "" : settings.error().message;
  };
  std::string names = "a";
  for (int i = 0; i < 100'000; ++i) names += ".a";
  const std::string line = std::string(100'000, '[') + std::string(100'000, ']');
  for (const std::string& text : {"[" + names + "]\n", "[[" + names + "]]\n", names + " = 1\n",
                                  "x = { " + names + " = 1 }\n", "\n" + names + "\n"}) {
    INFO(text.substr(0, 20));
    CHECK(complaint(text).find(
              ": error: expected at most 16 names with points between them, got more") !=
          std::string::npos);
  }
  CHECK(
      complaint("x = " + line)
          .find("deep.toml:1:37: error: expected at most 32 tables and arrays in one another, got "
                "more") == 0);
  // A header's brackets are none of a value, and what stands in texts is nothing.
  std::string many;
  for (int i = 0; i < 100; ++i) many += "[[agreement]]\nid = 'a[[[{' # [[[\n";
  CHECK(complaint(many).find("in one another") == std::string::npos);
}

TEST_CASE("the lines of a text are found by number, and parts of them by column") {
  const Lines lines("one\r\nzwei é drei\n\nlast");
  CHECK(lines.count() == 4);
  CHECK(lines[1] == "one");
  CHECK(lines[3].empty());
  CHECK(lines[4] == "last");
  for (const int line : {-1, 0, 5}) CHECK(lines[line].empty());
  CHECK(lines.slice({2, 6, 2, 8}) == "é ");
  CHECK(lines.slice({2, 6, 3, 1}) == "é drei");
  CHECK(lines.slice({1, 2, 1, 9}) == "ne");
  CHECK(lines.slice({4, 9, 4, 12}).empty());
  CHECK(lines.slice({9, 1, 9, 2}).empty());
}
