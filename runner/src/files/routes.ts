import {
  ArchiveQuery,
  COMMAND_HEADER,
  ContentQuery,
  type FileStat,
  issueText,
  OctoError,
  type Workspace,
  type WorkspaceId,
} from '@octo/protocol'
import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import type { Log } from '../lib/log.ts'
import type { HttpContext } from '../wire/room.ts'
import { archiveFolder } from './archive.ts'
import { onPath } from './faults.ts'
import { nameOf, Root } from './place.ts'
import { parseCondition, type SaveTools, saveContent } from './save-content.ts'
import { contentDisposition, serveContent } from './serve-content.ts'
import { Upload } from './upload.ts'

interface RouteTools {
  readonly resolve: (id: WorkspaceId) => Promise<Workspace>
  readonly tools: SaveTools
  readonly log: Log
}

/** Adds the routes for contents and archives. */
export function addRoutes(app: Hono<HttpContext>, { resolve, tools, log }: RouteTools): void {
  app.get('/api/files/content', async (context) => {
    const { workspace, path, download } = parseQuery(context, ContentQuery)
    const { path: folder } = await resolve(workspace)
    return onPath(path, async () => {
      await using root = await Root.open(folder)
      return await serveContent(root, {
        path,
        download: download !== undefined,
        headersOnly: context.req.raw.method === 'HEAD',
        headers: context.req.raw.headers,
      })
    })
  })

  app.put('/api/files/content', async (context) => {
    const upload = new Upload(context.req.raw.body)
    try {
      const stat = await save(context, upload)
      return context.json(stat, 200, { etag: stat.etag })
    } catch (error) {
      await upload.discard()
      throw error
    }
  })

  async function save(context: Context<HttpContext>, upload: Upload): Promise<FileStat> {
    const { workspace, path } = parseQuery(context, ContentQuery)
    const condition = parseCondition(context.req.raw.headers)
    const { path: folder } = await resolve(workspace)
    return onPath(path, async () => {
      await using root = await Root.open(folder)
      const identified = context.req.header(COMMAND_HEADER) !== undefined
      return await saveContent(root, { workspace, path, condition, upload, identified, once: context.var.once }, tools)
    })
  }

  app.get('/api/files/archive', async (context) => {
    const { workspace, path } = parseQuery(context, ArchiveQuery)
    const { path: base, name } = await resolve(workspace)
    return onPath(path, async () => {
      await using root = await Root.open(base)
      const folder = await root.openFolder(path)
      return new Response(archiveFolder(folder, log), {
        headers: {
          'content-type': 'application/zip',
          'content-disposition': contentDisposition('attachment', `${path === '' ? name : nameOf(path)}.zip`),
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        },
      })
    })
  })
}

/** @throws OctoError `bad_request` that says what in the query is wrong */
function parseQuery<Query extends z.ZodType>(context: Context<HttpContext>, schema: Query): z.output<Query> {
  const parsed = schema.safeParse(context.req.query())
  if (!parsed.success) throw new OctoError('bad_request', issueText(parsed.error))
  return parsed.data
}
