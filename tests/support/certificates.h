#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/temp_dir.h"

// Certificates is a folder of authorities of the test's own and of what they vouch for: NAME.pem
// and NAME.key, PEM, with keys of the curve P-256 that only their owner can read.
class Certificates {
 public:
  Certificates();
  ~Certificates();

  // An authority that signs itself.
  void authority(const std::string& name);

  // A certificate by an authority made before: for these names and addresses, as in
  // "DNS:kms.example, IP:127.0.0.1", from now less an hour to `valid` from now, which may be past.
  void issue(const std::string& name, const std::string& by, const std::string& subjects,
             std::chrono::seconds valid = std::chrono::hours(1));

  std::string pem_file(const std::string& name) const { return folder_.file(name + ".pem"); }
  std::string key_file(const std::string& name) const { return folder_.file(name + ".key"); }
  const recoup::test::TempDir& folder() const { return folder_; }

 private:
  struct Impl;
  recoup::test::TempDir folder_;
  std::unique_ptr<Impl> impl_;
};
