import { cosign } from '../../log/cosignature.ts'
import { formatSignature, type VerifierKey } from '../../log/note.ts'
import type { SecretKey } from '../secret-key.ts'
import { type Answer, judge, readRequest } from './judge.ts'
import type { Memory } from './memory.ts'

interface WitnessOptions {
  key: SecretKey
  /** Keys of the logs that it watches; their names are the origins. */
  logs: readonly VerifierKey[]
  memory: Memory
  /** UTC ms. */
  now(): number
}

/** C2SP tlog-witness, `add-checkpoint`: the answer to one request body. */
export const addCheckpoint = async (body: string, { key, logs, memory, now }: WitnessOptions): Promise<Answer> => {
  const request = await readRequest(body, logs)
  if ('status' in request) return request
  const { origin } = request.tree
  // Check, memory and signature are one act, so that cosignatures bear times in the order of the trees.
  return memory.alone(async () => {
    const refusal = judge(request, memory.last(origin))
    if (refusal !== null) return refusal
    memory.remember(origin, request.checkpoint)
    const signature = await cosign(request.note.text, key.vkey, key.sign, Math.floor(now() / 1000))
    return { status: 200, body: formatSignature(signature), type: 'text/plain; charset=utf-8' }
  })
}
