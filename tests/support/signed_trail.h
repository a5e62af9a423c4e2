#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "record/base64.h"
#include "record/digest.h"
#include "record/digest_files/digest_file.h"
#include "record/hex.h"
#include "support/process.h"

namespace recoup::test {

// SigningKey is an RSA key of the test's own, which signs digests as CloudTrail does.
class SigningKey {
 public:
  SigningKey() : key_(EVP_RSA_gen(2048), &EVP_PKEY_free) {}

  // A key that stays: what it signs is the same each time, as a golden claim needs it.
  static SigningKey of_pem(const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    return SigningKey(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  }

  std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return record::to_hex(signature);
  }

  // DER, as PKCS#1 or as SubjectPublicKeyInfo.
  std::string der(bool as_pkcs1 = true) const {
    unsigned char* bytes = nullptr;
    const int size = as_pkcs1 ? i2d_PublicKey(key_.get(), &bytes) : i2d_PUBKEY(key_.get(), &bytes);
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return out;
  }

  std::string fingerprint(bool as_pkcs1 = true) const {
    const std::string bytes = der(as_pkcs1);
    std::string digest(16, '\0');
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
               EVP_md5(), nullptr);
    return record::to_hex(digest);
  }

  // As `aws cloudtrail list-public-keys` prints it.
  nlohmann::json list(const std::string& from = "2026-01-01T00:00:00+00:00",
                      const std::string& to = "2027-01-01T00:00:00+00:00",
                      bool as_pkcs1 = true) const {
    return {{"PublicKeyList",
             {{{"Value", record::to_base64(der(as_pkcs1))},
               {"ValidityStartTime", from},
               {"ValidityEndTime", to},
               {"Fingerprint", fingerprint(as_pkcs1)}}}}};
  }

 private:
  explicit SigningKey(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {}

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

// SignedTrail is log files and the hourly digests of them, as CloudTrail would deliver both.
class SignedTrail {
 public:
  struct File {
    std::string name;
    std::string content;
    std::string signature = {};  // of a digest
  };

  explicit SignedTrail(const SigningKey& key, core::Instant begin, bool as_pkcs1 = true)
      : key_(key), next_(begin), fingerprint_(key.fingerprint(as_pkcs1)) {}

  // The next hour, and what was delivered in it.
  void add_hour(const std::vector<std::string>& logs = {}) {
    nlohmann::json digest{{"awsAccountId", kAccount},
                          {"digestS3Bucket", kBucket},
                          {"digestPublicKeyFingerprint", fingerprint_},
                          {"digestSignatureAlgorithm", "SHA256withRSA"},
                          {"logFiles", nlohmann::json::array()}};
    for (const std::string& content : logs) {
      const std::string name = std::string(kAccount) + "_CloudTrail_us-east-1_" + compact(next_) +
                               "_" + std::to_string(logs_.size()) + ".json.gz";
      digest["logFiles"].push_back({{"s3Bucket", kBucket},
                                    {"s3Object", "AWSLogs/123456789012/CloudTrail/" + name},
                                    {"hashValue", record::sha256_hex(content)},
                                    {"hashAlgorithm", "SHA-256"}});
      logs_.push_back({name, content});
    }
    digest["digestStartTime"] = core::to_text(next_);
    next_ += std::chrono::hours(1);
    digest["digestEndTime"] = core::to_text(next_);
    const std::string name = std::string(kAccount) +
                             "_CloudTrail-Digest_us-east-1_my_trail_us-east-1_" + compact(next_) +
                             ".json.gz";
    digest["digestS3Object"] = kFolder + name;
    digest["previousDigestSignature"] = nullptr;
    digest["previousDigestS3Object"] = nullptr;
    digest["previousDigestS3Bucket"] = nullptr;
    if (!digests_.empty() && !starts_anew_) {
      digest["previousDigestSignature"] = digests_.back().signature;
      digest["previousDigestS3Object"] = kFolder + digests_.back().name;
      digest["previousDigestS3Bucket"] = kBucket;
    }
    starts_anew_ = false;
    sign(name, digest.dump());
  }

  // So long no digest is made; the next one has none before it.
  void pause(std::chrono::hours time) {
    next_ += time;
    starts_anew_ = true;
  }

  const std::vector<File>& digests() const { return digests_; }
  const std::vector<File>& logs() const { return logs_; }

  // What the AWS CLI prints of the object of a digest.
  static std::string head(const std::string& signature) {
    return nlohmann::json{
        {"ContentType", "application/json"},
        {"Metadata", {{"signature", signature}, {"signature-algorithm", "SHA256withRSA"}}}}
        .dump(4);
  }

  // Puts all in `folder`: digests/, with the signature of the newest beside it, and logs/.
  void write(const std::filesystem::path& folder,
             const std::function<std::string(const std::string&)>& pack) const {
    std::filesystem::create_directories(folder / "digests");
    std::filesystem::create_directories(folder / "logs");
    for (const File& one : digests_) {
      write_text((folder / "digests" / one.name).string(), pack(one.content));
    }
    for (const File& one : logs_) {
      write_text((folder / "logs" / one.name).string(), pack(one.content));
    }
    write_text((folder / "digests" / (digests_.back().name + ".head.json")).string(),
               head(digests_.back().signature));
  }

  static constexpr const char* kAccount = "123456789012";
  static constexpr const char* kBucket = "the-bucket";
  static constexpr const char* kFolder =
      "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/10/";

 private:
  // "20261003T020000Z".
  static std::string compact(core::Instant at) {
    std::string text = core::to_text(at);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
  }

  void sign(const std::string& name, const std::string& content) {
    const auto digest = record::parse_digest_file(content, name);
    digests_.push_back({name, content, key_.sign(digest->signed_text())});
  }

  const SigningKey& key_;
  core::Instant next_;
  std::string fingerprint_;
  bool starts_anew_ = false;
  std::vector<File> digests_;
  std::vector<File> logs_;
};

}  // namespace recoup::test
