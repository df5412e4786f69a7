import {
  ACTOR_HEADER,
  COMMAND_HEADER,
  CommandId,
  MAX_FRAME_BYTES,
  OctoError,
  parseJson,
  PROTOCOL_VERSION,
  type Epoch,
  type RunnerCounts,
  type RunnerHealth,
  toErrorBody,
} from '@octo/protocol'
import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Log } from '../lib/log.ts'
import { readActor } from './actor.ts'
import type { AnyRoom, Dispatcher } from './dispatcher.ts'
import { fingerprint, type Ledger } from './ledger.ts'
import type { HttpContext, Once } from './room.ts'

/** What this process is, for `GET /api/health`. */
export interface RunnerIdentity {
  readonly version: string
  /** Made anew by each process, so that whoever sees another one knows to reopen what it had. */
  readonly epoch: Epoch
  readonly startedAt: number
}

interface HttpOptions {
  readonly rooms: readonly AnyRoom[]
  readonly dispatcher: Dispatcher
  readonly ledger: Ledger
  readonly identity: RunnerIdentity
  readonly log: Log
}

/** The HTTP side of the wire: health, calls as single requests, and the routes of the rooms. */
export function createHttp({ rooms, dispatcher, ledger, identity, log }: HttpOptions): Hono<HttpContext> {
  const app = new Hono<HttpContext>()
  app.onError((error, context) => {
    if (!(error instanceof OctoError)) log.error('wire.request_failed', { path: context.req.path, error })
    return failure(context, error)
  })
  app.notFound((context) => failure(context, new OctoError('not_found', `There is nothing at ${context.req.path}.`)))

  app.get('/api/health', (context) => context.json(health(identity, rooms)))

  app.use(async (context, next) => {
    context.set('actor', readActor(context.req.header(ACTOR_HEADER)))
    context.set('once', onceFor(context, ledger))
    await next()
  })
  app.post('/api/call/:method', async (context) => {
    const body = await readText(context.req.raw)
    const call = {
      method: context.req.param('method'),
      params: body === '' ? {} : parseJson(body),
      command: readCommandId(context),
    }
    const source = { actor: context.var.actor, signal: context.req.raw.signal }
    return context.json({ result: await dispatcher.call(call, source) })
  })
  for (const room of rooms) room.routes?.(app)
  return app
}

function health({ version, epoch, startedAt }: RunnerIdentity, rooms: readonly AnyRoom[]): RunnerHealth {
  const counts: RunnerCounts = { sessions: 0, working: 0, terminals: 0, workspaces: 0 }
  for (const room of rooms) Object.assign(counts, room.counts?.())
  return {
    ok: true,
    version,
    protocol: PROTOCOL_VERSION,
    epoch,
    pid: process.pid,
    startedAt,
    memoryBytes: process.memoryUsage.rss(),
    counts,
  }
}

function failure(context: Context, error: unknown): Response {
  const status = error instanceof OctoError ? error.status : 500
  return context.json({ error: toErrorBody(error) }, status as ContentfulStatusCode)
}

function onceFor(context: Context, ledger: Ledger): Once {
  return async (asked, run) => {
    const command = readCommandId(context)
    if (command === undefined) return run()
    const method = `${context.req.method} ${context.req.path}`
    const { user } = (context as Context<HttpContext>).var.actor
    const digest = fingerprint(method, asked)
    return ledger.run({ user, command, method, digest }, { atomic: false, perform: run })
  }
}

/** @throws OctoError `bad_request` if there is a command id, but none that could be one */
function readCommandId(context: Context): CommandId | undefined {
  const header = context.req.header(COMMAND_HEADER)
  if (header === undefined) return undefined
  const id = CommandId.safeParse(header)
  if (!id.success) throw new OctoError('bad_request', `${COMMAND_HEADER} must be 16 to 64 letters, digits, "_" or "-".`)
  return id.data
}

/** @throws OctoError `too_large` for a body that would not fit a frame either, `malformed` if it is no UTF-8 */
async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_FRAME_BYTES) throw new OctoError('too_large', `A call may have ${MAX_FRAME_BYTES} bytes at most.`)
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new OctoError('malformed', 'The body is not UTF-8.', { cause: error })
  }
}
