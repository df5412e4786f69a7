import type { WorkspaceId } from '@octo/protocol'
import { perMux, toOctoError } from '../../mux/index.ts'
import { uploadFile } from '../content-api.ts'
import { UploadQueue } from './upload-queue.ts'

/** The uploads into each workspace; they go on when the view that began them is closed. */
export const uploadQueue = perMux((mux) => {
  const queues = new Map<WorkspaceId, UploadQueue>()
  return (workspace: WorkspaceId): UploadQueue => {
    const known = queues.get(workspace)
    if (known !== undefined) return known
    const queue = new UploadQueue({
      etagOf: async (path, signal) => {
        try {
          return (await mux.query('files.stat', { workspace, path }, { signal })).etag
        } catch (error) {
          const failure = toOctoError(error)
          if (failure.code === 'not_found') return null
          throw failure
        }
      },
      send: ({ path, file }, { etag, signal, onProgress }) =>
        uploadFile({ workspace, path }, file, { condition: { etag }, signal, onProgress }),
    })
    queues.set(workspace, queue)
    return queue
  }
})
