import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context, Hono } from 'hono'
import type { HttpEnv } from './http-env.ts'

/** Where the build puts the interface. */
const APP = fileURLToPath(new URL('../../frontend/dist/app', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

interface StaticFile {
  readonly path: string
  readonly type: string
  readonly brotli: boolean
  /** Its name changes with its content. */
  readonly immutable: boolean
}

/**
 * Serves the interface. The files are listed once, at the start, so that no path of a request ever reaches the disk;
 * every other address without a dot is a place inside the interface and gets its page.
 */
export function staticFiles(app: Hono<HttpEnv>): void {
  const files = listFiles(APP)
  app.get('*', (context) => {
    const { path } = context.req
    const file =
      files.get(path) ?? (path.includes('.') || path.startsWith('/api/') ? undefined : files.get('/index.html'))
    return file === undefined ? context.notFound() : serve(context, file)
  })
}

function listFiles(root: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(join(root, 'index.html'))) {
    throw new Error(`the interface is not built: ${root} has no index.html; run ./setup.sh build`)
  }
  const files = new Map<string, StaticFile>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const type = TYPES[extname(path)]
    if (!entry.isFile() || type === undefined) continue
    const name = path.slice(root.length)
    files.set(name, { path, type, brotli: existsSync(`${path}.br`), immutable: name.startsWith('/assets/') })
  }
  return files
}

function serve(context: Context<HttpEnv>, file: StaticFile): Response {
  const compressed = file.brotli && (context.req.header('accept-encoding') ?? '').includes('br')
  const path = compressed ? `${file.path}.br` : file.path
  context.header('content-type', file.type)
  context.header('vary', 'accept-encoding')
  context.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (compressed) context.header('content-encoding', 'br')
  if (file.path.endsWith('index.html')) return context.body(readFileSync(path))
  context.header('content-length', String(statSync(path).size))
  return context.body(ReadableStream.from(createReadStream(path)) as ReadableStream)
}
