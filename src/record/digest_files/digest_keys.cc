#include "record/digest_files/digest_keys.h"

#include <cmath>
#include <limits>
#include <new>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "record/base64.h"
#include "record/hex.h"

namespace recoup::record {
namespace {

using core::Error;
using core::Result;
using Json = nlohmann::json;
using PublicKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr const char* kFetchKeys =
    "save what `aws cloudtrail list-public-keys --start-time … --end-time …` prints";

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

PublicKey rsa_key(const std::string& der, bool as_pkcs1) {
  const unsigned char* at = octets(der);
  const auto size = static_cast<long>(der.size());
  PublicKey key(
      as_pkcs1 ? d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size) : d2i_PUBKEY(nullptr, &at, size),
      &EVP_PKEY_free);
  ERR_clear_error();
  const bool is_whole = key && at == octets(der) + der.size();
  if (!is_whole || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) key.reset();
  return key;
}

// Empty where OpenSSL is set up to have no MD5.
std::string md5_hex(std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const bool done =
      EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 EVP_md5(), nullptr) == 1;
  ERR_clear_error();
  digest.resize(done ? size : 0);
  return to_hex(digest);
}

// Version 1 of the AWS CLI prints seconds since 1970, version 2 RFC 3339.
Result<core::Instant> key_instant(const Json& value) {
  if (value.is_string()) return core::parse_instant(value.get<std::string>());
  constexpr std::int64_t kLast = 253'402'300'799;  // the end of 9999
  if (value.is_number()) {
    const auto seconds = value.get<double>();
    if (std::isfinite(seconds) && seconds >= 0 && seconds <= static_cast<double>(kLast)) {
      return core::Instant(core::Millis(std::llround(seconds * 1000)));
    }
  }
  return Error{"expected an instant, as RFC 3339 or as seconds since 1970"};
}

Error not_as_expected(const std::string& name, const std::string& place, const char* what) {
  return {fmt::format("expected {} at {}, got something else", what, place), name, kFetchKeys};
}

// One of the list, whose place in it is "/PublicKeyList/0".
Result<DigestKey> listed_key(const Json& item, const std::string& place, const std::string& name) {
  for (const char* field : {"/Value", "/Fingerprint"}) {
    const Json::json_pointer at(field);
    if (!item.is_object() || !item.contains(at) || !item[at].is_string()) {
      return not_as_expected(name, place + field, "a text");
    }
  }
  auto key = DigestKey::from_base64(item["Value"].get<std::string>());
  if (!key)
    return Error{fmt::format("{} at {}/Value", key.error().message, place), name, kFetchKeys};
  const std::string stated = core::lower_case(item["Fingerprint"].get<std::string>());
  if (stated != key->fingerprint()) {
    return Error{
        fmt::format("expected the key whose fingerprint is {} at {}, got the one whose is {}",
                    stated, place, key->fingerprint()),
        name, kFetchKeys};
  }
  core::Interval valid;
  for (const auto& [field, instant] :
       {std::pair("ValidityStartTime", &valid.begin), std::pair("ValidityEndTime", &valid.end)}) {
    const auto read = key_instant(item.value(field, Json()));
    if (!read) return not_as_expected(name, fmt::format("{}/{}", place, field), "an instant");
    *instant = *read;
  }
  key->set_valid(valid);
  return key;
}

}  // namespace

struct DigestKey::Impl {
  PublicKey key;
};

DigestKey::DigestKey(std::shared_ptr<const Impl> impl, std::string value, std::string fingerprint,
                     bool is_pkcs1)
    : impl_(std::move(impl)),
      value_(std::move(value)),
      fingerprint_(std::move(fingerprint)),
      is_pkcs1_(is_pkcs1) {}

Result<DigestKey> DigestKey::from_base64(const std::string& value) {
  const std::string der = record::from_base64(value);
  PublicKey key = rsa_key(der, true);
  const bool is_pkcs1 = key != nullptr;
  if (!key) key = rsa_key(der, false);
  if (!key) return Error{"expected base64 of an RSA public key in DER, got something else"};
  std::string fingerprint = md5_hex(der);
  if (fingerprint.empty()) {
    return Error{
        "expected an OpenSSL that has MD5, which fingerprints of keys are, got one without"};
  }
  return DigestKey(std::make_shared<const Impl>(Impl{std::move(key)}), value,
                   std::move(fingerprint), is_pkcs1);
}

bool DigestKey::signed_by(std::string_view message, std::string_view signature) const {
  const auto bytes = from_hex(core::lower_case(signature));
  if (!bytes) return false;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (!context) throw std::bad_alloc();
  const bool holds =
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key.get()) == 1 &&
      EVP_DigestVerify(context.get(), octets(*bytes), bytes->size(), octets(message),
                       message.size()) == 1;
  ERR_clear_error();
  return holds;
}

Result<void> DigestKeys::add(const std::string& json, const std::string& name) {
  const Json read = Json::parse(json, nullptr, false);
  const auto list = read.is_object() ? read.find("PublicKeyList") : read.end();
  if (!read.is_object() || list == read.end() || !list->is_array()) {
    return Error{"expected JSON with the array PublicKeyList, got something else", name,
                 kFetchKeys};
  }
  if (list->empty()) {
    return Error{"expected at least one key in PublicKeyList, got none", name,
                 "ask for the time and the Region of the digests: the trail's home Region"};
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto key = listed_key((*list)[i], fmt::format("/PublicKeyList/{}", i), name);
    if (!key) return key.error();
    all_.push_back(*std::move(key));
  }
  return {};
}

std::vector<const DigestKey*> DigestKeys::find(std::string_view fingerprint) const {
  std::vector<const DigestKey*> found;
  for (const DigestKey& key : all_) {
    if (key.fingerprint() == fingerprint) found.push_back(&key);
  }
  return found;
}

}  // namespace recoup::record
