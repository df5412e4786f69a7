import type { FileHandle } from 'node:fs/promises'
import type { FileStat } from '@octo/protocol'
import { type ByteRange, parseRange } from '../lib/range.ts'
import { namesEtag } from './etag.ts'
import { nameOf, openContent, type Root } from './place.ts'
import { describeContent } from './stat-path.ts'

/**
 * What a browser may do with a file it opens as a page of its own: show it, without scripts, without our origin, without
 * reaching anything. Only a PDF may not be sandboxed, or browsers refuse to show it; it runs nothing in our origin.
 */
const PAGE_POLICY =
  "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
const PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

export interface ContentRequest {
  readonly path: string
  /** Whether the browser should save it rather than show it. */
  readonly download: boolean
  /** Whether only the headers are wanted, as HEAD does. */
  readonly headersOnly: boolean
  readonly headers: { get(name: string): string | null }
}

/**
 * Answers a GET for the content of a file: the whole, a range, or 304.
 * @throws OctoError `not_found`, `not_a_file`, `special_file`, `path_outside`
 */
export async function serveContent(root: Root, request: ContentRequest): Promise<Response> {
  await using place = await root.open(request.path)
  const content = await openContent(place, request.path)
  try {
    const stat = await describeContent(request.path, content)
    const { status, headers, range } = answerTo(request, stat)
    if (range === null || request.headersOnly) {
      await content.close()
      return new Response(null, { status, headers })
    }
    return new Response(streamOf(content, range), { status, headers })
  } catch (error) {
    await content.close()
    throw error
  }
}

type Described = Omit<FileStat, 'writable'>

interface ContentHead {
  readonly status: number
  readonly headers: Headers
  /** What to send; null for nothing. */
  readonly range: ByteRange | null
}

function answerTo(request: ContentRequest, stat: Described): ContentHead {
  const headers = describingHeaders(request, stat)
  const unchanged = request.headers.get('if-none-match')
  if (unchanged !== null && namesEtag(unchanged, stat.etag)) return { status: 304, headers, range: null }
  const range = askedRange(request, stat)
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${stat.bytes}`)
    return { status: 416, headers, range: null }
  }
  const { first, last } = range ?? { first: 0, last: stat.bytes - 1 }
  headers.set('content-length', String(last - first + 1))
  if (range !== null) headers.set('content-range', `bytes ${first}-${last}/${stat.bytes}`)
  return { status: range === null ? 200 : 206, headers, range: { first, last } }
}

/** A range counts only while the file is still the one the client has the rest of. */
function askedRange(request: ContentRequest, stat: Described): ByteRange | null | 'unsatisfiable' {
  const condition = request.headers.get('if-range')
  if (condition !== null && condition !== stat.etag) return null
  return parseRange(request.headers.get('range') ?? undefined, stat.bytes)
}

function describingHeaders(request: ContentRequest, stat: Described): Headers {
  return new Headers({
    etag: stat.etag,
    'last-modified': new Date(stat.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': stat.type.startsWith('text/') ? `${stat.type}; charset=utf-8` : stat.type,
    'content-disposition': contentDisposition(request.download ? 'attachment' : 'inline', nameOf(request.path)),
    'content-security-policy': stat.type === 'application/pdf' ? PDF_POLICY : PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
  })
}

/** Says how a browser treats an answer, and what it calls the file when it saves it. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  return `${kind}; filename*=UTF-8''${encodeURIComponent(name.toWellFormed()).replace(/['()*]/gu, escapeHex)}`
}

function escapeHex(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}

/** Read at once: large enough that calls cost little, and the most that a slow reader holds in memory. */
const READ_BYTES = 262_144

/**
 * The bytes of an open file, read as fast as they are taken; the file is closed at the end and when the reader leaves. A
 * file that is cut short meanwhile breaks the stream, so that nobody takes a part for the whole.
 */
function streamOf(content: FileHandle, { first, last }: ByteRange): ReadableStream<Uint8Array> {
  let at = first
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (at > last) {
          await content.close()
          controller.close()
          return
        }
        const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, last + 1 - at))
        const { bytesRead } = await content.read(piece, 0, piece.length, at)
        if (bytesRead === 0) {
          await content.close()
          throw new Error('The file became shorter while it was sent.')
        }
        at += bytesRead
        controller.enqueue(piece.subarray(0, bytesRead))
      },
      cancel: () => content.close(),
    },
    { highWaterMark: 0 },
  )
}
