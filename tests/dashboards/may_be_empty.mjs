// What may return nothing in a healthy demo of some minutes, and why. What such an expression names
// must still be there, but for the metrics in `absent`.
const noCharges = "the demo knows the charges of last month only";
const healthy = "a healthy prober raises no alarm";
const short = "two minutes of the demo's faults may lose less than 0.001 % of a month";
const absent = ["recoup_service_credit_amount"];
const noLogs = {
  why: "the demo follows no log",
  absent: [
    "recoup_log_silent",
    "recoup_log_newest_record_timestamp_seconds",
    "recoup_log_files",
    "recoup_log_problem_files",
    "recoup_log_records_total",
  ],
};

const reasons = [
  { name: /^recoup-overview: Credit of running cycles\/A$/, why: noCharges, absent },
  { name: /^recoup-overview: Credit of running cycles$/, why: "the same, its only query" },
  { name: /^recoup-overview: Agreements, worst first\/F$/, why: noCharges, absent },
  { name: /^recoup-overview: Agreements, worst first\/column currency$/, why: "its label" },
  { name: /^recoup-agreement: Service Credit\/B$/, why: noCharges, absent },
  {
    name: /^recoup-agreement: The month, an hour a cell\/H\d\d$/,
    why: "the demo runs in one or two hours of the day; one row at least has data",
  },
  {
    name: /^recoup-agreement: Intervals below 100 %(\/A|\/column instance)?$/,
    why: "an interval takes five minutes until it is over",
  },
  { name: /^recoup-prober: RecoupProbesMissed$/, why: healthy },
  { name: /^recoup-prober: RecoupProbeBudgetSpent$/, why: healthy },
  {
    name: /^recoup-prober: RecoupTimestampsMissing$/,
    why: "nobody signs the time of the demo",
    absent: ["recoup_timestamps_waiting"],
  },
  { name: /^recoup-prober: RecoupSettingsRefused$/, why: healthy },
  {
    name: /^recoup-prober: RecoupTargetsRefused$/,
    why: "the demo has no list of targets",
    absent: ["recoup_target_list_successful"],
  },
  { name: /^recoup-prober: RecoupLedgerFailing$/, why: healthy },
  {
    name: /^recoup-prober: RecoupCredentialsMissing$/,
    why: "the demo signs nothing",
    absent: ["recoup_credentials_ready"],
  },
  {
    name: /^recoup-prober: RecoupCheckFailing$/,
    why: "the demo checks nothing beside its contracts",
    absent: ["recoup_check_failed"],
  },
  { name: /^recoup-prober: RecoupRequestsRefused$/, why: healthy },
  {
    name: /^recoup-prober: RecoupLossSeenFrom(Several|Few)$/,
    why: "the demo has one vantage point, which has nobody to vote with",
    absent: ["recoup_lost_intervals"],
  },
  { name: /^recoup-prober: RecoupNobodyJudges$/, why: healthy },
  { name: /^recoup-contracts: RecoupFailuresNotCounted$/, why: healthy },
  { name: /^recoup-prober: RecoupLedgerUnwritable$/, why: healthy },
  { name: /^recoup-prober: RecoupEvidenceDropped$/, why: healthy },
  { name: /^recoup-prober: RecoupClockStepped$/, why: healthy },
  { name: /^recoup-prober: RecoupVantageSilent$/, why: healthy },
  { name: /^recoup-prober: RecoupAgreementNotProbed$/, why: healthy },
  { name: /^recoup-prober: RecoupSourceSilent$/, ...noLogs },
  { name: /^recoup-prober: Followed logs, silent first/, ...noLogs },
  { name: /^recoup-prober: Records of logs, by what became of them/, ...noLogs },
  { name: /^recoup-prober: RecoupLogUnreadable$/, ...noLogs },
  { name: /^recoup-contracts: RecoupClaimDeadlineNear$/, why: "it depends on the day of the month" },
  {
    name: /^recoup-agreement: Credits that are awaited/,
    why: "nobody submitted a claim of the demo",
    absent: ["recoup_claim_credit_due_timestamp_seconds", "recoup_claim_credited_ratio"],
  },
  {
    name: /^recoup-contracts: RecoupCreditOverdue$/,
    why: "nobody submitted a claim of the demo",
    absent: ["recoup_claim_credit_due_timestamp_seconds"],
  },
  { name: /^recoup-contracts: RecoupCreditShort$/, why: "nor was one credited" },
  {
    name: /^recoup-prober: RecoupNoticesFailing$/,
    why: "the demo tells nobody",
    absent: ["recoup_notices_waiting"],
  },
  { name: /^recoup-contracts: RecoupContractBreached$/, why: short },
  { name: /^recoup-contracts: RecoupBreachCertain$/, why: short },
  {
    name: /^recoup-recorded-uptime: /,
    why: "one sample every five minutes; its own test simulates a month",
  },
];
const met = new Set();

// Why what has that name may be empty; nothing if it may not.
export function emptyReason(name) {
  const reason = reasons.find((r) => r.name.test(name));
  if (reason) met.add(reason);
  return reason;
}

// The reasons for what there is not.
export const staleReasons = () => reasons.filter((r) => !met.has(r)).map((r) => `${r.name}`);
