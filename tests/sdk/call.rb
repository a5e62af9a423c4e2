# Calls the KMS at the URL that is given with the SDK of Ruby, which retries; what comes of it is no
# matter.
require "aws-sdk-kms"

kms = Aws::KMS::Client.new(endpoint: ARGV[0], region: ARGV[1], retry_mode: "legacy", retry_limit: 3,
                           retry_base_delay: 0.001)
ARGV[2].to_i.times do
  kms.generate_random(number_of_bytes: 32)
rescue Aws::Errors::ServiceError, Seahorse::Client::NetworkingError
  nil
end
