#include "web/http/exchange.h"

#include <microhttpd.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "core/text.h"
#include "web/http/target.h"

namespace recoup::web {
namespace {

// Beyond this a body is not even read to its end.
constexpr std::size_t kPatience = 16 * kLongestBody;

// Headers are those of a request as they come.
struct Headers {
  std::map<std::string, std::string> values;  // those of one name joined by ", "
  std::map<std::string, int> times;           // that each name stands there
  bool sound = true;                          // every name is one
};

// A token of RFC 9110 §5.6.2. A blank before the colon would be the name's last character.
bool is_token(std::string_view name) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

MHD_Result take_header(void* into, MHD_ValueKind, const char* key, const char* value) {
  auto& headers = *static_cast<Headers*>(into);
  headers.sound = headers.sound && is_token(key);
  const std::string name = core::lower_case(key);
  ++headers.times[name];
  std::string& known = headers.values[name];
  if (!known.empty()) known += ", ";
  known += value == nullptr ? "" : value;
  return MHD_YES;
}

// What makes a request ambiguous: another program on its way may have understood it otherwise, and
// take what is in its body for a request of its own.
std::string why_malformed(const Headers& headers, std::string_view version) {
  const auto times = [&](const char* name) {
    const auto found = headers.times.find(name);
    return found == headers.times.end() ? 0 : found->second;
  };
  if (!headers.sound) return "a header has a name that is none";
  if (times("content-length") > 1) return "expected one Content-Length, got more";
  if (times("content-length") > 0 && times("transfer-encoding") > 0) {
    return "expected a Content-Length or a Transfer-Encoding, got both";
  }
  if (times("transfer-encoding") > 0 &&
      core::lower_case(headers.values.at("transfer-encoding")) != "chunked") {
    return "expected the Transfer-Encoding 'chunked', got another";
  }
  if (times("host") > 1) return "expected one Host header, got more";
  if (times("host") == 0 && version != "HTTP/1.0") return "expected a Host header, got none";
  return {};
}

// Body is the text of an answer until its last byte was taken.
struct Body {
  std::string text;
  std::atomic<std::size_t>& under_way;

  Body(std::string t, std::atomic<std::size_t>& bytes) : text(std::move(t)), under_way(bytes) {
    under_way += text.size();
  }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  ~Body() { under_way -= text.size(); }
};

void free_body(void* body) { delete static_cast<Body*>(body); }

MHD_Response* with_text(std::string text, std::atomic<std::size_t>& under_way) {
  auto body = std::make_unique<Body>(std::move(text), under_way);
  MHD_Response* raw = MHD_create_response_from_buffer_with_free_callback_cls(
      body->text.size(), body->text.data(), free_body, body.get());
  if (raw != nullptr) static_cast<void>(body.release());
  return raw;
}

// The library closes the file when it has been sent.
MHD_Response* with_file(OpenFile& file) {
  const int handle = file.release();
  struct stat about {};
  if (fstat(handle, &about) != 0) return nullptr;
  return MHD_create_response_from_fd64(static_cast<std::uint64_t>(about.st_size), handle);
}

}  // namespace

Exchange::Exchange(std::string_view target) {
  if (auto parsed = parse_target(target)) {
    request.path = std::move(parsed->path);
    request.query = std::move(parsed->query);
  } else {
    malformed = parsed.error().message;
  }
}

void Exchange::begin(MHD_Connection* connection, std::string_view method,
                     std::string_view version) {
  begun = true;
  only_head = method == "HEAD";
  request.method = only_head ? "GET" : method;
  Headers headers;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &headers);
  if (malformed.empty()) malformed = why_malformed(headers, version);
  request.headers = std::move(headers.values);
}

bool Exchange::take(const char* bytes, std::size_t size) {
  received += size;
  if (received > kPatience) return false;
  if (received <= kLongestBody) request.body.append(bytes, size);
  return true;
}

bool send(MHD_Connection* connection, Response response, std::atomic<std::size_t>& under_way) {
  MHD_Response* raw =
      response.file ? with_file(*response.file) : with_text(std::move(response.body), under_way);
  if (raw == nullptr) return false;
  response.headers["Content-Type"] = response.content_type;
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(raw, name.c_str(), value.c_str());
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(response.status), raw);
  MHD_destroy_response(raw);
  return queued == MHD_YES;
}

}  // namespace recoup::web
