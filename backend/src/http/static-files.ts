import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { OctoError } from '@octo/protocol'
import { assetHeaders, pageHeaders } from '../gate/index.ts'
import { errorCode } from '../lib/error-code.ts'
import { type Exchange, setHeaders } from './exchange.ts'

/** Names with a hash of the content in them never change it. */
const HASHED = /-[\w-]{8,}\.\w+$/u
/** A new build is looked for at most this often, and only when something is missing. */
const RESCAN_MS = 1_000

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const

type Files = ReadonlyMap<string, string>

/**
 * Serves the built interface. What it serves is looked up in a list of what is there, so no path leads out of the folder;
 * a path without a dot that is nothing else is a page of the interface, and so is the address of a user's file.
 */
export class StaticFiles {
  readonly #folder: string
  #files: Files = new Map()
  #scannedAt = -Infinity

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws OctoError `not_found` if there is no such file, `unsupported` for anything but reading */
  async serve(exchange: Exchange): Promise<void> {
    const { method } = exchange.request
    if (method !== 'GET' && method !== 'HEAD') throw new OctoError('unsupported', 'This can only be read.')
    const name = await this.#find(exchange.path)
    try {
      await this.#send(exchange, name)
    } catch (error) {
      // A build that was replaced meanwhile: the next request finds the new one.
      if (errorCode(error) === 'ENOENT') this.#scannedAt = -Infinity
      throw error
    }
  }

  async #find(path: string): Promise<string> {
    const wanted = isPage(path) ? '/index.html' : path
    if (!this.#files.has(wanted)) await this.#scan()
    if (this.#files.has(wanted)) return wanted
    if (wanted === '/index.html') {
      throw new OctoError('not_found', 'The web interface is not built: run ./setup.sh build, then reload.')
    }
    throw new OctoError('not_found', 'There is nothing at this address.')
  }

  async #scan(): Promise<void> {
    if (performance.now() - this.#scannedAt < RESCAN_MS) return
    this.#scannedAt = performance.now()
    this.#files = await listFiles(this.#folder)
  }

  async #send({ request, response }: Exchange, name: string): Promise<void> {
    const { file, encoding } = this.#encoded(name, request.headers['accept-encoding'])
    const { size, mtimeMs } = await stat(file)
    const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
    setHeaders(response, isAsset(name) ? assetHeaders : pageHeaders)
    response.setHeader('cache-control', HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache')
    response.setHeader('vary', 'accept-encoding')
    response.setHeader('etag', etag)
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end()
      return
    }
    if (encoding !== null) response.setHeader('content-encoding', encoding)
    response.writeHead(200, { 'content-type': typeOf(name), 'content-length': size })
    if (request.method === 'HEAD') response.end()
    else await sendFile(file, response)
  }

  #encoded(name: string, accepted: string | undefined) {
    const asked = new Set(accepted?.split(',').map((part) => part.split(';')[0]?.trim().toLowerCase()))
    const encoding = ENCODINGS.find((each) => asked.has(each.name) && this.#files.has(name + each.suffix))
    const file = this.#files.get(name + (encoding?.suffix ?? '')) ?? ''
    return { file, encoding: encoding?.name ?? null }
  }
}

/** What a page loads, and nobody opens by itself. */
function isAsset(name: string): boolean {
  return HASHED.test(name) && !/worker/iu.test(name)
}

/** The addresses of a user's files end as those files do. */
function isPage(path: string): boolean {
  return path === '/' || path.startsWith('/file/') || !path.includes('.')
}

function typeOf(name: string): string {
  return TYPES[extname(name)] ?? 'application/octet-stream'
}

async function sendFile(file: string, response: ServerResponse): Promise<void> {
  try {
    await pipeline(createReadStream(file), response)
  } catch (error) {
    // The browser went away, which is its right.
    if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

async function listFiles(folder: string): Promise<Files> {
  const files = new Map<string, string>()
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const file = join(entry.parentPath, entry.name)
      files.set(file.slice(folder.length).replaceAll('\\', '/'), file)
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  return files
}
