#include "report/csv.h"

#include <nlohmann/json.hpp>

#include "support/catch.h"

using namespace recoup;
using report::csv_cell;
using report::csv_text;
using report::Json;

TEST_CASE("a cell is in quotes where RFC 4180 wants it, and never a formula") {
  struct Case {
    std::string text, cell;
  };
  for (const Case& c : std::vector<Case>{{"", ""},
                                         {"plain", "plain"},
                                         {"a,b", "\"a,b\""},
                                         {"say \"so\"", "\"say \"\"so\"\"\""},
                                         {"two\r\nlines", "\"two\r\nlines\""},
                                         {"=1+2", "\"'=1+2\""},
                                         {"+49 30", "\"'+49 30\""},
                                         {"-cmd|' /C calc'!A0", "\"'-cmd|' /C calc'!A0\""},
                                         {"@SUM(1)", "\"'@SUM(1)\""},
                                         {"\t=1", "\"'\t=1\""},
                                         {"-", "\"'-\""},
                                         {"-.5", "\"'-.5\""},
                                         {"-1.", "\"'-1.\""},
                                         {"-1.2.3", "\"'-1.2.3\""},
                                         {"-0.577", "-0.577"},
                                         {"-12", "-12"},
                                         {"99.99", "99.99"}}) {
    INFO(c.text);
    CHECK(csv_cell(c.text) == c.cell);
  }
}

TEST_CASE("rows are lines by their columns, whatever a row has") {
  const Json rows = {
      {{"id", "a,b"}, {"amount", {{"value", "1.50"}, {"currency", "USD"}}}, {"n", 3}, {"on", true}},
      {{"id", "=x"}, {"amount", nullptr}, {"list", {1, "two"}}},
      {{"id", "\xff"}, {"amount", "none"}}};
  CHECK(csv_text({"id", "amount.value", "n", "on", "list"}, rows) ==
        "id,amount.value,n,on,list\r\n"
        "\"a,b\",1.50,3,true,\r\n"
        "\"'=x\",,,,\"[1,\"\"two\"\"]\"\r\n"
        "\xef\xbf\xbd,,,,\r\n");
  CHECK(csv_text({"id", "n"}, Json::array()) == "id,n\r\n");
}
