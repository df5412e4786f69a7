import { normalize } from 'node:path'
import {
  type BlobId,
  type BlobRef,
  type FilePart,
  type ImagePart,
  OctoError,
  type PromptInput,
  type TextPart,
} from '@octo/protocol'
import type { AgentPrompt } from '../agents/index.ts'
import { condenseText, type NewBlobs } from './condense.ts'

/** What a prompt consists of, in an item or in the queue. */
export type PromptPart = TextPart | ImagePart | FilePart

/** What agents can be shown. */
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** All images of a prompt together: they travel to the agent as one line. */
const MAX_IMAGE_BYTES = 30 * 1_048_576

const MAX_TITLE_CHARS = 80

export interface PromptBlobs {
  describe(id: BlobId): Promise<BlobRef>
  read(id: BlobId): Promise<Buffer>
  put(content: Uint8Array | string): Promise<BlobRef>
}

/** A prompt as it was sent: small enough to keep, and the text as it is. */
export interface ReadPrompt {
  readonly parts: readonly PromptPart[]
  readonly text: string
}

/**
 * Reads a prompt: its attachments are looked at, and a long text becomes an excerpt and a blob, which is stored.
 * @param maxTextBytes beyond it the text becomes a blob
 * @throws OctoError `bad_request` if it is empty, `not_found` for an unknown attachment, `unsupported` for one that agents
 *   cannot be shown, `path_outside` for a file outside the workspace, `too_large` for too many images
 */
export async function readPrompt(input: PromptInput, blobs: PromptBlobs, maxTextBytes?: number): Promise<ReadPrompt> {
  const attachments = await Promise.all(
    (input.attachments ?? []).map((attachment) => readAttachment(attachment, blobs)),
  )
  if (input.text.trim() === '' && attachments.length === 0) {
    throw new OctoError('bad_request', 'The prompt is empty. Write something, or attach a file.')
  }
  const bytes = attachments.reduce((sum, part) => sum + (part.type === 'image' ? part.blob.bytes : 0), 0)
  if (bytes > MAX_IMAGE_BYTES) {
    throw new OctoError('too_large', `The images of a prompt may have ${MAX_IMAGE_BYTES / 1_048_576} MB together.`)
  }
  const { part, blobs: added } = condenseText(input.text, maxTextBytes)
  await storeAll(added, blobs)
  const text: PromptPart[] = input.text === '' ? [] : [{ ...part, rev: 0 }]
  return { parts: [...text, ...attachments], text: input.text }
}

/**
 * What the agent is given for a prompt.
 * @throws OctoError `not_found` if an attachment is gone
 */
export async function toAgentPrompt(parts: readonly PromptPart[], blobs: PromptBlobs): Promise<AgentPrompt> {
  const texts: string[] = []
  const paths: string[] = []
  const images: { data: Buffer; mediaType: string }[] = []
  for (const part of parts) {
    switch (part.type) {
      case 'text':
        texts.push(part.blob === undefined ? part.text : (await blobs.read(part.blob.id)).toString('utf8'))
        break
      case 'image':
        images.push({ data: await blobs.read(part.blob.id), mediaType: part.blob.type })
        break
      case 'file':
        paths.push(`@${part.path}`)
    }
  }
  const references = paths.length === 0 ? [] : [paths.join('\n')]
  return { text: [...texts, ...references].join('\n\n'), images }
}

/** The first line of a prompt, as the title of its session. */
export function titleOf(text: string): string | null {
  const line = text
    .split('\n')
    .map((each) => each.trim())
    .find((each) => each !== '')
  if (line === undefined) return null
  return line.length > MAX_TITLE_CHARS ? `${line.slice(0, MAX_TITLE_CHARS - 1).toWellFormed()}…` : line
}

export function hasImages(parts: readonly PromptPart[]): boolean {
  return parts.some((part) => part.type === 'image')
}

type Attachment = NonNullable<PromptInput['attachments']>[number]

async function readAttachment(attachment: Attachment, blobs: PromptBlobs): Promise<ImagePart | FilePart> {
  if (attachment.type === 'file') return { type: 'file', path: insidePath(attachment.path) }
  const blob = await blobs.describe(attachment.blob)
  if (!IMAGE_TYPES.has(blob.type)) {
    const name = attachment.name ?? 'This attachment'
    throw new OctoError('unsupported', `${name} is no image. Put the file into the workspace and refer to it with @.`)
  }
  return { type: 'image', blob, ...(attachment.name !== undefined && { name: attachment.name }) }
}

function insidePath(path: string): string {
  const normal = normalize(path)
  if (normal.startsWith('/') || normal === '..' || normal.startsWith('../') || path.includes('\0')) {
    throw new OctoError('path_outside', `${path} is not in the workspace. Refer to files by their path inside it.`)
  }
  return normal
}

async function storeAll(added: NewBlobs, blobs: PromptBlobs): Promise<void> {
  for (const bytes of added.values()) await blobs.put(bytes)
}
