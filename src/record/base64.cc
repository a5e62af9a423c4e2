#include "record/base64.h"

#include <openssl/err.h>
#include <openssl/evp.h>

namespace recoup::record {
namespace {

const unsigned char* encoded(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and the zero that OpenSSL puts behind
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), encoded(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string from_base64(std::string_view text) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  if (text.empty() || text.size() % 4 != 0 || text.size() > kMost) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), encoded(text),
                                   static_cast<int>(text.size()));
  ERR_clear_error();
  // It takes what pads the end for zeros.
  const std::size_t padding = text.size() - 1 - text.find_last_not_of('=');
  if (size < 0 || padding > 2) return {};
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace recoup::record
