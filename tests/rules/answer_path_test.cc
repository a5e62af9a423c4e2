#include "rules/answer_path.h"

#include "support/catch.h"

using namespace recoup::rules;
using namespace recoup::rules;

namespace {

std::string shown(const AnswerPath& path) {
  std::string text;
  for (const AnswerPath::Step& step : path.steps) {
    const auto* name = std::get_if<std::string>(&step);
    text += '<' + (name == nullptr ? std::to_string(std::get<std::size_t>(step)) : *name) + '>';
  }
  return text;
}

}  // namespace

TEST_CASE("a path into JSON is members, indexes, and names in brackets") {
  struct Row {
    const char* text;
    const char* steps;
  };
  for (const Row& row : std::vector<Row>{{"__type", "<__type>"},
                                         {"error.status", "<error><status>"},
                                         {"error.details[0].reason", "<error><details><0><reason>"},
                                         {"[2][10]", "<2><10>"},
                                         {R"(["x-amzn.code"].x)", "<x-amzn.code><x>"},
                                         {R"(error['a "b" \' c'])", R"(<error><a "b" ' c>)"},
                                         {"x-amzn-code@$", "<x-amzn-code@$>"},
                                         {"fehler.größe", "<fehler><größe>"},
                                         {"0", "<0>"}}) {
    INFO(row.text);
    const auto path = parse_json_path(row.text);
    REQUIRE(path.ok());
    CHECK(shown(*path) == row.steps);
  }
  CHECK(std::holds_alternative<std::string>(parse_json_path("0")->steps.at(0)));
}

TEST_CASE("what is no path is refused, and never taken for a name") {
  for (const char* text : {"",
                           ".",
                           "a.",
                           ".a",
                           "a..b",
                           "a[",
                           "a[]",
                           "a[0",
                           "a[x]",
                           "a[-1]",
                           "a[0]b",
                           "a]",
                           "a[\"b]",
                           "a[\"\"]",
                           "a[\"b\"",
                           "a[\"b\\",
                           "a b",
                           "a[*]",
                           "a.*",
                           "a[1234567]",
                           "a\tb",
                           "a\"b",
                           "$.error.status",
                           "$[0]",
                           "/error/status"}) {
    INFO(text);
    CHECK_FALSE(parse_json_path(text).ok());
  }
  std::string deep = "a";
  for (int i = 1; i < 32; ++i) deep += ".a";
  CHECK(parse_json_path(deep).ok());
  CHECK_FALSE(parse_json_path(deep + ".a").ok());
}

TEST_CASE("a path of another kind is refused with the same path as it is written here") {
  CHECK(parse_json_path("$.error.status").error().help == "write \"error.status\"");
  CHECK(parse_json_path("$['a'][0]").error().help == "write \"['a'][0]\"");
  CHECK(parse_json_path("/error/details").error().help == "write \"error.details\"");
  CHECK(parse_xml_path("/Error/Code").error().help == "write \"Error.Code\"");
  CHECK(parse_xml_path("Error/Code").error().help == "write \"Error.Code\"");
}

TEST_CASE("a path into XML is the names of elements") {
  CHECK(shown(*parse_xml_path("Error.Code")) == "<Error><Code>");
  CHECK(shown(*parse_xml_path("soap:Envelope[\"a.b\"]")) == "<soap:Envelope><a.b>");
  for (const char* text : {"", "Error[0]", "Error.", "1st", "-a", "a b", "Error.<Code>", "a&b"}) {
    INFO(text);
    CHECK_FALSE(parse_xml_path(text).ok());
  }
}
