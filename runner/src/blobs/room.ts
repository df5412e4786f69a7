import { Readable } from 'node:stream'
import { rm } from 'node:fs/promises'
import { BlobId, type BlobRef, OctoError } from '@octo/protocol'
import type { Context, Hono } from 'hono'
import type { Log } from '../lib/log.ts'
import type { HttpContext, Room } from '../wire/room.ts'
import { BlobFiles } from './blob-files.ts'
import { isRasterImage } from './media-type.ts'
import { parseRange } from '../lib/range.ts'

/** An upload is referred to by a prompt soon after; what nobody refers to for this long never will be. */
const UNUSED_KEPT_MS = 86_400_000

export interface BlobsRoomOptions {
  /** The folder of the blobs. */
  readonly folder: string
  readonly log: Log
  readonly store: {
    /** Every hash that items and sessions mention. */
    mentionedHashes(): Promise<ReadonlySet<string>>
  }
}

/** What other rooms can do with blobs. */
export interface Blobs {
  /**
   * Stores bytes, or text as UTF-8.
   * @throws OctoError `too_large`, `no_space`
   */
  put(content: Uint8Array | string): Promise<BlobRef>
  /** The whole of a blob. @throws OctoError `not_found` */
  read(id: BlobId): Promise<Buffer>
  /** What a blob is. @throws OctoError `not_found` */
  describe(id: BlobId): Promise<BlobRef>
  /** Where its bytes lie, for a program that reads them itself. */
  path(id: BlobId): string
}

export interface BlobsRoom extends Room<'blobs'>, Blobs {
  /** Removes blobs that nothing refers to any more. @returns how many */
  sweep(): Promise<number>
}

export function createBlobsRoom({ folder, log, store }: BlobsRoomOptions): BlobsRoom {
  const files = new BlobFiles(folder)
  return {
    methods: {},
    routes: (app) => addRoutes(app, files),
    put: (content) => files.put([typeof content === 'string' ? Buffer.from(content) : content]),
    describe: (id) => files.describe(id),
    path: (id) => files.path(id),
    async read(id) {
      await using file = await files.open(id)
      return await file.readFile()
    },
    async sweep() {
      const time = Date.now() - UNUSED_KEPT_MS
      const { blobs, drafts } = await files.olderThan(time)
      for (const draft of drafts) await rm(draft, { force: true })
      if (blobs.length === 0) return 0
      const mentioned = await store.mentionedHashes()
      let removed = 0
      for (const id of blobs) if (!mentioned.has(id) && (await files.removeIfOlder(id, time))) removed += 1
      log.info('blobs.swept', { removed, looked: blobs.length })
      return removed
    },
    async close() {},
  }
}

function addRoutes(app: Hono<HttpContext>, files: BlobFiles): void {
  app.post('/api/blobs', async (context) => context.json(await files.put(context.req.raw.body ?? [])))
  app.get('/api/blobs/:id', (context) => serve(context, files))
}

async function serve(context: Context<HttpContext>, files: BlobFiles): Promise<Response> {
  const id = BlobId.safeParse(context.req.param('id'))
  if (!id.success) throw new OctoError('not_found', 'A blob is named by the SHA-256 of its bytes, in lower-case hex.')
  const { bytes, type } = await files.describe(id.data)
  const etag = `"${id.data}"`
  const headers: Record<string, string> = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=31536000, immutable',
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    ...(!isRasterImage(type) && { 'content-disposition': 'attachment' }),
  }
  if (context.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers })
  const range = parseRange(context.req.header('range'), bytes)
  if (range === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${bytes}` } })
  }
  const { first, last } = range ?? { first: 0, last: bytes - 1 }
  headers['content-length'] = String(last - first + 1)
  if (range !== null) headers['content-range'] = `bytes ${first}-${last}/${bytes}`
  const body = context.req.method === 'HEAD' || last < first ? null : await streamOf(files, id.data, { first, last })
  return new Response(body, { status: range === null ? 200 : 206, headers })
}

async function streamOf(files: BlobFiles, id: BlobId, range: { first: number; last: number }): Promise<ReadableStream> {
  const file = await files.open(id)
  const stream = file.createReadStream({ start: range.first, end: range.last })
  // The types of Node's web streams and of fetch differ in name only.
  return Readable.toWeb(stream) as ReadableStream
}
