#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace recoup::record {

// DigestKey is an RSA key that CloudTrail's digests are signed with, in its public half.
class DigestKey {
 public:
  // From base64 of DER, PKCS#1 or SubjectPublicKeyInfo, as ListPublicKeys has both.
  static core::Result<DigestKey> from_base64(const std::string& value);

  const std::string& fingerprint() const { return fingerprint_; }  // MD5 of the DER, in hexadecimal
  const std::string& value() const { return value_; }
  bool is_pkcs1() const { return is_pkcs1_; }

  // From when to when digests were signed with it, as whoever listed it says.
  const core::Interval& valid() const { return valid_; }
  void set_valid(const core::Interval& valid) { valid_ = valid; }

  // Whether the signature, in hexadecimal digits, is the key's of the message: PKCS#1 v1.5 with
  // SHA-256.
  bool signed_by(std::string_view message, std::string_view signature) const;

 private:
  struct Impl;
  DigestKey(std::shared_ptr<const Impl> impl, std::string value, std::string fingerprint,
            bool is_pkcs1);

  std::shared_ptr<const Impl> impl_;
  std::string value_;
  std::string fingerprint_;
  bool is_pkcs1_;
  core::Interval valid_;
};

// DigestKeys is a list of such keys, as `aws cloudtrail list-public-keys` prints it.
class DigestKeys {
 public:
  // Adds those in the JSON. Errors, at `name`: it is no such list, it is empty, or a key is none or
  // is not the one that its fingerprint names.
  core::Result<void> add(const std::string& json, const std::string& name);

  void add(DigestKey key) { all_.push_back(std::move(key)); }

  // All that have this fingerprint: one key may be listed with two times.
  std::vector<const DigestKey*> find(std::string_view fingerprint) const;

  const std::vector<DigestKey>& all() const { return all_; }

 private:
  std::vector<DigestKey> all_;
};

}  // namespace recoup::record
