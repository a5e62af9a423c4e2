#include "web/access/users.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "record/digest.h"

namespace recoup::web {
namespace {

constexpr std::size_t kMostKnown = 1000;
// Longer than any name and password that somebody types or stores.
constexpr std::size_t kLongest = 1024;

struct Login {
  std::string name;
  std::string password;
};

// "Basic dXNlcjpwYXNzd29yZA=="; nothing where it is none.
std::optional<Login> read_basic(std::string_view header) {
  constexpr std::string_view kScheme = "basic ";
  if (header.size() < kScheme.size() || header.size() > kLongest) return std::nullopt;
  if (!core::equal_but_for_case(header.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  while (header.ends_with(' ')) header.remove_suffix(1);
  if (header.size() % 4 != 0) return std::nullopt;
  std::string text(header.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(header.data()),
                                   static_cast<int>(header.size()));
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  for (int padding = 0; padding < 2 && header.ends_with('='); ++padding) {
    header.remove_suffix(1);
    text.pop_back();
  }
  const auto colon = text.find(':');
  if (colon == std::string::npos || text.find('\0') != std::string::npos) return std::nullopt;
  return Login{text.substr(0, colon), text.substr(colon + 1)};
}

bool is_password(const std::string& password, const std::string& hash) {
  crypt_data work{};
  const char* made = crypt_r(password.c_str(), hash.c_str(), &work);
  const bool same = made != nullptr && std::string_view(made).size() == hash.size() &&
                    CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(&work, sizeof work);
  return same;
}

class Users {
 public:
  explicit Users(std::map<std::string, record::Secret> hashes) : hashes_(std::move(hashes)) {
    RAND_bytes(salt_.data(), static_cast<int>(salt_.size()));
  }

  // Whether these were checked before, and right.
  bool knows(const Login& login) {
    const std::lock_guard lock(mutex_);
    return known_.contains(mark_of(login));
  }

  bool check(const Login& login) {
    const auto user = hashes_.find(login.name);
    const bool is_user = user != hashes_.end();
    // Whoever names no user is made to wait as long as whoever does.
    const record::Secret& hash = is_user ? user->second : hashes_.begin()->second;
    if (!is_password(login.password, hash.reveal()) || !is_user) return false;
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kMostKnown) known_.clear();
    known_.insert(mark_of(login));
    return true;
  }

 private:
  // Nothing in memory may tell a password, nor be made without this process's salt.
  std::string mark_of(const Login& login) const {
    record::Sha256 digest;
    digest.update({reinterpret_cast<const char*>(salt_.data()), salt_.size()});
    digest.update(login.name);
    digest.update(std::string_view(":", 1));
    digest.update(login.password);
    return digest.hex();
  }

  const std::map<std::string, record::Secret> hashes_;
  std::array<unsigned char, 32> salt_{};
  std::mutex mutex_;
  std::set<std::string> known_;
};

Response denied() {
  Response response = problem(401, "a name and its password are needed");
  response.headers["WWW-Authenticate"] = R"(Basic realm="recoup", charset="UTF-8")";
  return response;
}

std::optional<Login> login_of(const Request& request) {
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end()) return std::nullopt;
  return read_basic(header->second);
}

}  // namespace

Handler with_users(Handler next, std::map<std::string, record::Secret> hashes) {
  if (hashes.empty()) return next;
  const auto users = std::make_shared<Users>(std::move(hashes));
  return [users, next = std::move(next)](const Request& request) -> ResponseOrWork {
    auto login = login_of(request);
    if (!login) return denied();
    if (users->knows(*login)) return next(request);
    // A bcrypt hash takes its time, that is what it is for.
    return Work([users, next, &request, login = *std::move(login)] {
      return users->check(login) ? finished(next(request)) : denied();
    });
  };
}

}  // namespace recoup::web
