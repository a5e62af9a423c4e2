#include "record/percent_encoding.h"

#include <string>

#include "support/catch.h"

using recoup::record::percent_decoded;
using recoup::record::percent_encoded;
using recoup::record::Plus;

TEST_CASE("everything but what is unreserved is percent-encoded") {
  CHECK(percent_encoded("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encoded("a b/c?d&e=f+%") == "a%20b%2Fc%3Fd%26e%3Df%2B%25");
  CHECK(percent_encoded("\xc3\xa4") == "%C3%A4");
  CHECK(percent_encoded(std::string_view("\0", 1)) == "%00");
}

TEST_CASE("what was encoded is decoded to what it was") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(percent_decoded(percent_encoded(all), Plus::itself) == all);
  CHECK(percent_decoded(percent_encoded(all), Plus::blank) == all);
}

TEST_CASE("what is no percent-encoding stays, and a plus is what the caller says") {
  for (const char* text : {"100%", "%", "%4", "%zz", "%+1", "% 1", "%-1"}) {
    INFO(text);
    CHECK(percent_decoded(text, Plus::itself) == text);
  }
  CHECK(percent_decoded("%41%6a%6A", Plus::itself) == "Ajj");
  CHECK(percent_decoded("a+b%2B", Plus::itself) == "a+b+");
  CHECK(percent_decoded("a+b%2B", Plus::blank) == "a b+");
}
