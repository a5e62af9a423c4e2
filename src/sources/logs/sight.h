#pragma once

#include <string_view>

// What a kind of source sees of the Requests that are made, and what it cannot.
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
};

// Of "probe", "csm" (what AWS SDKs report), "cloudtrail" and the formats of logs; of another name,
// what holds of any log.
const Sight& sight_of(std::string_view kind);

// Whether two logs of these kinds see the same Requests, as far as kinds can tell: not where both
// may be at one place.
bool see_the_same(std::string_view one, std::string_view other);

// The same where nobody can say that they do not: a trail has every Request of the account, those
// of its SDKs among them.
bool surely_see_the_same(std::string_view one, std::string_view other);

}  // namespace recoup::sources
