#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/time.h"
#include "support/temp_dir.h"

namespace recoup::test {

// TimeAuthority is an authority of RFC 3161 of the test's own: OpenSSL's, with a clock of the
// test's. Its certificates are of 2020 to 2039; those of the named faults are not as they must be.
class TimeAuthority {
 public:
  enum class Fault {
    none,
    not_for_time,  // its certificate is for servers
    expired,       // its certificate was good in 2020 alone
    sha1,          // it signs digests that can be forged
  };

  explicit TimeAuthority(const std::string& name = "test authority", Fault fault = Fault::none);
  ~TimeAuthority();

  // The certificate that its tokens rest on, PEM, and a file of it.
  std::string ca() const;
  std::string ca_file() const { return folder_.file("ca.pem"); }

  // The answer to a query as of that time; a query that is none is refused.
  std::string answer(const std::string& query, core::Instant at) const;

  // Files for `openssl ts -reply -inkey … -signer … -chain …`.
  std::string key_file() const { return folder_.file("tsa.key"); }
  std::string certificate_file() const { return folder_.file("tsa.pem"); }
  const TempDir& folder() const { return folder_; }

  static constexpr const char* kPolicy = "1.2.3.4.1";

 private:
  struct Impl;
  TempDir folder_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::test
