#include "documents/csv.h"

#include <random>

#include "support/catch.h"

using namespace recoup::documents;
using namespace recoup::documents;

namespace {

// Hands the text over in blocks of one size, as a file is read.
CsvReader reader_of(const std::string& text, std::size_t block = 1 << 20) {
  return {"bill.csv", [&text, block, at = std::size_t{0}]() mutable {
            const std::string_view rest = std::string_view(text).substr(at, block);
            at += rest.size();
            return rest;
          }};
}

// "a|b;c|d": records of fields.
std::string records(const std::string& text, std::size_t block = 1 << 20) {
  CsvReader reader = reader_of(text, block);
  std::string out;
  while (reader.next()) {
    if (!out.empty()) out += ';';
    for (std::size_t i = 0; i < reader.size(); ++i) out += (i > 0 ? "|" : "") + reader.text(i);
  }
  return reader.state() ? out : reader.state().error().message;
}

}  // namespace

TEST_CASE("records are read as RFC 4180 has them, in blocks of any size") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"\n\r\n", ""},
      {"a", "a"},
      {"a,b\nc,d\n", "a|b;c|d"},
      {"a,b\nc,d", "a|b;c|d"},
      {"a,b\r\nc,d\r\n", "a|b;c|d"},
      {"a,b\n\n\r\nc,d\n\n", "a|b;c|d"},
      {",\n,", "|;|"},
      {"\"a\",\"b\"\r\n\"c\",\"d\"", "a|b;c|d"},
      {"\"a,b\",c\n\"d\ne\",f\n", "a,b|c;d\ne|f"},
      {"\"d\r\ne\",f\n", "d\r\ne|f"},
      {"\"say \"\"no\"\"\",\"\"\n", "say \"no\"|"},
      {"\"\"\"\",x", "\"|x"},
      {"\"{\"\"k\"\": \"\"v, w\"\"}\",x\n", "{\"k\": \"v, w\"}|x"},
      {"\xef\xbb\xbf\"a\",b\n1,2\n", "a|b;1|2"},
      {"\xef\xbb\xbf", ""},
      {"a\rb,c\n", "a\rb|c"},
      {" a , b \n", " a | b "},
  };
  for (const auto& [text, expected] : cases) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{2}, std::size_t{3}, text.size()}) {
      INFO(text << " in blocks of " << block);
      CHECK(records(text, std::max<std::size_t>(block, 1)) == expected);
    }
  }
}

TEST_CASE("broken records are named by line and column") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a,b\n\"x\"y,z\n",
       "bill.csv:2:4: error: expected a comma or the end of the line after the closing quote of "
       "the field that begins at line 2, got 'y'\n"
       "    2 | \"x\"y,z\n"
       "      |    ^\n"
       "help: a field with a comma, a quote or a line break in it stands in quotes, and a quote in "
       "it is doubled"},
      {"a,b\n1,\"x\n2,\"y\"\n",
       "bill.csv:3:4: error: expected a comma or the end of the line after the closing quote of "
       "the field that begins at line 2, got 'y'\n"
       "    3 | 2,\"y\"\n"
       "      |    ^\n"
       "help: a field with a comma, a quote or a line break in it stands in quotes, and a quote in "
       "it is doubled"},
      {"a,b\n1,2\nä,\"never\nclosed, or\nso",
       "bill.csv:3:3: error: expected the closing quote of this field, got the end of the file\n"
       "    3 | ä,\"never\n"
       "      |   ^\n"
       "help: a field with a comma, a quote or a line break in it stands in quotes, and a quote in "
       "it is doubled"},
      {"a,b\n1,x\"y\n",
       "bill.csv:2:4: error: expected quotes around the whole field, got one inside it\n"
       "    2 | 1,x\"y\n"
       "      |    ^\n"
       "help: a field with a comma, a quote or a line break in it stands in quotes, and a quote in "
       "it is doubled"},
      {"\xef\xbb\xbf"
       "a,b,c\r\n\"1\n\",2\r\n",
       "bill.csv:3:4: error: expected 3 fields as in the header, got 2\n"
       "    3 | \",2\n"
       "      |    ^\n"
       "help: the line may be cut: fetch the file again from the provider"},
      {"a,b\n1,2,\"3\",4\n",
       "bill.csv:2:5: error: expected 2 fields as in the header, got 4\n"
       "    2 | 1,2,\"3\",4\n"
       "      |     ^^^^^\n"
       "help: a field with a comma, a quote or a line break in it stands in quotes, and a quote in "
       "it is doubled"},
  };
  for (const auto& [text, expected] : cases) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{5}, text.size()}) {
      INFO("blocks of " << block);
      CHECK(records(text, block) == expected);
    }
  }
}

TEST_CASE("a record that has no end is refused before it fills the memory") {
  const std::string open = "a,b\n1,\"" + std::string(3 << 20, 'x');
  CHECK(records(open, 1 << 16)
            .starts_with("bill.csv:2:3: error: expected the closing quote within 1 MiB, got more "
                         "than that\n"));
  const std::string endless = "a,b\n" + std::string(3 << 20, 'x');
  CHECK(records(endless, 1 << 16)
            .starts_with("bill.csv:2:1: error: expected the end of the record within 1 MiB, got "
                         "more than that\n"));
  const std::string long_one = "a,b\n1,\"" + std::string(1 << 19, 'x') + "\"\n";
  CHECK(records(long_one, 1 << 16).size() == (1 << 19) + 6);
}

TEST_CASE("what is written as CSV is read back, whatever is in it") {
  std::mt19937 random(7);
  const std::string alphabet = "a,\"\n\r 1;\xc3\xa4";
  for (int round = 0; round < 500; ++round) {
    std::string text;
    std::string expected;
    for (int row = 0; row < 8; ++row) {
      if (row > 0) expected += ';';
      for (int field = 0; field < 4; ++field) {
        std::string value;
        for (auto n = random() % 6; n > 0; --n) value += alphabet[random() % alphabet.size()];
        expected += (field > 0 ? "|" : "") + value;
        text += field > 0 ? ",\"" : "\"";
        for (const char c : value) text += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += '"';
      }
      text += random() % 2 == 0 ? "\r\n" : "\n";
    }
    REQUIRE(records(text, 1 + random() % 20) == expected);
  }
}
