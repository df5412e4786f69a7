import { z } from 'zod'
import { room } from './define.ts'
import { BlobId } from './ids.ts'

/** Bytes kept beside a session: attachments of prompts, large outputs, images. */
export const BlobRef = z.object({
  id: BlobId,
  bytes: z.number().int().nonnegative(),
  /** Media type, sniffed from the bytes where possible. */
  type: z.string(),
})
export type BlobRef = z.infer<typeof BlobRef>

export const blobs = room('blobs', {
  side: 'runner',
  role: 'member',
  methods: {},
  notifications: {},
  routes: [
    {
      method: 'POST',
      path: '/api/blobs',
      about: 'Stores the body and answers its id; storing the same bytes again is the same blob.',
      side: 'runner',
      role: 'member',
      output: BlobRef,
    },
    {
      method: 'GET',
      path: '/api/blobs/:id',
      about: 'The bytes of a blob; knows Range.',
      side: 'runner',
      role: 'member',
    },
  ],
})
