import { test } from 'vitest'
import { useServer } from '../support/server.ts'
import { ATTACKS, type Attack, costsWhatHarmlessBytesDo } from './complexity-attacks.ts'

// Complexity attacks: what a stranger sends may not cost much more than harmless bytes of the same size. Times are compared
// within one run, never with a number of seconds. On workerd: test/stories/growth-edge.test.ts.

const server = useServer()

const send = async ({ path, type, body, headers }: Attack): Promise<number> =>
  (await server.send(path, body, { 'Content-Type': type, Accept: 'text/html', ...headers })).status

test.each(ATTACKS)('%s costs what harmless bytes of its size do', (_name, attack) =>
  costsWhatHarmlessBytesDo(send, attack),
)
