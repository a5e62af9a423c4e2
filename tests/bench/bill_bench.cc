// How fast is a FOCUS bill read by one core, and in how much memory?
//
// The bill is 1 GB: 44 columns as in a real FOCUS 1.0 export of AWS, rows of about 700 bytes, half
// of the fields in quotes, one in five NULL, every tenth row with commas and doubled quotes in a
// field; 1,000 rows over and over, which make 100 groups in 20 Regions of 50 services. The sum is
// checked first, against whole numbers. Beside it stands what reading cannot do without: reading
// the bytes, and their SHA-256, which tells that a file was named twice.

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "billing/bills/bill.h"
#include "processor_time.h"
#include "record/digest.h"
#include "support/places.h"

using namespace recoup;

namespace {

constexpr int kServices = 50;
constexpr int kRegions = 20;
constexpr int kCopies = 1450;
constexpr int kRounds = 5;

const char* const kHeader =
    "\"AvailabilityZone\",\"BilledCost\",\"BillingAccountId\",\"BillingAccountName\","
    "\"BillingCurrency\",\"BillingPeriodEnd\",\"BillingPeriodStart\",\"ChargeCategory\","
    "\"ChargeClass\",\"ChargeDescription\",\"ChargeFrequency\",\"ChargePeriodEnd\","
    "\"ChargePeriodStart\",\"CommitmentDiscountCategory\",\"CommitmentDiscountId\","
    "\"CommitmentDiscountName\",\"CommitmentDiscountStatus\",\"CommitmentDiscountType\","
    "\"ConsumedQuantity\",\"ConsumedUnit\",\"ContractedCost\",\"ContractedUnitPrice\","
    "\"EffectiveCost\",\"InvoiceIssuerName\",\"ListCost\",\"ListUnitPrice\",\"PricingCategory\","
    "\"PricingQuantity\",\"PricingUnit\",\"ProviderName\",\"PublisherName\",\"RegionId\","
    "\"RegionName\",\"ResourceId\",\"ResourceName\",\"ResourceType\",\"ServiceCategory\",\"Id\","
    "\"ServiceName\",\"SkuId\",\"SkuPriceId\",\"SubAccountId\",\"SubAccountName\",\"Tags\"\n";

// Row `i` of a block of 1,000; it costs i × 10^-11.
std::string row(int i) {
  const char* const tags =
      i % 10 == 0 ? "{\"\"team\"\": \"\"core, data\"\", \"\"x\"\": \"\"y\"\"}" : "{}";
  return fmt::format(
      "NULL,0.{:011},\"1234567890123\",\"SunBird\",\"USD\",\"2024-10-01 00:00:00\","
      "\"2024-09-01 00:00:00\",\"Usage\",NULL,\"$0.40 per million Amazon requests in Tier{} in US "
      "West (Oregon)\",\"Usage-Based\",\"2024-09-18 23:00:00\",\"2024-09-18 22:00:00\",NULL,NULL,"
      "NULL,NULL,NULL,2.000000000000000,\"Requests\",0.00000000000,0.00000000000,0.00000000000,"
      "\"Amazon Web Services, Inc.\",0.00000080000,\"0.0000004\",\"Standard\",2.00000000000,"
      "\"Requests\",\"AWS\",\"Amazon Web Services\",\"us-west-{}\",\"US West (Oregon)\","
      "\"arn:aws:sqs:us-west-2:123456789012:queue-of-the-service-{:06}\",NULL,\"Queue\","
      "\"Integration\",\"{}\",\"Amazon Service Number {}\",\"HG9QXRBRHXGYBUEQ\","
      "\"HG9QXRBRHXGYBUEQ.JRTCKXETXF.6YS6EN2CT7\",\"210987654321\",\"Aardwolf\",\"{}\"\n",
      i, i % 7, i % kRegions, i, i, i % kServices, tags);
}

// Removes the file at the end.
class BigFile {
 public:
  explicit BigFile(std::string path) : path_(std::move(path)) {
    std::string block;
    for (int i = 0; i < 1000; ++i) block += row(i);
    std::ofstream out(path_, std::ios::binary | std::ios::trunc);
    out << kHeader;
    for (int i = 0; i < kCopies; ++i) out << block;
  }
  ~BigFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  BigFile(const BigFile&) = delete;
  BigFile& operator=(const BigFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool is_right(const core::Result<billing::Bill>& bill) {
  if (!bill || bill->rows != kCopies * 1000ULL) return false;
  core::Ratio sum;
  for (const billing::BillGroup& group : bill->groups) sum += group.sum;
  return sum == core::Ratio(kCopies * 999LL * 1000 / 2, 100'000'000'000);
}

void each_block(const std::string& path, auto use) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> block(1 << 18);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    use(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
  }
}

}  // namespace

int main() {
  const BigFile file(BINARY_DIR "/bill-bench.csv");
  const auto read = [&] { return billing::read_bill({}, {file.path()}, {}); };
  if (!is_right(read())) {
    fmt::print(stderr, "the sum is wrong: no time is taken\n");
    return 1;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);

  std::vector<double> bills;
  std::vector<double> bytes;
  std::vector<double> digests;
  std::uint64_t sink = 0;
  for (int round = 0; round < kRounds; ++round) {
    bills.push_back(bench::time_of([&] { sink += read()->rows; }));
    bytes.push_back(bench::time_of(
        [&] { each_block(file.path(), [&](auto block) { sink += block.size(); }); }));
    digests.push_back(bench::time_of([&] {
      record::Sha256 digest;
      each_block(file.path(), [&](auto block) { digest.update(block); });
      sink += digest.hex().size();
    }));
  }
  const double size = static_cast<double>(std::filesystem::file_size(file.path())) / 1e6;
  fmt::print("bill: a FOCUS file of {:.0f} MB, {} rows; medians of {} rounds, CPU time\n", size,
             kCopies * 1000, kRounds);
  fmt::print("  read_bill       {:7.3f} s  {:6.0f} MB/s   (reach: 300 MB/s)\n",
             bench::median(bills), size / bench::median(bills));
  fmt::print("  bytes, SHA-256  {:7.3f} s  {:6.0f} MB/s\n", bench::median(digests),
             size / bench::median(digests));
  fmt::print("  bytes alone     {:7.3f} s  {:6.0f} MB/s\n", bench::median(bytes),
             size / bench::median(bytes));
  fmt::print("  peak memory     {:7.1f} MB\n", static_cast<double>(usage.ru_maxrss) / 1024);
  return sink == 0 ? 1 : 0;
}
