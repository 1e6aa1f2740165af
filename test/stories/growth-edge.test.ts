import { afterAll, beforeAll, test } from 'vitest'
import { startEdge } from '../browser/stage.ts'
import { ATTACKS, type Attack, costsWhatHarmlessBytesDo } from '../routes/complexity-attacks.ts'

// The same attacks on a real workerd, timed from outside: inside, its clock stands still while it works.

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
}, 90_000)
afterAll(() => edge?.close())

/** Each request comes from a network of its own: what is timed is the work, not the rate limit that spares it. */
let sent = 0
const nextNetwork = (): string => `10.${sent >> 8}.${sent++ & 255}.1`

const send = async (attack: Attack): Promise<number> => {
  // Who sends more than is read may meet a closed connection before the 413.
  for (let tries = 1; ; tries++) {
    try {
      return await post(attack)
    } catch (error) {
      if (attack.status !== 413 || tries === 5) throw error
    }
  }
}

const post = async ({ path, type, body, headers }: Attack): Promise<number> => {
  const answer = await fetch(edge.origin + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'Content-Type': type,
      Accept: 'text/html',
      Origin: edge.origin,
      'CF-Connecting-IP': nextNetwork(),
      ...headers,
    },
    body,
  })
  await answer.arrayBuffer()
  return answer.status
}

test.each(ATTACKS)('on workerd %s costs what harmless bytes of its size do', (_name, attack) =>
  costsWhatHarmlessBytesDo(send, attack),
)
