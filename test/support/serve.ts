import { once } from 'node:events'
import { createAdaptorServer, type Http2Bindings, type HttpBindings, type ServerType } from '@hono/node-server'

/** An app on a free port of this machine, for a browser; the caller closes the server. */
export const serve = async (app: {
  fetch(request: Request, env?: HttpBindings | Http2Bindings): Response | Promise<Response>
}) => {
  const server: ServerType = createAdaptorServer({ fetch: app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}
