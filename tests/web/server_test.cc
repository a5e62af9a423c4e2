#include "web/http/server.h"

#include <vector>

#include "service/system_world.h"
#include "support/catch.h"
#include "web/client.h"
#include "web/http/hosts.h"

using namespace recoup;
using recoup::test::Client;

namespace {

// Echoes what it got, throws at /throw, and is large at /large.
web::Response echo(const web::Request& request) {
  if (request.path == "/throw") throw std::runtime_error("a secret");
  if (request.path == "/odd") throw 7;
  if (request.path == "/large") return {200, "text/plain", std::string(4 << 20, 'x'), {}};
  std::string text = request.method + ' ' + request.path;
  for (const auto& [name, value] : request.query) text += " ?" + name + '=' + value;
  const auto header = request.headers.find("x-test");
  if (header != request.headers.end()) text += " x-test=" + header->second;
  if (!request.body.empty()) text += ' ' + std::to_string(request.body.size());
  return {200, "text/plain; charset=utf-8", text, {{"X-Own", "1"}}};
}

// Paths under /slow/ are answered by a thread beside the server's.
web::ResponseOrWork handler(const web::Request& request) {
  if (!request.path.starts_with("/slow/")) return echo(request);
  return web::Work([&request] {
    if (request.path == "/slow/throw") throw std::runtime_error("a secret");
    return echo(request);
  });
}

std::unique_ptr<web::Server> serve() {
  auto server = web::Server::start({"127.0.0.1"}, handler, service::system_world());
  if (!server) FAIL(server.error().message);
  return std::move(*server);
}

std::string ask(int port, const std::string& bytes) {
  Client client(port);
  client.say(bytes);
  return client.answer();
}

std::string get(int port, const std::string& target) {
  return ask(port, "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a request arrives with its path, query and headers") {
  const auto server = serve();
  const std::string answer =
      ask(server->port(),
          "GET /a%20b/c?x=1%262&y HTTP/1.1\r\nHost: x\r\nX-TEST: one\r\nx-test: two\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(answer.ends_with("\r\n\r\nGET /a b/c ?x=1&2 ?y= x-test=one, two"));
  CHECK(has(answer, "X-Own: 1\r\n"));
}

TEST_CASE("every answer has its length and the headers that keep a browser safe") {
  const auto server = serve();
  for (const char* target : {"/", "/throw", "/slow/", "/slow/throw"}) {
    INFO(target);
    const std::string answer = get(server->port(), target);
    CHECK(has(answer, "Content-Length: "));
    CHECK(has(answer, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(has(answer, "Referrer-Policy: no-referrer\r\n"));
    CHECK(has(answer, "Content-Security-Policy: default-src 'none'; script-src 'self'; "));
    CHECK_FALSE(has(answer, "unsafe-inline"));
    CHECK(has(answer, "X-Frame-Options: DENY\r\n"));
  }
}

TEST_CASE("a connection is kept for the next request") {
  const auto server = serve();
  Client client(server->port());
  for (int i = 0; i < 3; ++i) {
    client.say("GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.answer().ends_with("GET /again"));
  }
}

TEST_CASE("what takes longer is answered beside the rest, in order, on a kept connection") {
  const auto server = serve();
  Client client(server->port());
  client.say("GET /slow/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.answer().ends_with("GET /slow/1"));
  CHECK(client.answer().ends_with("GET /2"));
  CHECK(server->counts().answers == std::map<int, std::uint64_t>{{200, 2}});
}

TEST_CASE("HEAD is GET without the body") {
  const auto server = serve();
  Client client(server->port());
  client.say("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.answer(true);
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(has(answer, "Content-Length: 8\r\n"));
  CHECK(answer.ends_with("\r\n\r\n"));
  client.say("GET /abc HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.answer().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("an unknown method is answered 405 with what is allowed") {
  const auto server = serve();
  for (const char* method : {"PUT", "DELETE", "BREW", "OPTIONS", "TRACE"}) {
    INFO(method);
    const std::string answer =
        ask(server->port(), std::string(method) + " / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 405 "));
    CHECK(has(answer, "Allow: GET, HEAD, POST\r\n"));
  }
}

TEST_CASE("a body of 64 KiB is taken, and one byte more is answered 413") {
  const auto server = serve();
  for (const auto& [size, wanted] : std::vector<std::pair<std::size_t, std::string>>{
           {65536, "HTTP/1.1 200 "}, {65537, "HTTP/1.1 413 "}, {500000, "HTTP/1.1 413 "}}) {
    INFO(size);
    CHECK(ask(server->port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                  std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'))
              .starts_with(wanted));
  }
}

TEST_CASE("a body without a stated length is limited as well, and one without end is not read on") {
  const auto server = serve();
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  std::string body;
  for (int i = 0; i < 5; ++i) body += chunk;
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(ask(server->port(), head + body + "0\r\n\r\n").starts_with("HTTP/1.1 413 "));
  for (int i = 0; i < 200; ++i) body += chunk;
  CHECK(ask(server->port(), head + body) == "");
  CHECK(get(server->port(), "/after").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a handler that throws is answered 500 without its words") {
  const auto server = serve();
  for (const char* target : {"/throw", "/odd", "/slow/throw"}) {
    INFO(target);
    const std::string answer = get(server->port(), target);
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(has(answer, "secret"));
  }
  CHECK(get(server->port(), "/after").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("garbage and headers without end are refused, and the next one is answered") {
  const auto server = serve();
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
        std::string("GET\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        "GET /" + std::string(100000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(100000, 'a') + "\r\n\r\n",
        std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        std::string(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n")}) {
    Client client(server->port());
    client.say(bytes);
    client.end();
    const std::string answer = client.rest();
    INFO(bytes.substr(0, 60));
    CHECK_FALSE(answer.starts_with("HTTP/1.1 200 "));
    CHECK(get(server->port(), "/after").starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("what can be understood in two ways is refused at once, and nothing behind it is read") {
  const auto server = serve();
  const std::string next = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::string& head : std::vector<std::string>{
           "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
           "GET / HTTP/1.1\r\nHost : a\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 30\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\nContent-Length: 0\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n",
           "GET /a%00b HTTP/1.1\r\nHost: a\r\n", "GET /?a=%00 HTTP/1.1\r\nHost: a\r\n",
           "GET /a b HTTP/1.1\r\nHost: a\r\n", "GET /a\x01 HTTP/1.1\r\nHost: a\r\n"}) {
    INFO(head);
    Client client(server->port());
    client.say(head + "\r\n0\r\n\r\n" + next);
    const std::string answer = client.rest();
    CHECK(answer.starts_with("HTTP/1.1 400 "));
    CHECK(has(answer, "application/problem+json"));
    CHECK(answer.find("HTTP/1.1 ", 1) == std::string::npos);
  }
  const std::string old = ask(server->port(), "GET /old HTTP/1.0\r\n\r\n");
  CHECK(old.ends_with("GET /old"));
}

TEST_CASE("however many arguments a request has, it is answered") {
  const auto server = serve();
  for (const auto& [most, status] : {std::pair{500, "200"}, {5'000, "200"}, {20'000, "414"}}) {
    INFO(most);
    std::string target = "/?0";
    for (int i = 1; i < most; ++i) target += "&a=" + std::to_string(i % 10);
    CHECK(get(server->port(), target).substr(9, 3) == status);
  }
  CHECK(get(server->port(), "/?a&c=d=e%zz+%2b%").ends_with("GET / ?a= ?c=d=e%zz +%"));
}

TEST_CASE("only names of its own are answered, and every address") {
  web::ServerOptions options{"127.0.0.1"};
  const auto named = web::with_hosts(handler, {"Recoup.example.com", "*.svc.local"});
  const auto server = std::move(*web::Server::start(options, named, service::system_world()));
  const auto status = [&](const std::string& host) {
    return ask(server->port(), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").substr(9, 3);
  };
  for (const char* host :
       {"localhost", "LOCALHOST:9464", "localhost.", "a.localhost", "127.0.0.1", "127.0.0.1:80",
        "[::1]", "[::1]:9464", "192.168.1.7:9464", "recoup.example.com", "recoup.example.com.:1",
        "RECOUP.EXAMPLE.COM", "a.svc.local", "a.b.svc.local"}) {
    INFO(host);
    CHECK(status(host) == "200");
  }
  for (const char* host :
       {"attacker.com", "attacker.com:9464", "localhost.attacker.com", "127.0.0.1.attacker.com",
        "xrecoup.example.com", "svc.local", "1.2.3", "0x7f000001", "notlocalhost"}) {
    INFO(host);
    CHECK(status(host) == "421");
  }
  for (const char* host :
       {"", "a b", "a:b", "[::1", "[::1]x", "[a]", "user@localhost", "a/b", "a,b"}) {
    INFO(host);
    CHECK(status(host) == "400");
  }
  const std::string answer =
      ask(server->port(), "GET /slow/1 HTTP/1.1\r\nHost: attacker.com\r\n\r\n");
  CHECK(has(answer, "allowed_hosts"));
  CHECK(has(answer, "application/problem+json"));
}

TEST_CASE("slow clients hold nobody up") {
  const auto server = serve();
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<Client>(server->port()));
    slow.back()->say(i % 2 == 0 ? "GET / HT" : "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  CHECK(get(server->port(), "/fast").ends_with("GET /fast"));
  slow[0]->say("TP/1.1\r\nHost: x\r\n\r\n");
  CHECK(slow[0]->answer().ends_with("GET /"));
  CHECK(slow[1]->answer().ends_with(std::string(1000, 'x')));
}

TEST_CASE("a port in use is an error that names it") {
  const auto server = serve();
  const auto second =
      web::Server::start({"127.0.0.1", server->port()}, handler, service::system_world());
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().where == "127.0.0.1:" + std::to_string(server->port()));
  CHECK(second.error().message == "cannot listen: Address already in use");
}

TEST_CASE("a host that is none is an error") {
  CHECK_FALSE(web::Server::start({"256.1.1.1"}, handler, service::system_world()).ok());
  CHECK_FALSE(web::Server::start({""}, handler, service::system_world()).ok());
}

TEST_CASE("a server on loopback is not reached by another address of this machine") {
  const auto server = serve();
  // All of 127/8 is this machine: a server on every address would answer here.
  CHECK_THROWS(Client(server->port(), "127.0.0.2"));
}

TEST_CASE("the port is free again once the server is gone") {
  int port = 0;
  {
    const auto server = serve();
    port = server->port();
    get(port, "/");
  }
  CHECK_THROWS(Client(port));
  CHECK(web::Server::start({"127.0.0.1", port}, handler, service::system_world()).ok());
}
