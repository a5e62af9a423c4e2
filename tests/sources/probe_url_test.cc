#include "sources/probe/url.h"

#include <vector>

#include "support/catch.h"

using recoup::sources::probe::Url;

TEST_CASE("a URL is taken apart, and put together again") {
  struct Row {
    const char* url;
    const char* authority;
    const char* path;
    const char* query;
    const char* again;
  };
  for (const Row& row :
       std::vector<Row>{{"https://kms.us-east-1.amazonaws.com/", "kms.us-east-1.amazonaws.com", "/",
                         "", "https://kms.us-east-1.amazonaws.com/"},
                        {"http://127.0.0.1:8080?a=1", "127.0.0.1:8080", "/", "?a=1",
                         "http://127.0.0.1:8080/?a=1"},
                        {"http://[::1]:80/p", "[::1]:80", "/p", "", "http://[::1]:80/p"},
                        {"http://user:password@h:1/p", "h:1", "/p", "", "http://h:1/p"},
                        {"https://h/a/../b%20c?z=/&y#part", "h", "/a/../b%20c", "?z=/&y",
                         "https://h/a/../b%20c?z=/&y"},
                        {"https://h", "h", "/", "", "https://h/"}}) {
    INFO(row.url);
    const auto url = Url::parse(row.url);
    REQUIRE(url);
    CHECK(url->authority() == row.authority);
    CHECK(url->path == row.path);
    CHECK(url->query == row.query);
    CHECK(url->text() == row.again);
  }
}

TEST_CASE("a login is seen, be it empty") {
  for (const char* text : {"http://me:secret@h/", "http://me@h/", "http://@h/", "http://:@h/",
                           "https://good.example\\@evil.example/"}) {
    INFO(text);
    const auto url = Url::parse(text);
    CHECK((!url || url->has_login));
  }
  CHECK_FALSE(Url::parse("http://h/me@home?you@work")->has_login);
}

TEST_CASE("what libcurl could not send a request to is no URL") {
  for (const char* text :
       {"", "h", "h/path", "https://", "https:///path", "https:/h", "https://h:99999/",
        "https://h:port/", "https://{region}.example.com/", "https://two words/",
        "https://h/two words", "https://h/\x01", "https://[::1/", "https://a\"b/"}) {
    INFO(text);
    CHECK_FALSE(Url::parse(text));
  }
}
