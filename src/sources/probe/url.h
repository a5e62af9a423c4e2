#pragma once

#include <memory>
#include <optional>
#include <string>

namespace recoup::sources::probe {

// Url is an absolute URL in its parts, as libcurl takes it apart to send a request: what is checked
// here is what is asked there. Nothing in it is decoded; the fragment, which is never sent, is left
// out.
struct Url {
  std::string scheme;      // in lower case
  bool has_login = false;  // it names a user or a password, be they empty
  std::string host;        // of IPv6 in its brackets
  std::string port;        // empty: none
  std::string path = "/";  // that where it has none
  std::string query;       // with its "?"; empty: none

  // The host, and the port where the URL names one: what the Host header says.
  std::string authority() const { return port.empty() ? host : host + ':' + port; }

  // The URL again, without its login.
  std::string text() const;

  // Nothing where libcurl could not send a request to it.
  static std::optional<Url> parse(const std::string& text);
};

// What libcurl took apart (a CURLU): a handle that is given it copies it for each request, instead
// of taking the same text apart again, which costs more than a tenth of a request.
struct ParsedUrlCleanup {
  void operator()(void* url) const noexcept;
};
using ParsedUrl = std::unique_ptr<void, ParsedUrlCleanup>;

// As libcurl takes apart what it is given as a text; empty where it cannot.
ParsedUrl parsed_as_sent(const std::string& text);

// Why the text is no URL that can be probed; empty where it is one.
std::string url_mistake(const std::string& text);

}  // namespace recoup::sources::probe
