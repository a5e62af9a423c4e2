#include "record/chain.h"

#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "record/canonical.h"
#include "record/hex.h"

namespace recoup::record {

// The algorithm is looked up once: a lookup costs as much as the digest of a short text.
struct Linker::Impl {
  EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  ~Impl() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(sha256);
  }
};

Linker::Linker() : impl_(std::make_unique<Impl>()) {
  if (impl_->sha256 == nullptr || impl_->context == nullptr) throw std::bad_alloc();
}

Linker::~Linker() = default;

void Linker::advance(std::string& link, const Evidence& evidence) {
  text_ = link;
  append_canonical(text_, evidence);
  unsigned int size = EVP_MAX_MD_SIZE;
  link.resize(size);
  EVP_DigestInit_ex(impl_->context, impl_->sha256, nullptr);
  EVP_DigestUpdate(impl_->context, text_.data(), text_.size());
  EVP_DigestFinal_ex(impl_->context, reinterpret_cast<unsigned char*>(link.data()), &size);
  link.resize(size);
}

std::string first_link(const std::string& agreement, const std::string& kind,
                       const std::string& name, const std::string& part) {
  return *from_hex(
      sha256_hex(fmt::format("recoup chain 1 {} {} {} {}\n", canonical_words(agreement),
                             canonical_words(kind), canonical_words(name), canonical_words(part))));
}

}  // namespace recoup::record
