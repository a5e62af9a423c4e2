#include "sources/probe/credentials/ask.h"

#include <array>
#include <cstdio>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include "sources/probe/easy.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {
namespace {

constexpr std::size_t kLongestReply = std::size_t{256} << 10;

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + size * count > kLongestReply) return 0;  // libcurl ends the transfer
  body.append(bytes, size * count);
  return size * count;
}

// For a shell: in single quotes, and each of its own as '\''.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) c == '\'' ? out += "'\\''" : out += c;
  return out + '\'';
}

}  // namespace

core::Result<Reply> ask(const Question& question) {
  const Easy easy = make_easy();
  if (!easy) return core::Error{"expected memory for a request, got none"};
  HeaderList headers;
  for (const std::string& line : question.headers) headers.add(line);
  Reply reply;
  const auto set = [&](auto option, auto value) {
    curl_easy_setopt(easy.get(), static_cast<CURLoption>(option), value);
  };
  set(CURLOPT_URL, question.url.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NOPROXY, "169.254.169.254,169.254.170.2,169.254.170.23,127.0.0.1,localhost,::1");
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(question.within.count()));
  set(CURLOPT_USERAGENT, "recoup");
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&reply.body));
  if (!question.body.empty()) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(question.body.size()));
    set(CURLOPT_POSTFIELDS, question.body.c_str());
  }
  set(CURLOPT_CUSTOMREQUEST, question.method.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  if (!question.signed_for.empty()) {
    set(CURLOPT_AWS_SIGV4, question.signed_for.c_str());
    set(CURLOPT_USERNAME, question.key_id.reveal().c_str());
    set(CURLOPT_PASSWORD, question.key.reveal().c_str());
  }
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) {
    return core::Error{fmt::format("expected an answer of {}, got none: {}",
                                   Url::parse(question.url).value_or(Url{}).authority(),
                                   curl_easy_strerror(code))};
  }
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

core::Result<std::string> printed_by(const std::string& command) {
  struct Close {
    void operator()(std::FILE* pipe) const noexcept { ::pclose(pipe); }
  };
  std::unique_ptr<std::FILE, Close> pipe(
      ::popen(("exec timeout 60 sh -c " + quoted(command)).c_str(), "re"));
  if (!pipe) return core::Error{"expected a command to be run, got no process for it"};
  std::string out;
  std::array<char, 4096> part;
  for (std::size_t size = 1; size > 0 && out.size() <= kLongestReply;) {
    size = std::fread(part.data(), 1, part.size(), pipe.get());
    out.append(part.data(), size);
  }
  const int status = ::pclose(pipe.release());
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && out.size() <= kLongestReply) return out;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 124) {
    return core::Error{"expected the command to end within a minute, got no end"};
  }
  return core::Error{fmt::format("expected the command to end well, got exit code {}",
                                 WIFEXITED(status) ? WEXITSTATUS(status) : status)};
}

}  // namespace recoup::sources::probe
