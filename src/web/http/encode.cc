#include "web/http/encode.h"

#include <zlib.h>

#include <cctype>
#include <string_view>

#include "core/text.h"
#include "record/digest.h"

namespace recoup::web {
namespace {

constexpr std::size_t kWorthPacking = 512;
constexpr std::size_t kMostTagged = 4UL << 20;
// Pages are small and sent again and again; the text of all metrics is large and asked for often.
constexpr std::size_t kLarge = 256UL << 10;
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;

std::string header(const Request& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

// Calls `each` for the elements of a comma-separated list until it says true; whether it did.
template <typename Each>
bool any_of(std::string_view list, Each each) {
  while (true) {
    const auto comma = std::min(list.find(','), list.size());
    if (each(core::trimmed(list.substr(0, comma)))) return true;
    if (comma == list.size()) return false;
    list.remove_prefix(comma + 1);
  }
}

// "gzip", "gzip;q=0.5"; not "gzip;q=0".
bool takes_gzip(const Request& request) {
  return any_of(header(request, "accept-encoding"), [](std::string_view one) {
    const auto semicolon = std::min(one.find(';'), one.size());
    const std::string_view name = core::trimmed(one.substr(0, semicolon));
    if (name != "gzip" && name != "*") return false;
    const std::string_view quality = core::trimmed(one.substr(std::min(semicolon + 1, one.size())));
    return quality.find_first_not_of("q=0.") != std::string_view::npos || quality.empty();
  });
}

bool is_text(std::string_view content_type) {
  return content_type.starts_with("text/") || content_type.find("json") != std::string_view::npos ||
         content_type.find("javascript") != std::string_view::npos;
}

// Empty where it cannot be packed.
std::string gzip(const std::string& text) {
  z_stream stream{};
  const int level = text.size() > kLarge ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION;
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return {};
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  // zlib writes nothing there; its type is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return packed;
}

bool has_tag(const Request& request, std::string_view tag) {
  return any_of(header(request, "if-none-match"), [&](std::string_view one) {
    if (one.starts_with("W/")) one.remove_prefix(2);
    return one == tag || one == "*";
  });
}

}  // namespace

Response encode(const Request& request, Response response) {
  if (response.status != 200 || response.file) return response;
  const bool packs = is_text(response.content_type) && response.body.size() >= kWorthPacking;
  const bool packed = packs && takes_gzip(request);
  if (packs) {
    std::string& vary = response.headers["Vary"];
    vary += vary.empty() ? "Accept-Encoding" : ", Accept-Encoding";
  }
  if (response.body.size() <= kMostTagged) {
    // Two encodings of one text are two representations: each has its own tag.
    const std::string tag =
        '"' + record::sha256_hex(response.body).substr(0, 32) + (packed ? "-gzip\"" : "\"");
    response.headers["ETag"] = tag;
    if (has_tag(request, tag)) {
      response.status = 304;
      response.body.clear();
      return response;
    }
  }
  if (!packed) return response;
  if (std::string smaller = gzip(response.body); !smaller.empty()) {
    response.body = std::move(smaller);
    response.headers["Content-Encoding"] = "gzip";
  }
  return response;
}

}  // namespace recoup::web
