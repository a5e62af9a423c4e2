// Counts CloudTrail records by minute and errorCode with DuckDB on one thread, three times over.
//
//   node trail.mjs FOLDER
//
// Prints the median processor time of a query in seconds, all records, and those with an error.
import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
await connection.run('SET threads = 1')
// Told the type, it need not look at the files before it reads them, and it takes these keys alone.
const query = `
  SELECT substr(record.eventTime, 1, 16) AS minute, record.errorCode AS error, count(*) AS records
  FROM (SELECT unnest(Records) AS record
        FROM read_json('${process.argv[2]}/*.json.gz', maximum_object_size = 134217728, columns = {
          Records: 'STRUCT(eventTime VARCHAR, eventSource VARCHAR, errorCode VARCHAR)[]'}))
  GROUP BY ALL`
const seconds = []
let records = 0
let errors = 0
for (let round = 0; round < 3; ++round) {
  const before = process.cpuUsage()
  const rows = (await connection.runAndReadAll(query)).getRows()
  const spent = process.cpuUsage(before)
  seconds.push((spent.user + spent.system) / 1e6)
  records = rows.reduce((sum, row) => sum + Number(row[2]), 0)
  errors = rows.reduce((sum, row) => sum + (row[1] === null ? 0 : Number(row[2])), 0)
}
seconds.sort((a, b) => a - b)
console.log(seconds[1], records, errors)
