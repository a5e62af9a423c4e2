#include "record/signature.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "record/hex.h"
#include "support/catch.h"

using namespace recoup::core;
using namespace recoup::record;

namespace {

std::string pem_of(EVP_PKEY* key, const char* passphrase = nullptr) {
  BIO* out = BIO_new(BIO_s_mem());
  const EVP_CIPHER* cipher = passphrase == nullptr ? nullptr : EVP_aes_256_cbc();
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(out, key, cipher, passphrase, passphrase == nullptr ? 0 : 4,
                                        nullptr, nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(out);
  EVP_PKEY_free(key);
  return pem;
}

std::string pem_of_seed(const char* seed) {
  const std::string bytes = *from_hex(seed);
  return pem_of(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                             reinterpret_cast<const unsigned char*>(bytes.data()),
                                             bytes.size()));
}

// RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc).
struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};
const std::vector<Vector> kVectors{
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"}};

Error refused(std::string pem) {
  const auto key = SealKey::from_pem(std::move(pem));
  REQUIRE_FALSE(key.ok());
  return key.error();
}

}  // namespace

TEST_CASE("signatures are those of RFC 8032") {
  for (const Vector& row : kVectors) {
    INFO(row.seed);
    const auto key = SealKey::from_pem(pem_of_seed(row.seed));
    REQUIRE(key.ok());
    const std::string message = *from_hex(row.message);
    CHECK(key->public_key() == row.public_key);
    CHECK(key->sign(message) == row.signature);
    CHECK(signature_holds(message, row.signature, row.public_key));
  }
}

TEST_CASE("a signature of other bytes, of another key or in other digits does not hold") {
  const Vector& row = kVectors[1];
  const std::string message = *from_hex(row.message);
  std::string flipped = row.signature;
  flipped[0] = flipped[0] == '0' ? '1' : '0';
  CHECK_FALSE(signature_holds(message + "x", row.signature, row.public_key));
  CHECK_FALSE(signature_holds(message, flipped, row.public_key));
  CHECK_FALSE(signature_holds(message, row.signature, kVectors[0].public_key));
  CHECK_FALSE(signature_holds(message, "", row.public_key));
  CHECK_FALSE(signature_holds(message, "92a0", row.public_key));
  CHECK_FALSE(signature_holds(message, row.signature, ""));
  CHECK_FALSE(signature_holds(message, row.signature, "3d40"));
  CHECK_FALSE(signature_holds(message, row.signature, std::string(64, 'z')));
}

TEST_CASE("the text of a key is wiped when it was read, also where it is none") {
  for (std::string pem : {pem_of_seed(kVectors[0].seed), std::string("no key, and still secret")}) {
    const char* memory = pem.data();
    const std::size_t size = pem.size();
    const auto key = SealKey::from_pem(std::move(pem));
    CHECK((key.ok() || !key.error().message.empty()));
    CHECK(std::string(memory, size) == std::string(size, '\0'));
  }
}

TEST_CASE(
    "keys of another kind, with a passphrase or in another form are refused with what to do") {
  const std::string make = "make one with: openssl genpkey -algorithm ed25519 -out seal-key.pem";
  const auto rsa = refused(pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})));
  CHECK(rsa.message == "expected an Ed25519 key, got one for RSA");
  CHECK(rsa.help == make);
  const auto curve = refused(pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")));
  CHECK(curve.message == "expected an Ed25519 key, got one for EC");

  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  const auto locked = refused(pem_of(key, "word"));
  CHECK(locked.message == "expected a private key without a passphrase, got one with it");
  CHECK(locked.help.find("openssl pkey -in KEY -out seal-key.pem") != std::string::npos);

  const auto open = refused("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n");
  CHECK(open.message == "expected a private key, got a public one");
  const std::vector<std::string> others{"", "hello", "-----BEGIN PRIVATE KEY-----\nMCow\n",
                                        std::string(100, '\0')};
  for (const std::string& text : others) {
    CHECK(refused(text).message == "expected a private key in PEM form, got something else");
    CHECK(refused(text).help == make);
  }
}
