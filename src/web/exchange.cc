#include "web/exchange.h"

#include <microhttpd.h>
#include <sys/stat.h>

#include <memory>
#include <string_view>
#include <utility>

namespace recoup::web {
namespace {

// Beyond this a body is not even read to its end.
constexpr std::size_t kPatience = 16 * kLongestBody;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

MHD_Result take_header(void* into, MHD_ValueKind, const char* key, const char* value) {
  std::string& known = (*static_cast<std::map<std::string, std::string>*>(into))[lower(key)];
  if (!known.empty()) known += ", ";
  known += value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result take_argument(void* into, MHD_ValueKind, const char* key, const char* value) {
  static_cast<std::map<std::string, std::string>*>(into)->emplace(key,
                                                                  value == nullptr ? "" : value);
  return MHD_YES;
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

Exchange* Exchange::begin(MHD_Connection* connection, const char* path, const char* method) {
  auto exchange = std::make_unique<Exchange>();
  exchange->only_head = std::string_view(method) == "HEAD";
  exchange->request.method = exchange->only_head ? "GET" : method;
  exchange->request.path = path;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &exchange->request.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument,
                            &exchange->request.query);
  return exchange.release();
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
