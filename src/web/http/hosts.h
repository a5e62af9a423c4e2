#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "web/http/message.h"

namespace recoup::web {

// Hosts are the names that a server answers to. A browser that was shown a page under a name, whose
// DNS then says the server's address, sends that name: it must read nothing here (DNS rebinding).
// An address is no name, nobody else can point it elsewhere: any is answered, and localhost.
class Hosts {
 public:
  // Beside localhost, these; "*.example.com" is every name under example.com, "*" is every name.
  explicit Hosts(const std::vector<std::string>& names);

  // Nothing where a request with that Host header is to be answered; else 421, or 400 where it is
  // no host and port (RFC 9110 §7.2).
  std::optional<Response> refuse(std::string_view header) const;

 private:
  bool answers_to(const std::string& name) const;

  std::set<std::string> names_;     // in lower case
  std::set<std::string> suffixes_;  // ".example.com"
  bool any_ = false;
};

}  // namespace recoup::web
