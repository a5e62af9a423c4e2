#include "web/http/encode.h"

#include <zlib.h>

#include "support/catch.h"

using namespace recoup;

namespace {

web::Response answer(const std::string& body, const std::string& type = "text/html") {
  return {200, type, body};
}

web::Request asking(const std::map<std::string, std::string>& headers) {
  web::Request request;
  request.method = "GET";
  request.headers = headers;
  return request;
}

std::string unpacked(const std::string& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

}  // namespace

TEST_CASE("an answer is packed where the client takes gzip, and only there") {
  const std::string body(10'000, 'x');
  struct Row {
    const char* accepts;
    bool packed;
  };
  for (const Row& row : {Row{"gzip", true}, Row{"deflate, gzip;q=0.5", true}, Row{"*", true},
                         Row{"br,gzip", true}, Row{"gzip;q=0", false}, Row{"gzip;q=0.0", false},
                         Row{"identity", false}, Row{"", false}, Row{"x-gzip-not", false}}) {
    INFO(row.accepts);
    const auto made = web::encode(asking({{"accept-encoding", row.accepts}}), answer(body));
    CHECK(made.headers.contains("Content-Encoding") == row.packed);
    CHECK(made.headers.at("Vary") == "Accept-Encoding");
    CHECK((row.packed ? unpacked(made.body) : made.body) == body);
  }
}

TEST_CASE("what is short, packed already or no text stays as it is") {
  const auto request = asking({{"accept-encoding", "gzip"}});
  CHECK(web::encode(request, answer("short")).body == "short");
  const std::string body(10'000, 'x');
  CHECK(web::encode(request, answer(body, "application/zip")).body == body);
  CHECK(web::encode(request, answer(body, "application/problem+json")).body != body);
  web::Response missing = answer(body);
  missing.status = 404;
  CHECK(web::encode(request, missing).body == body);
}

TEST_CASE("an answer that did not change is 304, by the tag of its own encoding") {
  const std::string body(10'000, 'x');
  const std::string plain = web::encode(asking({}), answer(body)).headers.at("ETag");
  const std::string packed =
      web::encode(asking({{"accept-encoding", "gzip"}}), answer(body)).headers.at("ETag");
  CHECK(plain != packed);
  struct Row {
    std::string tags;
    int status;
  };
  for (const Row& row :
       {Row{plain, 304}, Row{"W/" + plain, 304}, Row{"\"a\", " + plain + " , \"b\"", 304},
        Row{"*", 304}, Row{"\"a\"", 200}, Row{packed, 200}, Row{"", 200}}) {
    INFO(row.tags);
    const auto made = web::encode(asking({{"if-none-match", row.tags}}), answer(body));
    CHECK(made.status == row.status);
    CHECK(made.body.empty() == (row.status == 304));
    CHECK(made.headers.at("ETag") == plain);
  }
  CHECK(web::encode(asking({{"if-none-match", plain}}), answer(body + "y")).status == 200);
}
