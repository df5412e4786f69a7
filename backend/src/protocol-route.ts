import { describeProtocol } from '@octo/protocol'
import { type OpenHandler, setHeaders } from './http/index.ts'
import { dataHeaders } from './gate/index.ts'
import { hashSecret } from './lib/secrets.ts'

let described: { readonly body: Buffer; readonly etag: string } | null = null

/** Answers what every route, method and notification takes and gives. It is made once, when it is first asked for. */
export const protocolRoute: OpenHandler = async ({ request, response }) => {
  described ??= describe()
  setHeaders(response, dataHeaders)
  response.setHeader('etag', described.etag)
  response.setHeader('cache-control', 'no-cache')
  if (request.headers['if-none-match'] === described.etag) {
    response.writeHead(304).end()
    return
  }
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': described.body.length,
  })
  response.end(described.body)
}

function describe(): { body: Buffer; etag: string } {
  const text = JSON.stringify(describeProtocol())
  return { body: Buffer.from(text), etag: `"${hashSecret(text).slice(0, 32)}"` }
}
