// `npm run year -- 5000`: a simulated year of so many complaints, and what it leaves in each table.

import { formatTables, liveAYear } from './year.ts'

const complaints = Number(process.argv[2] ?? 5000)
if (!Number.isSafeInteger(complaints) || complaints < 1) throw new Error('npm run year -- NUMBER')
const { tables, ...figures } = await liveAYear(complaints, console.log)
console.log(formatTables(tables))
console.log(figures)
