// `npm run kills -- 1000`: kills the server so often, and exits with 1 if an acknowledged step was lost.

import { killAgainAndAgain } from './kills.ts'

const kills = Number(process.argv[2] ?? 100)
if (!Number.isSafeInteger(kills) || kills < 1) throw new Error('npm run kills -- NUMBER')
const result = await killAgainAndAgain(kills, console.log)
console.log(result)
const { missing, changed, monitor } = result
process.exitCode = missing + changed + monitor.filter(code => code !== 0).length === 0 ? 0 : 1
