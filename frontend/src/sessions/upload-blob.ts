import type { BlobRef } from '@octo/protocol'
import { sendFile } from '../mux/index.ts'

export interface UploadOptions {
  readonly signal: AbortSignal
  /** From 0 to 1. */
  readonly onProgress: (share: number) => void
}

/**
 * Stores a file as a blob.
 * @throws OctoError what the server answered; `runner_unavailable` if it cannot be reached; `cancelled` on abort
 */
export function uploadBlob(file: File, options: UploadOptions): Promise<BlobRef> {
  return sendFile<BlobRef>({ method: 'POST', path: '/api/blobs', body: file, headers: {}, ...options })
}
