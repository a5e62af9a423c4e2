#include "sources/probe/url.h"

#include <memory>
#include <new>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

namespace recoup::sources::probe {
namespace {

struct Cleanup {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

struct Free {
  void operator()(char* text) const noexcept { curl_free(text); }
};

// Nothing where the URL has no such part.
std::optional<std::string> part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, Free> owned(text);
  return std::string(text);
}

}  // namespace

std::string Url::text() const { return scheme + "://" + authority() + path + query; }

std::optional<Url> Url::parse(const std::string& text) {
  // libcurl takes one to three slashes for two, and what would be the path then for the host.
  const auto mark = text.find("://");
  if (mark == std::string::npos || text.substr(mark + 3).starts_with('/')) return std::nullopt;
  const std::unique_ptr<CURLU, Cleanup> handle(curl_url());
  if (!handle) throw std::bad_alloc();
  constexpr unsigned kFlags = CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS;
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), kFlags) != CURLUE_OK) {
    return std::nullopt;
  }
  const auto get = [&](CURLUPart which) { return part(handle.get(), which); };
  Url url;
  url.scheme = get(CURLUPART_SCHEME).value_or("");
  url.has_login = get(CURLUPART_USER) || get(CURLUPART_PASSWORD);
  url.host = get(CURLUPART_HOST).value_or("");
  url.port = get(CURLUPART_PORT).value_or("");
  url.path = get(CURLUPART_PATH).value_or("/");
  if (const auto query = get(CURLUPART_QUERY)) url.query = '?' + *query;
  return url;
}

void ParsedUrlCleanup::operator()(void* url) const noexcept {
  curl_url_cleanup(static_cast<CURLU*>(url));
}

ParsedUrl parsed_as_sent(const std::string& text) {
  ParsedUrl url(curl_url());
  constexpr unsigned kFlags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  const bool done = url && curl_url_set(static_cast<CURLU*>(url.get()), CURLUPART_URL, text.c_str(),
                                        kFlags) == CURLUE_OK;
  return done ? std::move(url) : ParsedUrl();
}

std::string url_mistake(const std::string& text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return fmt::format("expected a URL of http or https, got '{}'",
                       text.substr(0, text.find("://")));
  }
  const auto url = Url::parse(text);
  if (url && url->has_login) {
    return "expected a URL without user name and password, got one with them";
  }
  // What is left of a placeholder is no part of a path.
  if (!url || text.find_first_of("{}\"") != std::string::npos) {
    return fmt::format("expected a URL, got '{}'", text);
  }
  return {};
}

}  // namespace recoup::sources::probe
