/** Preloaded into a measured process (`--import`): answers its parent with its own CPU and the longest block of its event loop. */

export interface Probed {
  /** CPU of all threads of the process since it started, microseconds. */
  cpu: number
  /** From the first `watch` on: the most that the main thread worked between two turns of the loop, ms of CPU, since the last question. */
  block: number
}

/** CPU of the main thread, ms: a busy machine that takes the processor away adds nothing. */
const worked = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

let block = 0
let last = 0
const turn = () => {
  const now = worked()
  block = Math.max(block, now - last)
  last = now
}
const watch = () => {
  last = worked()
  setInterval(turn, 1).unref()
}

process.on('message', question => {
  if (question === 'watch') watch()
  if (question !== 'probe') return
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, block } satisfies Probed)
  block = 0
  last = worked()
})
// A bench that failed leaves no server behind.
process.on('disconnect', () => process.kill(process.pid))
// The channel alone must not keep the process alive.
process.channel?.unref()
