import { once } from 'node:events'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { MAX_FILE_BYTES, MAX_FILES } from '../../src/files/store.ts'
import { bytes, PDF } from '../routes/uploads.ts'
import { serve } from '../support/serve.ts'
import { useServer } from '../support/server.ts'

const house = useServer()

/** The most that this process ever took, in bytes. */
const mostRoom = () => process.resourceUsage().maxRSS * 1024

const PIECE = new Uint8Array(64 * 1024)

/** A part of the form whose file is as large as one may be, and like no other. */
function* filePart(n: number): Generator<Uint8Array, undefined> {
  yield bytes(`--x\r\nContent-Disposition: form-data; name="files"; filename="${n}.pdf"\r\n\r\n`)
  const start = bytes(`${String.fromCharCode(...PDF.subarray(0, 9))}${n}\n`)
  yield start
  for (let left = MAX_FILE_BYTES - start.length - 5; left > 0; left -= PIECE.length) yield PIECE.subarray(0, left)
  yield bytes('%%EOF\r\n')
}

test('an upload of ten files takes the memory of a few files, not of its body', async () => {
  const { server, origin } = await serve({ fetch: request => house.door.app.fetch(request) })
  const { room } = await house.submit()
  const before = mostRoom()
  const sent = request(`${origin}${room}/evidence`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=x', Accept: 'application/json' },
  })
  const reply = once(sent, 'response')
  for (let n = 0; n < MAX_FILES; n++) for (const piece of filePart(n)) if (!sent.write(piece)) await once(sent, 'drain')
  sent.end(bytes('--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nten contracts\r\n--x--\r\n'))
  const [response] = await reply
  expect(response.statusCode).toBe(201)
  response.resume()
  // The body alone is 105 MB; read as a whole it took 611 MB.
  expect(mostRoom() - before).toBeLessThan(160_000_000)
  server.close()
})
