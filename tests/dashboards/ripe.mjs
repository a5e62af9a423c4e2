// Waits until Prometheus servers have seen enough of the demo to be asked everything:
//
//   node ripe.mjs WITH-RULES-URL WITHOUT-RULES-URL
//
// Two minutes of samples, with what the demo's provider does in each of them, and the slowest of
// the rules. The status is 1 if that does not come in three minutes.
import { setTimeout } from "node:timers/promises";

const [withRules, withoutRules] = process.argv.slice(2);
if (!withoutRules) {
  console.error("usage: node ripe.mjs WITH-RULES-URL WITHOUT-RULES-URL");
  process.exit(2);
}
const kScraped = "min(count_over_time(recoup_monthly_uptime_ratio[10m])) >= 120";
const conditions = [
  [withRules, kScraped],
  [withoutRules, kScraped],
  [withRules, "sum(increase(recoup_errors_total[2m])) > 0"],
  [withRules, "agreement:recoup_budget_burn:ratio_rate6h"],
];

async function holds([server, query]) {
  try {
    const answer = await fetch(`${server}/api/v1/query?${new URLSearchParams({ query })}`);
    return (await answer.json()).data.result.length > 0;
  } catch {
    return false; // it may not have started yet
  }
}

const end = Date.now() + 180_000;
for (const condition of conditions) {
  while (!(await holds(condition))) {
    if (Date.now() > end) {
      console.error(`not in three minutes: ${condition.join(" ")}`);
      process.exit(1);
    }
    await setTimeout(500);
  }
}
