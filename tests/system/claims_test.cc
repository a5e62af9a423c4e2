// The life of a claim as its users see it: sealed, listed, written, sent, decided.

#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/loopback_server.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

constexpr const char* kMay =
    "minute,outcome,count\n2023-05-03T02:00:00Z,200,20\n2023-05-03T02:01:00Z,503,4\n";
constexpr const char* kLateMay =
    "minute,outcome,count\n2023-05-04T02:00:00Z,200,20\n2023-05-04T02:01:00Z,503,4\n";
const std::string kLongAgo = "2023-05";

std::string agreement_of(const std::string& id, const std::string& rule) {
  return fmt::format(
      "[[agreement]]\nid = \"{}\"\nsla = \"{}\"\naccount = \"123456789012\"\n"
      "region = \"us-east-1\"\n[agreement.charges]\nstated = [ {{ month = \"2023-05\", amount = "
      "\"1845.00\", currency = \"USD\" }} ]\n",
      id, rule);
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  REQUIRE(has(text, what));
  text.replace(text.find(what), what.size(), by);
}

// The rule of AWS KMS without its deadline: what it gives can be claimed whenever the test runs.
std::string rule_without_deadline() {
  std::string rule = read_text(SOURCE_DIR "/rules/sla/aws-kms.toml");
  replace(rule, "\"aws-kms\"", "\"kms-any-time\"");
  replace(rule, "status     = \"complete\"",
          "status     = \"partial\"\nmissing    = [\"claim.deadline\"]");
  replace(rule, "deadline = { end_of_cycle_after = 2, safe = 1 }", "");
  return rule;
}

// Claims are those of an agreement, "web", with an outage in May 2023, which can be claimed at any
// time, and of "old", by the contract as it is: that time is over.
struct Claims : Folder {
  explicit Claims(const std::string& head = {})
      : Folder("rules = \"rules\"\n" + head + agreement_of("web", "kms-any-time") +
               agreement_of("old", "aws-kms")) {
    std::filesystem::create_directory(dir.path() / "rules");
    write_text(dir.file("rules/kms-any-time.toml"), rule_without_deadline());
    import(kMay);
  }

  // Whether the step was taken; the last complaint is kept.
  bool mark(std::vector<std::string> words, const std::string& month = kLongAgo) {
    words.insert(words.begin(), {"claims", "mark", "--agreement", "web", "--month", month});
    const Finished finished = recoup(words);
    said = finished.out;
    complaint = finished.err;
    CHECK((finished.status == 0 || finished.status == 1));
    return finished.status == 0;
  }

  json only_row() const {
    const json rows = json::parse(done({"claims", "--agreement", "web", "--json"}));
    REQUIRE(rows.size() == 1);
    return rows[0];
  }
  std::string state() const { return only_row()["state"]; }

  std::string said, complaint;
};

}  // namespace

TEST_CASE("a month is listed, sealed, sealed again after a late import, and says what changed") {
  const Claims folder;
  const std::string before = folder.done({"claims"});
  CHECK_HAS(squeezed(before), "web 2023-05 claimable 99.998133213859 % 0.011 % 24 10 % 184.50 USD");
  CHECK_HAS(before, "not sealed yet");
  CHECK_HAS(before, "\nNext:\n  recoup claims seal\n  recoup claim --agreement web");
  const std::vector<std::string> assess{"assess", "--agreement", "web", "--month", kLongAgo};
  CHECK_HAS(folder.done(assess), "  sealed     not yet; it is due from 2023-06-02T00:00:00Z on\n");

  const std::string sealed = folder.done({"claims", "seal"});
  CHECK_HAS(sealed,
            "web 2023-05: sealed as revision 1\n  uptime   99.998133213859 %, by 24 Requests\n"
            "  credit   10 % of the charges = 184.50 USD to claim\n  digest   ");
  CHECK_HAS(sealed, "  signed   no: recoup.toml names no signing_key\n");
  CHECK_HAS(sealed, "old: nothing was seen yet");
  CHECK_HAS(folder.done({"claims", "seal", "--agreement", "web"}),
            "web: 1 month is as sealed before");
  const json row = folder.only_row();
  CHECK(row["sealed"]["revision"] == 1);
  CHECK(row["seal_due"].is_null());
  CHECK(row["amount"] == json({{"amount", "184.50"}, {"currency", "USD"}}));
  CHECK_HAS(folder.done(assess), ", revision 1\n");

  folder.import(kLateMay);
  CHECK_HAS(folder.done({"claims"}), "revision 1, to be sealed again");
  const std::string differs = folder.done(assess);
  CHECK_HAS(differs, "  sealed     differs from its seal of ");
  CHECK_HAS(differs, ", revision 1 (Requests: 48, before 24; and 2 more): see recoup claims seal");
  const std::string again =
      folder.done({"claims", "seal", "--month", kLongAgo, "--agreement", "web"});
  CHECK_HAS(again,
            "web 2023-05: sealed as revision 2\n  changed  Requests: 48, before 24\n"
            "  changed  Errors: 8, before 4\n"
            "  changed  Monthly Uptime Percentage: 99.996266427718 %, before 99.998133213859 %\n"
            "  changed  log file imported: counts.csv\n");
  CHECK_HAS(folder.done(assess), ", revision 2\n");
  CHECK(folder.only_row()["sealed"]["revision"] == 2);
}

TEST_CASE("what is not over is not sealed, and the program says until when") {
  const Claims folder;
  const Finished ahead =
      folder.recoup({"claims", "seal", "--agreement", "web", "--month", "2999-01"});
  CHECK(ahead.status == 1);
  CHECK_HAS(ahead.out, "web 2999-01: not due until 2999-02-02T00:00:00Z");
  const Finished none =
      folder.recoup({"claims", "seal", "--agreement", "web", "--month", "2023-01"});
  CHECK(none.status == 1);
  CHECK_HAS(none.out, "web 2023-01: nothing was seen then");
}

TEST_CASE("a key of the settings signs the seals") {
  const Claims folder("signing_key = \"seal.pem\"\n");
  const Finished without = folder.recoup({"claims", "seal"});
  CHECK(without.status == 2);
  CHECK_HAS(without.err, "seal.pem");
  REQUIRE(run({"openssl", "genpkey", "-algorithm", "ed25519", "-out", folder.dir.file("seal.pem")},
              folder.dir.path().string())
              .status == 0);
  const std::string sealed = folder.done({"claims", "seal"});
  CHECK_HAS(sealed, "  signed   by ");
  CHECK(folder.only_row()["sealed"]["signed"] == true);
}

TEST_CASE("a claim is marked as submitted and credited, with its case and amount") {
  Claims folder;
  folder.done({"claims", "seal"});
  CHECK(folder.state() == "claimable");
  CHECK(folder.mark({"written"}));
  CHECK_HAS(folder.said, "next: send it, then: recoup claims mark --agreement web");
  CHECK(folder.state() == "written");
  CHECK(folder.mark({"submitted"}));
  CHECK_HAS(folder.said, "the same again with --case ID");
  CHECK(folder.mark({"submitted", "--case", "4242", "--note", "by the console"}));
  CHECK_HAS(folder.said,
            "web 2023-05: submitted, 184.50 USD, case 4242\n   the credit is due before ");
  CHECK_FALSE(has(folder.said, "--case ID"));
  CHECK(folder.state() == "submitted");
  CHECK(folder.only_row()["case"] == "4242");
  CHECK(folder.mark({"credited"}));
  CHECK_HAS(folder.said, "note how much it was");
  CHECK(folder.mark({"credited", "--amount", "150.25"}));
  const json row = folder.only_row();
  CHECK(row["state"] == "credited_in_part");
  CHECK(row["credited"] == json({{"amount", "150.25"}, {"currency", "USD"}}));
  CHECK(row["amount"]["amount"] == "184.50");
  const std::string list = folder.done({"claims"});
  CHECK_HAS(list, "credited in part  99.998133213859 %");
  CHECK_HAS(list, "150.25 USD");
  CHECK_HAS(list, "web 2023-05: credited 81 % of the 184.50 USD asked for; dispute it");
  CHECK(folder.mark({"settled"}));
  CHECK(folder.state() == "credited");
  CHECK_FALSE(has(folder.done({"claims"}), "Next:"));
}

TEST_CASE("a step is noted for when it was taken, in the order of the steps") {
  Claims folder;
  CHECK(folder.mark({"submitted", "--case", "4242", "--at", "2023-06-20"}));
  CHECK_FALSE(folder.mark({"credited", "--at", "2023-06-19T23:59:59Z"}));
  CHECK_HAS(folder.complaint,
            "expected a time after the step before, submitted at 2023-06-20T00:00:00Z, got --at "
            "2023-06-19T23:59:59Z");
  CHECK_FALSE(folder.mark({"credited", "--at", "2999-01-01"}));
  CHECK_HAS(folder.complaint, "expected a time that has come, got --at 2999-01-01T00:00:00Z");
  CHECK(folder.mark({"credited", "--at", "2023-06-20T00:00:00Z", "--amount", "184.50"}));
  CHECK(folder.state() == "credited");
  const Finished wrong = folder.recoup(
      {"claims", "mark", "--agreement", "web", "--month", kLongAgo, "credited", "--at", "someday"});
  CHECK(wrong.status == 2);
  CHECK_HAS(wrong.err, "expected a time, got 'someday'");
}

TEST_CASE("a claim that is written again keeps what was credited, and says that it was") {
  const Claims folder;
  folder.done({"import", "--agreement", "old", "--format", "counts", "counts.csv"});
  const std::vector<std::string> of{"--agreement", "old", "--month", kLongAgo};
  const auto with = [&](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), of.begin(), of.end());
    words.insert(words.end(), more.begin(), more.end());
    return folder.recoup(words);
  };
  // Counts alone have no record of a request, and the month is long ago: both has to be accepted.
  const auto write = [&](const std::string& out) {
    return with({"claim"}, {"--out", out, "--accept", "missing-records", "--accept", "late"});
  };
  const auto mark = [&](const std::vector<std::string>& more) {
    return with({"claims", "mark"}, more).status == 0;
  };
  CHECK_FALSE(has(write("one").err, "already"));
  CHECK(mark({"submitted", "--case", "4242"}));
  const Finished added = write("two");
  CHECK(added.status == 0);
  CHECK_HAS(
      added.err,
      "warning: old 2023-05 was submitted already, case 4242; send these files only to add to the "
      "case\n");
  CHECK(mark({"credited", "--amount", "150.25"}));
  const Finished again = write("three");
  CHECK(again.status == 0);
  CHECK_HAS(again.err,
            "warning: old 2023-05 was credited in part already, case 4242: 150.25 USD; that stays "
            "noted: send "
            "these files only to ask for what is missing\n");
  const json row = json::parse(folder.done({"claims", "--agreement", "old", "--json"})).at(0);
  CHECK(row["state"] == "credited_in_part");
  CHECK(row["credited"] == json({{"amount", "150.25"}, {"currency", "USD"}}));
}

TEST_CASE("a wrong mark is taken back by unmark, and the one before it holds again") {
  Claims folder;
  folder.done({"claims", "seal"});
  const std::vector<std::string> unmark{"claims", "unmark",  "--agreement",
                                        "web",    "--month", kLongAgo};
  const Finished none = folder.recoup(unmark);
  CHECK(none.status == 1);
  CHECK_HAS(none.err, "web 2023-05: error: expected a step of the claim to take back, got none");
  CHECK(folder.mark({"submitted", "--case", "4242"}));
  CHECK(folder.mark({"credited", "--amount", "20"}));
  CHECK_FALSE(folder.mark({"refused"}));
  CHECK_HAS(folder.complaint, "what was noted by mistake is taken back by recoup claims unmark");
  const std::string taken_back = folder.done(unmark);
  CHECK_HAS(taken_back,
            "taken back: web 2023-05: credited, 20.00 USD; the history keeps both\n"
            "   it is submitted again\n   next: when it is decided: ");
  CHECK(folder.state() == "submitted");
  CHECK(folder.only_row()["credited"].is_null());
  CHECK(folder.mark({"refused"}));
  folder.done(unmark);
  folder.done(unmark);
  CHECK(folder.state() == "claimable");
}

TEST_CASE("years without a measurement are one line, and a silent month is not called 100 %") {
  Claims folder;
  folder.import("minute,outcome,count\n2019-03-05T00:00:00Z,200,1\n");
  folder.import("minute,outcome,count\n2023-07-05T00:00:00Z,dns,1\n");
  const std::string sealed = folder.done({"claims", "seal"});
  CHECK_HAS(sealed, "web 2023-05: sealed as revision 1");
  CHECK_FALSE(has(sealed, "web 2023-06"));
  CHECK_FALSE(has(sealed, "web 2023-07"));
  const std::string list = folder.done({"claims"});
  CHECK_HAS(list, "  web: 50 months without any measurement: 2019-04 to 2023-04, 2023-06\n");
  CHECK_HAS(list, "web        2023-07  not measured");
  CHECK_FALSE(has(list, "2023-06  "));
  CHECK_FALSE(has(list, "recoup claims seal\n"));
  const json rows = json::parse(folder.done({"claims", "--agreement", "web", "--json"}));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0]["requests"] == 1);
  CHECK(rows[2]["state"] == "unmeasured");
  CHECK(rows[2]["requests"] == 0);
  CHECK(rows[2]["monthly_uptime"].is_null());
  CHECK_FALSE(folder.mark({"submitted"}, "2023-07"));
  CHECK_HAS(folder.complaint, "got one that was not measured");
}

TEST_CASE("a claim that was refused can be submitted again, one that is withdrawn is claimable") {
  Claims folder;
  folder.done({"claims", "seal"});
  CHECK(folder.mark({"submitted", "--case", "1"}));
  CHECK(folder.mark({"refused"}));
  CHECK(folder.state() == "refused");
  CHECK(folder.mark({"submitted", "--case", "2"}));
  CHECK(folder.only_row()["case"] == "2");
  CHECK(folder.mark({"withdrawn"}));
  CHECK(folder.state() == "claimable");
}

TEST_CASE("steps in a wrong order are refused and say which may be taken") {
  Claims folder;
  folder.done({"claims", "seal"});
  CHECK_FALSE(folder.mark({"credited", "--amount", "1"}));
  CHECK_HAS(folder.complaint,
            "web 2023-05: error: expected written or submitted for a claim that is claimable, got "
            "credited\nhelp: mark it as submitted first, with the case's id\n");
  CHECK_FALSE(folder.mark({"withdrawn"}));
  CHECK_FALSE(folder.mark({"submitted"}, "2023-04"));
  CHECK_HAS(folder.complaint, "expected a month with something to claim");
  CHECK_HAS(folder.complaint, "recoup assess --agreement web --month 2023-04 says why");
  CHECK(folder.state() == "claimable");
}

TEST_CASE("a month can be marked before it is sealed, and a running one cannot") {
  Claims folder;
  CHECK(folder.mark({"submitted", "--case", "7"}));
  CHECK(folder.state() == "submitted");
  CHECK(folder.only_row()["sealed"].is_null());
  CHECK_FALSE(folder.mark({"submitted"}, "2999-01"));
}

TEST_CASE("a contract's deadlines stand in the list, and what they ended is expired") {
  const Claims folder;
  write_text(folder.dir.file("old.csv"), kMay);
  folder.done({"import", "--agreement", "old", "--format", "counts", "old.csv"});
  folder.done({"claims", "seal"});
  CHECK_HAS(
      squeezed(folder.done({"claims", "--agreement", "old"})),
      "old 2023-05 expired 99.998133213859 % 0.011 % 24 10 % 184.50 USD 2023-07-01 2023-08-01");
  const json row = json::parse(folder.done({"claims", "--agreement", "old", "--json"})).at(0);
  CHECK(row["deadline"] ==
        json({{"safe", "2023-07-01T00:00:00Z"}, {"literal", "2023-08-01T00:00:00Z"}}));
  CHECK(row["days_left"] < 0);
}

TEST_CASE("a claim that is written too late says so") {
  const Claims folder;
  folder.done({"import", "--agreement", "old", "--format", "counts", "counts.csv"});
  const std::vector<std::string> words{"claim",    "--agreement",    "old", "--month", kLongAgo,
                                       "--accept", "missing-records"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return folder.recoup(more);
  };
  const Finished refused = with({"--out", "claim"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "had to be received before 2023-08-01T00:00:00Z"));
  CHECK(has(refused.err, "--accept late"));

  const Finished checked = with({"--check", "--json"});
  CHECK(checked.status == 1);
  const json readiness = json::parse(checked.out);
  CHECK(readiness["ready"] == false);
  CHECK(readiness["refusals"].empty());
  CHECK(readiness["lacks"][0]["accept"] == "missing-records");
  CHECK(readiness["lacks"][1]["accept"] == "late");
  const Finished told = with({"--check", "--accept", "late"});
  CHECK(told.status == 0);
  CHECK(has(told.out, "accepted: it is too late"));
  CHECK(has(told.out, "the claim of old, "));
  CHECK(with({"--check", "--out", "claim"}).status == 2);
  CHECK(with({}).status == 2);
  CHECK(with({"--out", "claim", "--accept", "anything"}).status == 2);
  CHECK_FALSE(std::filesystem::exists(folder.dir.file("claim")));

  const std::string out = with({"--out", "claim", "--accept", "late"}).out;
  CHECK(has(read_text(folder.dir.file("claim.notes.md")),
            "**Accepted by you (late):** it is too late"));
  CHECK(has(out, "too late: by either reading it had to be received before 2023-08-01T00:00:00Z"));
}

TEST_CASE("months before the contract's oldest version are counted, and not sealed") {
  const Claims folder;
  write_text(folder.dir.file("old.csv"),
             "minute,outcome,count\n2018-11-03T02:00:00Z,503,1\n2019-02-03T02:00:00Z,503,1\n");
  folder.done({"import", "--agreement", "old", "--format", "counts", "old.csv"});
  const std::string list = folder.done({"claims", "--agreement", "old"});
  CHECK_HAS(list,
            "old: 1 more cannot be judged: expected a month under a known version of aws-kms");
  const std::string sealed = folder.done({"claims", "seal", "--agreement", "old"});
  CHECK_HAS(sealed, "old 2019-02: sealed as revision 1");
  CHECK_HAS(sealed, "old: 1 month is before the contract's oldest known version and not sealed");
}

TEST_CASE("words about claims that mean nothing are exit 2") {
  const Claims folder;
  struct Row {
    std::vector<std::string> words;
    const char* complaint;
  };
  const std::vector<std::string> mark{"claims", "mark", "--agreement", "web", "--month", kLongAgo};
  const auto marked = [&](std::vector<std::string> more) {
    more.insert(more.begin(), mark.begin(), mark.end());
    return more;
  };
  for (const Row& row :
       {Row{{"claims", "--agreement", "wed"}, "expected an agreement of "},
        Row{{"claims", "seal", "--agreement", "wed"}, "expected an agreement of "},
        Row{{"claims", "mark", "--agreement", "wed", "--month", "2023-05", "written"},
            "expected an agreement of "},
        Row{{"claims", "--agreement", "web", "seal"}, "excludes"},
        Row{{"claims", "mark", "submitted"}, "--agreement is required"},
        Row{marked({}), "STEP is required"},
        Row{marked({"lost"}),
            "expected written, submitted, confirmed, credited, refused, disputed, settled or "
            "withdrawn, got 'lost'"},
        Row{marked({"submitted", "--amount", "-1"}), "expected an amount of money like 184.50"},
        Row{marked({"submitted", "--amount", "1", "--currency", "dollars"}),
            "expected a currency like USD, got 'dollars'"},
        Row{marked({"submitted", "--currency", "USD"}), "requires --amount"}}) {
    const Finished refused = folder.recoup(row.words);
    INFO(row.complaint);
    CHECK(refused.status == 2);
    CHECK_HAS(refused.err, row.complaint);
  }
  CHECK(folder.state() == "claimable");
}

TEST_CASE("the running service seals what is due by itself, and its metrics count the claims") {
  const int port = free_port();
  const Claims folder(fmt::format("listen = \"127.0.0.1:{}\"\n", port));
  Process service({recoup_binary(), "run", "--config", folder.dir.file("recoup.toml")},
                  folder.dir.path().string());
  const std::string url = fmt::format("http://127.0.0.1:{}/metrics", port);
  std::string page;
  const bool counted = eventually([&] {
    page = http_get(url);
    return has(page, "recoup_sealed_cycles{agreement=\"web\"} 1\n");
  });
  INFO(page << service.err());
  REQUIRE(counted);
  CHECK_HAS(page, "recoup_claims{agreement=\"web\",state=\"claimable\"} 1\n");
  CHECK_HAS(page, "recoup_claims{agreement=\"old\",state=\"claimable\"} 0\n");
  CHECK_HAS(page, "recoup_seal_revisions{agreement=\"web\"} 1\n");
  CHECK_HAS(
      page,
      "recoup_open_claim_amount{agreement=\"web\",month=\"2023-05\",currency=\"USD\"} 184.5\n");
  CHECK_HAS(page, "recoup_ledger_errors_total{operation=\"seal\"} 0\n");
  CHECK(folder.only_row()["sealed"]["revision"] == 1);
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
}

namespace {

std::string bill_row(const std::string& month, const std::string& next, const std::string& cost,
                     const std::string& category, const std::string& words,
                     const std::string& class_ = {}, const std::string& used = {}) {
  return fmt::format(
      "AWS,AWS Key Management Service,us-east-1,{0}-01T00:00:00Z,{1}-01T00:00:00Z,{2},USD,{3},{4},"
      "999999999999,123456789012,{5}-03T00:00:00Z,{6}\n",
      month, next, cost, category, class_, used.empty() ? month : used, words);
}

constexpr const char* kBillHeader =
    "ProviderName,ServiceName,RegionId,BillingPeriodStart,BillingPeriodEnd,BilledCost,"
    "BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,SubAccountId,ChargePeriodStart,"
    "ChargeDescription\n";

// The charges are those of the bills in its folder.
struct Billed : Folder {
  Billed()
      : Folder(
            "rules = \"rules\"\n[[agreement]]\nid = \"web\"\nsla = \"kms-any-time\"\n"
            "account = \"123456789012\"\nregion = \"us-east-1\"\n[agreement.charges]\n"
            "bill = { format = \"focus\", path = \"bills/*.csv\" }\n") {
    std::filesystem::create_directory(dir.path() / "rules");
    std::filesystem::create_directory(dir.path() / "bills");
    write_text(dir.file("rules/kms-any-time.toml"), rule_without_deadline());
    bill("2023-05", "2023-06", bill_row("2023-05", "2023-06", "1845", "Usage", "keys"));
    import(kMay);
  }

  void bill(const std::string& month, const std::string& next, const std::string& rows) const {
    write_text(dir.file("bills/" + month + ".csv"),
               kBillHeader + bill_row(month, next, "5", "Usage", "more keys") + rows);
  }

  void mark(std::vector<std::string> words) const {
    words.insert(words.begin(), {"claims", "mark", "--agreement", "web", "--month", kLongAgo});
    done(words);
  }

  json row() const { return json::parse(done({"claims", "--json"})).at(0); }
  json reconciled(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"claims", "reconcile", "--json"});
    return json::parse(done(more));
  }
};

}  // namespace

TEST_CASE("a claim's year: written, submitted, overdue, credited 60 % by a later bill, disputed") {
  const Billed folder;
  // 5 of usage more are in May's own bill.
  CHECK(folder.row()["amount"]["amount"] == "185.00");
  folder.mark({"written", "--at", "2023-06-04"});
  folder.mark({"submitted", "--case", "4242", "--at", "2023-06-05"});
  json row = folder.row();
  CHECK(row["state"] == "overdue");
  CHECK(row["submitted"] == "2023-06-05T00:00:00Z");
  CHECK(row["credit_due"] == "2023-08-01T00:00:00Z");
  CHECK(row["asked"]["amount"] == "185.00");
  CHECK_HAS(folder.done({"claims"}), "web 2023-05: overdue since 2023-08-01T00:00:00Z");
  CHECK(folder.reconciled()["credits"].empty());
  CHECK_HAS(folder.done({"claims", "reconcile"}), "On no bill so far:\n  web 2023-05: overdue");

  // The credit comes late and short, beside another one.
  folder.bill("2023-08", "2023-09",
              bill_row("2023-08", "2023-09", "-25", "Credit", "AWS Promotional Credit") +
                  bill_row("2023-08", "2023-09", "-111", "Credit", "SLA credit for KMS"));
  const std::string told = folder.done({"claims", "reconcile"});
  CHECK_HAS(told,
            "web 2023-05: overdue, 111.00 USD credited: its words name a service level\n"
            "   60 % of the 185.00 USD asked for\n");
  CHECK_HAS(told, "bills/2023-08.csv:4  2023-08  -111.00 USD  \"SLA credit for KMS\"");
  CHECK_HAS(told,
            "to note it: recoup claims mark --agreement web --month 2023-05 credited --amount "
            "111.00 --currency USD --at 2023-09-01T00:00:00Z --note '2023-08.csv:4: -111.00 USD, "
            "SLA credit for KMS'");
  CHECK_HAS(told,
            "-25.00 USD  \"AWS Promotional Credit\"\n     its words are those of another kind");
  CHECK(folder.row()["state"] == "overdue");
  CHECK(folder.reconciled({"--mark"})["credits"][0]["marked"] == true);
  row = folder.row();
  CHECK(row["state"] == "credited_in_part");
  CHECK(row["credited"]["amount"] == "111.00");
  CHECK(row["credited_percent"] == "60.000000000000");
  CHECK_HAS(folder.done({"claims"}),
            "web 2023-05: credited 60 % of the 185.00 USD asked for; dispute it");
  CHECK_HAS(squeezed(folder.done({"claims", "--totals"})),
            "2023 aws credited in part 1 185.00 USD 111.00 USD");
  CHECK(folder.reconciled()["known"] == 1);

  // The rest, of a bill that is named, after a dispute.
  folder.mark({"disputed", "--at", "2023-09-10"});
  CHECK(folder.row()["state"] == "disputed");
  write_text(folder.dir.file("late.csv"),
             kBillHeader + bill_row("2023-11", "2023-12", "-74", "Credit", "case 4242"));
  const json rest = folder.reconciled({"--mark", "late.csv"});
  CHECK(rest["credits"][0]["given"]["amount"] == "74.00");
  CHECK(rest["credits"][0]["credited"]["amount"] == "185.00");
  CHECK(folder.row()["state"] == "credited");
  CHECK(json::parse(folder.done({"claims", "--totals", "--json"})) ==
        json::parse(R"([{"year":2023,"provider":"aws","state":"credited","currency":"USD",)"
                    R"("claims":1,"amount":"185.00","credited":"185.00"}])"));
}

TEST_CASE(
    "a correction in a later bill changes what is claimed, and is told of what was submitted") {
  const Billed folder;
  const std::string correction =
      bill_row("2023-07", "2023-08", "-850", "Usage", "rate", "Correction", "2023-05");
  folder.bill("2023-07", "2023-08", correction);
  CHECK(folder.row()["amount"]["amount"] == "100.00");
  CHECK_HAS(folder.done({"claims", "reconcile"}),
            "it was not submitted yet: the claim is of 100.00 USD now");
  folder.mark({"submitted", "--at", "2023-07-05"});
  folder.bill("2023-07", "2023-08", "");
  CHECK(folder.row()["corrected"] == true);
  folder.bill("2023-07", "2023-08", correction + correction);
  CHECK_HAS(folder.done({"claims", "reconcile"}),
            "it was submitted with 100.00 USD, and would be of 15.00 USD now");
  CHECK_HAS(folder.done({"claims"}),
            "the charges were corrected since: 100.00 USD was asked for, and it would be 15.00 USD "
            "now");
}

TEST_CASE("what a provider refused is noted with its words, and a notice is sent on demand") {
  Claims folder("[notify]\ncommand = [\"sh\", \"-c\", \"cat > told.json\"]\n");
  folder.mark({"submitted", "--case", "1"});
  CHECK(folder.mark({"refused", "--why", "our monitoring shows no errors"}));
  CHECK(folder.only_row()["why"] == "our monitoring shows no errors");
  CHECK_HAS(folder.done({"claims"}), "web 2023-05: refused: our monitoring shows no errors");
  CHECK_HAS(folder.done({"notify", "--test"}),
            "sh took the notice\n{\"schema\":1,\"kind\":\"test\"");
  CHECK(json::parse(read_text(folder.dir.file("told.json")))["kind"] == "test");
  const Finished nobody = Claims().recoup({"notify", "--test"});
  CHECK(nobody.status == 2);
  CHECK_HAS(nobody.err, "expected somebody to tell, got no [notify]");
}

TEST_CASE("the running service tells a webhook of a month that can be claimed, once") {
  LoopbackServer server([](const auto&) { return LoopbackServer::Reply{204}; });
  const int port = free_port();
  const Claims folder(fmt::format("listen = \"127.0.0.1:{}\"\n[notify]\nwebhook = \"{}\"\n", port,
                                  server.url("/hunter2")));
  const auto run_until = [&](const std::function<bool()>& done) {
    Process service({recoup_binary(), "run", "--config", folder.dir.file("recoup.toml")},
                    folder.dir.path().string());
    const bool came = eventually(done);
    INFO(service.err());
    CHECK(came);
    CHECK_FALSE(has(service.err(), "hunter2"));
  };
  run_until([&] { return !server.requests().empty(); });
  const json told = json::parse(server.requests()[0].body);
  CHECK(told["kind"] == "claimable");
  CHECK(told["agreement"] == "web");
  CHECK(told["month"] == kLongAgo);
  CHECK_HAS(told["next"].get<std::string>(), "recoup claim --agreement web --month 2023-05");
  // After a restart it is known that it was told.
  const std::string url = fmt::format("http://127.0.0.1:{}/metrics", port);
  run_until([&] {
    const std::string page = http_get(url);
    return has(page, "recoup_sealed_cycles{agreement=\"web\"} 1\n") &&
           has(page, "recoup_notices_waiting 0\n");
  });
  CHECK(server.requests().size() == 1);
}
