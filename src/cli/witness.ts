import type { AddressInfo } from 'node:net'
import { LogError } from '../log/error.ts'
import { COSIGNATURE_V1, ED25519, formatVerifierKey, parseVerifierKey, type VerifierKey } from '../log/note.ts'
import { CliError, type Command, FINE, needed, readArguments, readText } from './io.ts'
import { readSecretKey } from './keys.ts'
import { addCheckpoint, Memory, witnessServer } from './witness-server.ts'

/** Serves until SIGINT or SIGTERM. */
export const witness: Command = async (args, io) => {
  const { values } = readArguments(args, {
    key: { type: 'string' },
    state: { type: 'string' },
    log: { type: 'string', multiple: true },
    port: { type: 'string', default: '7337' },
    host: { type: 'string', default: '127.0.0.1' },
  })
  const file = needed(values.key, '--key')
  const key = await readSecretKey(readText(file), COSIGNATURE_V1)
  if (key === null) throw new CliError(`${file}: not the key of a witness (make one with: tousu keys witness)`)
  const logs = readLogs(values.log ?? [])
  const port = readPort(values.port)
  const memory = Memory.open(needed(values.state, '--state'))
  const server = witnessServer(body => addCheckpoint(body, { key, logs, memory, now: io.now }))
  try {
    await listening(server, port, values.host)
    io.out(`witness ${formatVerifierKey(key.vkey)}`)
    for (const { name } of logs) io.out(`watches ${name}, ${memory.last(name).size} leaves so far`)
    // Without its state a witness begins anew, and would cosign a fork of what it saw before.
    if (memory.origins.length === 0) io.out(`${values.state} holds nothing yet: this witness has seen no checkpoint`)
    io.out(`listens on http://${values.host}:${(server.address() as AddressInfo).port}/add-checkpoint`)
    await stopped()
    return FINE
  } finally {
    server.close()
    server.closeAllConnections()
    memory.close()
  }
}

const readLogs = (vkeys: readonly string[]): VerifierKey[] => {
  if (vkeys.length === 0) throw new CliError('--log is missing: give the verifier key of each log to watch')
  return vkeys.map(text => {
    try {
      const key = parseVerifierKey(text)
      if (key.type === ED25519) return key
    } catch (error) {
      if (!(error instanceof LogError)) throw error
    }
    throw new CliError('--log: not the verifier key of a log')
  })
}

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new CliError('--port is not a port number')
  return port
}

const listening = (server: ReturnType<typeof witnessServer>, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', () => reject(new CliError(`cannot listen on ${host}, port ${port}`)))
    server.listen(port, host, resolve)
  })

const stopped = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
