import type { FileStat, WorkspaceId } from '@octo/protocol'
import { OctoError, randomId } from '@octo/protocol/client'
import { fetchApi, sendFile } from '../mux/index.ts'

/** Where the content of a file is served. @param forSaving has browsers save it rather than show it */
export function contentUrl(workspace: WorkspaceId, path: string, forSaving = false): string {
  const query = new URLSearchParams({ workspace, path, ...(forSaving ? { download: '1' } : {}) })
  return `/api/files/content?${query.toString()}`
}

/** Where a folder is served as a zip archive. */
export function archiveUrl(workspace: WorkspaceId, path: string): string {
  return `/api/files/archive?${new URLSearchParams({ workspace, path }).toString()}`
}

/** Has the browser save what an address serves. */
export function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

export interface TextContent {
  readonly text: string
  readonly etag: string
}

/**
 * Reads a whole text.
 * @throws OctoError as the route answers; `cancelled` on abort
 */
export async function readText(workspace: WorkspaceId, path: string, signal: AbortSignal): Promise<TextContent> {
  const answer = await fetchApi(contentUrl(workspace, path), { signal })
  // A byte order mark is part of the file: it must be there again when the file is saved.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await bytesOf(answer, signal))
  return { text, etag: answer.headers.get('etag') ?? '' }
}

/** As much of a text as any screen shows. */
const BEGINNING_BYTES = 32_768

/** Reads what of a text fits a screen. */
export async function readBeginning(at: FileAt): Promise<string> {
  const { bytes } = await readPart(at, { start: 0, end: BEGINNING_BYTES }, new AbortController().signal)
  return new TextDecoder().decode(bytes, { stream: true })
}

/** Names a file. */
export interface FileAt {
  readonly workspace: WorkspaceId
  readonly path: string
}

export interface BytePart {
  readonly bytes: Uint8Array
  /** The size of the whole file now. */
  readonly total: number
  readonly etag: string
}

/** Reads the bytes from `start` to before `end`, or to the end of the file. */
export async function readPart(
  { workspace, path }: FileAt,
  { start, end }: { readonly start: number; readonly end: number },
  signal: AbortSignal,
): Promise<BytePart> {
  const headers = { range: `bytes=${start}-${end - 1}` }
  const answer = await fetchApi(contentUrl(workspace, path), { headers, signal })
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? 0)
  return { bytes: await bytesOf(answer, signal), total, etag: answer.headers.get('etag') ?? '' }
}

async function bytesOf(answer: Response, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return new Uint8Array(await answer.arrayBuffer())
  } catch (error) {
    if (signal.aborted) throw new OctoError('cancelled', 'This was given up.', { cause: error })
    throw new OctoError('runner_unavailable', 'The file could not be read to its end. Try again.', { cause: error })
  }
}

/** What must hold for a save: the file is the one with this ETag, or there is none. */
export type SaveCondition = { readonly etag: string } | { readonly etag: null }

function saveHeaders({ etag }: SaveCondition): Record<string, string> {
  const condition: Record<string, string> = etag === null ? { 'if-none-match': '*' } : { 'if-match': etag }
  return { ...condition, 'idempotency-key': randomId('cmd') }
}

/**
 * Saves a text.
 * @throws OctoError `stale_write` if the condition does not hold, with the present `etag` as detail
 */
export async function saveText({ workspace, path }: FileAt, text: string, condition: SaveCondition): Promise<FileStat> {
  const headers = { ...saveHeaders(condition), 'content-type': 'text/plain; charset=utf-8' }
  const answer = await fetchApi(contentUrl(workspace, path), { method: 'PUT', headers, body: text })
  return (await answer.json()) as FileStat
}

export interface UploadOptions {
  readonly condition: SaveCondition
  readonly signal: AbortSignal
  readonly onProgress: (share: number) => void
}

/** Uploads a file of this computer; errors as with {@link saveText}, and `cancelled` on abort. */
export async function uploadFile(
  { workspace, path }: FileAt,
  file: Blob,
  { condition, signal, onProgress }: UploadOptions,
): Promise<FileStat> {
  const headers = saveHeaders(condition)
  return sendFile<FileStat>({
    method: 'PUT',
    path: contentUrl(workspace, path),
    body: file,
    headers,
    signal,
    onProgress,
  })
}

/** The ETag a refused save was told of: null if the file is gone; undefined if the refusal was another. */
export function staleEtag(error: OctoError): string | null | undefined {
  if (error.code !== 'stale_write') return undefined
  const etag = error.details?.['etag']
  return typeof etag === 'string' ? etag : null
}
