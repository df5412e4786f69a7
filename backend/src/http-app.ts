import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { describeProtocol, MAX_FRAME_BYTES, methodFacts, OctoError, parseJson, toErrorBody } from '@octo/protocol'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AccessTokens } from './accounts/access-token.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { Authenticator, Caller } from './accounts/authenticate.ts'
import type { Logins } from './accounts/logins.ts'
import { accountRoutes } from './accounts/routes.ts'
import type { Addresses } from './gate/addresses.ts'
import { admit } from './gate/gate.ts'
import { SECURITY_HEADERS } from './gate/headers.ts'
import type { HttpEnv } from './http-env.ts'
import type { Log } from './lib/log.ts'
import { version } from './lib/version.ts'
import { requireRole } from './mux/browser-socket.ts'
import type { Methods } from './mux/methods.ts'
import { forward } from './runners/forward.ts'
import { LOCAL, type Runners } from './runners/registry.ts'
import { staticFiles } from './static-files.ts'

export interface HttpParts {
  readonly addresses: Addresses
  readonly accounts: Accounts
  readonly logins: Logins
  readonly access: AccessTokens
  readonly authenticator: Authenticator
  readonly methods: Methods
  readonly runners: Runners
  readonly log: Log
}

/** Everything that is asked by HTTP. The gate stands before all of it. */
export function createHttpApp(parts: HttpParts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.onError((error, context) => {
    if (!(error instanceof OctoError)) parts.log.error('http.failed', { path: context.req.path, error })
    return failure(context, error)
  })
  app.notFound((context) => failure(context, new OctoError('not_found', `There is nothing at ${context.req.path}.`)))

  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value)
    const { incoming } = context.env
    const credentials = admit(
      { method: context.req.method, headers: incoming.headers, upgrade: false },
      parts.addresses,
    )
    let caller: Promise<Caller> | null = null
    context.set('address', incoming.socket.remoteAddress ?? '')
    context.set('caller', () => (caller ??= parts.authenticator.authenticate(credentials, incoming.headers.cookie)))
    await next()
  })

  app.get('/api/health', async (context) => {
    return context.json({ ok: true, version, setup: await parts.accounts.needsSetup() })
  })
  app.get('/api/protocol', (context) => context.json(describeProtocol()))
  const small = bodyLimit({
    maxSize: MAX_FRAME_BYTES,
    onError: () => {
      throw new OctoError('too_large', `A call may have ${MAX_FRAME_BYTES} bytes at most.`)
    },
  })
  app.use('/api/accounts/*', small)
  accountRoutes(app, parts)
  calls(app, parts)
  for (const path of ['/api/files/*', '/api/blobs', '/api/blobs/*']) {
    app.all(path, async (context) => passOn(context, parts, await memberOf(context)))
  }
  staticFiles(app)
  return app
}

/** `POST /api/call/ROOM.verb`: any method as one request. */
function calls(app: Hono<HttpEnv>, parts: HttpParts): void {
  app.post('/api/call/:method', async (context) => {
    const caller = await context.var.caller()
    const facts = methodFacts(context.req.param('method'))
    if (facts === undefined)
      throw new OctoError('unknown_method', `There is no method "${context.req.param('method')}".`)
    requireRole(caller.user, facts)
    if (facts.side === 'runner') return passOn(context, parts, caller)
    const text = await readSmall(context.env.incoming)
    const params = text === '' ? {} : parseJson(text)
    return context.json({ result: (await parts.methods.call(facts.name, params, caller)) as object })
  })
}

async function memberOf(context: Context<HttpEnv>): Promise<Caller> {
  const caller = await context.var.caller()
  if (caller.user.role === 'viewer') throw new OctoError('forbidden', 'A viewer has no files of their own.')
  return caller
}

async function passOn(context: Context<HttpEnv>, { runners }: HttpParts, { user }: Caller): Promise<Response> {
  const runner = await runners.find(user, LOCAL)
  const { incoming, outgoing } = context.env
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) outgoing.setHeader(name, value)
  forward(incoming, outgoing, { runner, user, onLost: () => runners.lost(user, runner) })
  return RESPONSE_ALREADY_SENT
}

async function readSmall(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MAX_FRAME_BYTES) throw new OctoError('too_large', `A call may have ${MAX_FRAME_BYTES} bytes at most.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function failure(context: Context, error: unknown): Response {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value)
  const status = error instanceof OctoError ? error.status : 500
  return context.json({ error: toErrorBody(error) }, status as ContentfulStatusCode)
}
