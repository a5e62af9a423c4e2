#pragma once

#include <string_view>

namespace recoup::sources {

// Places on the way of a Request where it is written down, from its client on. Two sources at one
// place see Requests of their own, as two hosts do; at different places they see the same ones.
enum Place : unsigned {
  kAtClient = 1,
  kAtEdge = 2,
  kAtBalancer = 4,
  kAtServer = 8,
  kAtBucket = 16,
  kInTrail = 32,  // the provider's own record of all Requests of an account
  kAnywhere = 63,
};

struct Sight {
  std::string_view cannot_see;  // a sentence
  unsigned places = kAnywhere;  // one of them, or one of some
  bool estimates = false;       // what it tells is near the counts, and is none
};

}  // namespace recoup::sources
